"""The patch discriminator of pix2pix (Isola et al. 2017, 6.1.2): is this patch a real colouring?"""

import keras

from training.models.layers import (
    KERNEL,
    LEAK,
    InstanceNormalization,
    seed_stream,
    weight_init,
)


def patch_discriminator(*, width: int, layers: int, seed: int) -> keras.Model:
    """Build the discriminator: (lineart, color) -> patch logits (N, h, w, 1), unbounded.

    Three layers of stride 2 judge 70x70 patches: 256x256 pictures give 30x30 logits, 64x64 6x6.
    Normalised per image, so that real and painted batches cannot be told apart by their
    batch statistics: see docs/decisions/0001-normalization.md.
    """
    seeds = seed_stream(seed, network="patch discriminator")
    lineart = keras.Input((None, None, 1), name="lineart")
    color = keras.Input((None, None, 3), name="color")

    x = keras.layers.Concatenate(name="pair")([lineart, color])
    x = keras.layers.Conv2D(
        width, KERNEL, 2, "same", kernel_initializer=weight_init(seeds), name="stage_0_conv"
    )(x)  # (N, H/2, W/2, width)
    x = keras.layers.LeakyReLU(LEAK, name="stage_0_act")(x)
    for stage in range(1, layers):
        x = keras.layers.Conv2D(
            width * min(2**stage, 8),
            KERNEL,
            2,
            "same",
            use_bias=False,
            kernel_initializer=weight_init(seeds),
            name=f"stage_{stage}_conv",
        )(x)  # halves H and W
        x = InstanceNormalization(seed=next(seeds), name=f"stage_{stage}_norm")(x)
        x = keras.layers.LeakyReLU(LEAK, name=f"stage_{stage}_act")(x)

    # Stride 1 with one pixel of zeros around, as in pix2pix: each convolution takes one pixel off.
    x = keras.layers.ZeroPadding2D(1, name="wide_pad")(x)
    x = keras.layers.Conv2D(
        width * min(2**layers, 8),
        KERNEL,
        use_bias=False,
        kernel_initializer=weight_init(seeds),
        name="wide_conv",
    )(x)  # (N, H/8 - 1, W/8 - 1, 8 width)
    x = InstanceNormalization(seed=next(seeds), name="wide_norm")(x)
    x = keras.layers.LeakyReLU(LEAK, name="wide_act")(x)
    x = keras.layers.ZeroPadding2D(1, name="logits_pad")(x)
    # In float32 under mixed precision: losses of large logits do not fit 16 bits.
    logits = keras.layers.Conv2D(
        1, KERNEL, kernel_initializer=weight_init(seeds), dtype="float32", name="logits"
    )(x)
    return keras.Model([lineart, color], logits, name="patch_discriminator")
