"""The U-Net of pix2pix as a self-normalising network: SELU and no normalization layers.

Klambauer et al. 2017. Layers and skips are those of training/models/unet.py; what differs is what
a network without normalization depends on: standardised inputs, weights that keep the variance
at 1, and a calm output layer. docs/decisions/0011-wgan-gp-and-selu.md says what each is worth.
"""

from collections.abc import Iterator

import keras
from keras import layers

from training.models.initializers import KernelInit, down_taps, up_taps
from training.models.inputs import picture_inputs
from training.models.layers import KERNEL, seed_stream
from training.models.standardize import UNCHANGED, PictureStatistics, Standardize
from training.models.unet import DROPOUT_BLOCKS


def selu_unet(
    *,
    width: int,
    depth: int,
    size: int,
    dropout: float,
    hints: bool = False,
    seed: int,
    init: KernelInit,
    output_init: KernelInit,
    statistics: PictureStatistics = UNCHANGED,
) -> keras.Model:
    """Build the generator: lineart (N, H, W, 1)[, hints (N, H, W, 4)] -> color (N, H, W, 3).

    All in [-1, 1]; H and W may be any multiples of 2^depth; `size` is where the weights begin with
    variance 1: how many taps of a small layer fall on padding depends on it.
    dropout: alpha dropout.
    """
    seeds = seed_stream(seed, network="selu unet")
    filters = [width * min(2**level, 8) for level in range(depth)]  # 64-128-256-512-512-...
    inputs, x = picture_inputs(hints=hints)

    # Hints are 0 but for a few places: they are not standardised.
    plain = x.shape[-1] - 1
    mean, deviation = (
        statistics.mean[:1] + plain * (0.0,),
        statistics.deviation[:1] + plain * (1.0,),
    )
    x = Standardize(mean, deviation, name="standardize")(x)
    x = down_conv(x, filters=filters[0], level=0, side=size, init=init, seeds=seeds)
    skips = []
    for level in range(1, depth):
        skips.append(x)
        side = size // 2**level
        x = layers.Activation("selu", name=f"down_{level}_act")(x)
        x = down_conv(x, filters=filters[level], level=level, side=side, init=init, seeds=seeds)

    for block, skip in enumerate(reversed(skips)):
        share = dropout if block < DROPOUT_BLOCKS else 0.0
        x = up_block(
            x,
            filters=skip.shape[-1],
            dropout=share,
            level=block,
            side=size // 2 ** (depth - block),
            init=init,
            seeds=seeds,
        )
        x = layers.Concatenate(name=f"skip_{block}")([x, skip])
    color = last_up_block(x, side=size // 2, init=output_init, seeds=seeds)  # (N, H, W, 3)
    return keras.Model(inputs, color, name="selu_unet")


def down_conv(
    x: keras.KerasTensor,
    *,
    filters: int,
    level: int,
    side: int,
    init: KernelInit,
    seeds: Iterator[int],
) -> keras.KerasTensor:
    """Convolve with stride 2: halves H and W. side: pixels of the input at the training size."""
    kernel = init(next(seeds), taps=down_taps(side), channels=x.shape[-1])
    return layers.Conv2D(
        filters, KERNEL, 2, "same", kernel_initializer=kernel, name=f"down_{level}_conv"
    )(x)


def up_block(
    x: keras.KerasTensor,
    *,
    filters: int,
    dropout: float,
    level: int,
    side: int,
    init: KernelInit,
    seeds: Iterator[int],
) -> keras.KerasTensor:
    """SELU, alpha dropout while training, transposed convolution: doubles H and W.

    Alpha dropout keeps mean and variance only of what SELU returns: it stands right behind it.
    """
    x = layers.Activation("selu", name=f"up_{level}_act")(x)
    if dropout > 0:
        x = layers.AlphaDropout(dropout, seed=next(seeds), name=f"up_{level}_dropout")(x)
    kernel = init(next(seeds), taps=up_taps(side), channels=x.shape[-1])
    return layers.Conv2DTranspose(
        filters, KERNEL, 2, "same", kernel_initializer=kernel, name=f"up_{level}_conv"
    )(x)


def last_up_block(
    x: keras.KerasTensor, *, side: int, init: KernelInit, seeds: Iterator[int]
) -> keras.KerasTensor:
    """SELU, transposed convolution to RGB, tanh (in float32 under mixed precision)."""
    x = layers.Activation("selu", name="last_act")(x)
    kernel = init(next(seeds), taps=up_taps(side), channels=x.shape[-1])
    x = layers.Conv2DTranspose(3, KERNEL, 2, "same", kernel_initializer=kernel, name="last_conv")(x)
    return layers.Activation("tanh", dtype="float32", name="color")(x)
