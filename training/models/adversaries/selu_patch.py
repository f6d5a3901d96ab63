"""The patch network of pix2pix with SELU and no normalization: discriminator or critic."""

import keras

from training.models.initializers import KernelInit, down_taps, wide_taps
from training.models.layers import KERNEL, seed_stream
from training.models.standardize import UNCHANGED, PictureStatistics, Standardize


def selu_patch(
    *,
    width: int,
    layers: int,
    size: int,
    seed: int,
    init: KernelInit,
    statistics: PictureStatistics = UNCHANGED,
) -> keras.Model:
    """Build the network: (lineart, color) -> one unbounded number per patch (N, h, w, 1).

    Layers as in the patch discriminator. size: pixels at which the weights keep the variance.
    """
    seeds = seed_stream(seed, network="selu patch")
    lineart = keras.Input((None, None, 1), name="lineart")
    color = keras.Input((None, None, 3), name="color")

    x = keras.layers.Concatenate(name="pair")([lineart, color])
    x = Standardize(statistics.mean, statistics.deviation, name="standardize")(x)
    side = size
    for stage in range(layers):
        kernel = init(next(seeds), taps=down_taps(side), channels=x.shape[-1])
        x = keras.layers.Conv2D(
            width * min(2**stage, 8),
            KERNEL,
            2,
            "same",
            kernel_initializer=kernel,
            name=f"stage_{stage}_conv",
        )(x)  # halves H and W
        x = keras.layers.Activation("selu", name=f"stage_{stage}_act")(x)
        side = -(-side // 2)

    x = keras.layers.ZeroPadding2D(1, name="wide_pad")(x)
    kernel = init(next(seeds), taps=wide_taps(side), channels=x.shape[-1])
    x = keras.layers.Conv2D(
        width * min(2**layers, 8), KERNEL, kernel_initializer=kernel, name="wide_conv"
    )(x)  # (N, H/8 - 1, W/8 - 1, 8 width)
    x = keras.layers.Activation("selu", name="wide_act")(x)
    x = keras.layers.ZeroPadding2D(1, name="scores_pad")(x)
    kernel = init(next(seeds), taps=wide_taps(side - 1), channels=x.shape[-1])
    # Not in 16 bits under mixed precision: losses of large scores do not fit.
    scores = keras.layers.Conv2D(
        1, KERNEL, kernel_initializer=kernel, dtype=keras.config.floatx(), name="scores"
    )(x)
    return keras.Model([lineart, color], scores, name="selu_patch")
