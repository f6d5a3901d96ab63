"""The reference generator: the U-Net of pix2pix (Isola et al. 2017, 6.1.1; models.lua)."""

from collections.abc import Iterator

import keras
from keras import layers

from training.models.inputs import picture_inputs
from training.models.layers import (
    KERNEL,
    LEAK,
    InstanceNormalization,
    seed_stream,
    weight_init,
)

DROPOUT_BLOCKS = 3  # pix2pix drops out in the first three decoder blocks


def unet(*, width: int, depth: int, dropout: float, hints: bool = False, seed: int) -> keras.Model:
    """Build the generator: lineart (N, H, W, 1)[, hints (N, H, W, 4)] -> color (N, H, W, 3).

    All in [-1, 1]; H and W may be any multiples of 2^depth, where the bottleneck is 1x1.
    Differs from pix2pix, which normalises over the batch: see docs/decisions/0001-normalization.md.
    No bias stands before a normalization: it would be subtracted again.
    """
    seeds = seed_stream(seed, network="unet")
    filters = [width * min(2**level, 8) for level in range(depth)]  # 64-128-256-512-512-...
    inputs, x = picture_inputs(hints=hints)

    x = first_down_block(x, filters=filters[0], seeds=seeds)  # (N, H/2, W/2, width)
    skips = []
    for level in range(1, depth - 1):
        skips.append(x)
        x = down_block(x, filters=filters[level], level=level, seeds=seeds)  # halves H and W
    if depth > 1:
        skips.append(x)
        x = innermost_down_block(x, filters=filters[-1], seeds=seeds)  # (N, H/2^d, W/2^d, 8 width)

    for block, skip in enumerate(reversed(skips)):
        share = dropout if block < DROPOUT_BLOCKS else 0.0
        x = up_block(x, filters=skip.shape[-1], dropout=share, level=block, seeds=seeds)
        x = layers.Concatenate(name=f"skip_{block}")([x, skip])
    color = last_up_block(x, seeds=seeds)  # (N, H, W, 3)
    return keras.Model(inputs, color, name="unet")


def first_down_block(
    x: keras.KerasTensor, *, filters: int, seeds: Iterator[int]
) -> keras.KerasTensor:
    """Convolve without normalization: the first layer sees the drawing itself."""
    return layers.Conv2D(
        filters, KERNEL, 2, "same", kernel_initializer=weight_init(seeds), name="down_0_conv"
    )(x)


def down_block(
    x: keras.KerasTensor, *, filters: int, level: int, seeds: Iterator[int]
) -> keras.KerasTensor:
    """LeakyReLU, convolution, normalization."""
    x = layers.LeakyReLU(LEAK, name=f"down_{level}_act")(x)
    x = layers.Conv2D(
        filters,
        KERNEL,
        2,
        "same",
        use_bias=False,
        kernel_initializer=weight_init(seeds),
        name=f"down_{level}_conv",
    )(x)
    return InstanceNormalization(seed=next(seeds), name=f"down_{level}_norm")(x)


def innermost_down_block(
    x: keras.KerasTensor, *, filters: int, seeds: Iterator[int]
) -> keras.KerasTensor:
    """LeakyReLU and convolution; normalizing one pixel per channel would erase it."""
    x = layers.LeakyReLU(LEAK, name="innermost_act")(x)
    return layers.Conv2D(
        filters, KERNEL, 2, "same", kernel_initializer=weight_init(seeds), name="innermost_conv"
    )(x)


def up_block(
    x: keras.KerasTensor, *, filters: int, dropout: float, level: int, seeds: Iterator[int]
) -> keras.KerasTensor:
    """ReLU, transposed convolution, normalization, dropout while training."""
    x = layers.ReLU(name=f"up_{level}_act")(x)
    x = layers.Conv2DTranspose(
        filters,
        KERNEL,
        2,
        "same",
        use_bias=False,
        kernel_initializer=weight_init(seeds),
        name=f"up_{level}_conv",
    )(x)
    x = InstanceNormalization(seed=next(seeds), name=f"up_{level}_norm")(x)
    if dropout > 0:
        # Differs from pix2pix: off at inference, since an app needs repeatable pictures.
        x = layers.Dropout(dropout, seed=next(seeds), name=f"up_{level}_dropout")(x)
    return x


def last_up_block(x: keras.KerasTensor, *, seeds: Iterator[int]) -> keras.KerasTensor:
    """ReLU, transposed convolution to RGB, tanh (in float32 under mixed precision)."""
    x = layers.ReLU(name="last_act")(x)
    x = layers.Conv2DTranspose(
        3, KERNEL, 2, "same", kernel_initializer=weight_init(seeds), name="last_conv"
    )(x)
    return layers.Activation("tanh", dtype="float32", name="color")(x)
