"""The generator for phones: small, without normalization, painting a layer below the ink.

An encoder and decoder of residual blocks (He et al. 2016) with skips that are added. Operations
that every phone's accelerator has: 3x3 and 1x1 convolutions, ReLU, additions, depth_to_space (Shi
et al. 2016) in place of transposed convolutions, one mean over the picture. Instead of a norm the
last convolution of each residual block begins at zero (Zhang et al. 2019, Fixup): the network
begins as its skips alone. The output is linear: a tanh saturates at white paper and stays there.
Every level of the decoder is told what the hints say there (training/models/hints).
"""

from collections.abc import Iterator

import keras
from keras import layers

from training.models.hints.pixels import DepthToSpace
from training.models.hints.told import TakenHints, told_levels
from training.models.inputs import picture_inputs
from training.models.layers import seed_stream

LEVELS = 4  # convolutions of stride 2: MOBILE_STRIDE = 2^4
# Filters at each level, over those of the first; residual blocks on the way down and up.
FILTERS = (1.0, 2.0, 4.0, 8.5)
DOWN_BLOCKS = (0, 0, 1, 2)
UP_BLOCKS = (0, 0, 1, 0)
CONTEXT = 2  # times as many features of the whole picture: they cost a phone next to nothing
# Deviation of what is added to the logit of a gate in training. A gate that is to do well all the
# same has to be decided, and is then decided alike by a net of rounded weights.
GATE_NOISE = 1.0


def mobile(*, width: int, hints: bool, dropout: float, seed: int) -> keras.Model:
    """Build the generator: lineart (N, H, W, 1)[, hints (N, H, W, 4)] -> layer (N, H, W, 3).

    All in [-1, 1], the layer not bounded; H and W may be any multiples of 16. width: filters of
    the first convolution. dropout: share of the features of the two coarsest levels that are
    dropped while training, inside their residual blocks and between encoder and decoder
    (Srivastava et al. 2014): a network of few drawings otherwise learns them by heart.
    """
    seeds = seed_stream(seed, network="mobile")
    filters = [round(width * share) for share in FILTERS]
    shares = [dropout if level >= LEVELS - 2 else 0.0 for level in range(LEVELS)]
    inputs, x = picture_inputs(hints=hints)

    told, flood = told_levels(inputs, levels=LEVELS) if hints else (None, None)

    skips = []
    for level in range(LEVELS):
        x = conv(x, filters=filters[level], strides=2, name=f"down_{level}", seeds=seeds)
        x = layers.ReLU(name=f"down_{level}_act")(x)  # (N, H / 2^(level + 1), ..., filters)
        for block in range(DOWN_BLOCKS[level]):
            x = residual_block(
                x, name=f"down_{level}_block_{block}", dropout=shares[level], seeds=seeds
            )
        skips.append(x)
    x = with_context(x, seeds=seeds)
    x = with_dropout(x, share=dropout, name="bottom", seeds=seeds)

    for level in reversed(range(LEVELS - 1)):
        x = up(x, filters=filters[level], name=f"up_{level}", seeds=seeds)
        x = layers.Add(name=f"up_{level}_skip")([x, skips[level]])
        if told and level:  # the finest is told to the last layer
            x = layers.Concatenate(name=f"up_{level}_told")([x, told[level]])
        x = conv(x, filters=filters[level], strides=1, name=f"up_{level}_mix", seeds=seeds)
        x = layers.ReLU(name=f"up_{level}_mix_act")(x)
        for block in range(UP_BLOCKS[level]):
            x = residual_block(
                x, name=f"up_{level}_block_{block}", dropout=shares[level], seeds=seeds
            )
    if not told:
        return keras.Model(inputs, painted_layer(x, name="layer", seeds=seeds), name="mobile")
    x = layers.Concatenate(name="layer_told")([x, told[0]])
    guess = painted_layer(x, name="guess", seeds=seeds)  # (N, H, W, 3)
    layer = taken_hints(x, guess=guess, flood=flood, seeds=seeds)
    return keras.Model(inputs, layer, name="mobile")


def conv(
    x: keras.KerasTensor, *, filters: int, strides: int, name: str, seeds: Iterator[int]
) -> keras.KerasTensor:
    """Convolve 3x3, keeping or halving H and W, with weights that keep the variance (He 2015)."""
    kernel = keras.initializers.HeNormal(seed=next(seeds))
    return layers.Conv2D(filters, 3, strides, "same", kernel_initializer=kernel, name=name)(x)


def residual_block(
    x: keras.KerasTensor, *, name: str, dropout: float, seeds: Iterator[int]
) -> keras.KerasTensor:
    """Add to x two convolutions of it, which begin as zero, with dropout between them."""
    filters = x.shape[-1]
    inner = conv(x, filters=filters, strides=1, name=f"{name}_in", seeds=seeds)
    inner = layers.ReLU(name=f"{name}_in_act")(inner)
    inner = with_dropout(inner, share=dropout, name=name, seeds=seeds)
    inner = layers.Conv2D(
        filters, 3, padding="same", kernel_initializer="zeros", name=f"{name}_out"
    )(inner)
    x = layers.Add(name=f"{name}_sum")([x, inner])
    return layers.ReLU(name=f"{name}_act")(x)


def with_dropout(
    x: keras.KerasTensor, *, share: float, name: str, seeds: Iterator[int]
) -> keras.KerasTensor:
    """Drop a share of the features while training; for 0 no layer is added."""
    if not share:
        return x
    return layers.Dropout(share, seed=next(seeds), name=f"{name}_dropout")(x)


def with_context(x: keras.KerasTensor, *, seeds: Iterator[int]) -> keras.KerasTensor:
    """Add to every place what the picture as a whole holds: its mean, through two 1x1 layers."""
    filters = x.shape[-1]
    mean = layers.GlobalAveragePooling2D(keepdims=True, name="context_mean")(x)  # (N, 1, 1, C)
    kernel = keras.initializers.HeNormal(seed=next(seeds))
    mean = layers.Conv2D(CONTEXT * filters, 1, kernel_initializer=kernel, name="context_in")(mean)
    mean = layers.ReLU(name="context_act")(mean)
    mean = layers.Conv2D(filters, 1, kernel_initializer="zeros", name="context_out")(mean)
    return layers.Add(name="context_sum")([x, mean])


def up(x: keras.KerasTensor, *, filters: int, name: str, seeds: Iterator[int]) -> keras.KerasTensor:
    """Double H and W: a 1x1 convolution gives four pixels of each, side by side in depth."""
    kernel = keras.initializers.HeNormal(seed=next(seeds))
    x = layers.Conv2D(4 * filters, 1, kernel_initializer=kernel, name=f"{name}_conv")(x)
    return DepthToSpace(name=f"{name}_pixels")(x)


def painted_layer(x: keras.KerasTensor, *, name: str, seeds: Iterator[int]) -> keras.KerasTensor:
    """Paint four RGB pixels of each, linear and in float32; they begin as middle grey."""
    # A tenth of He's deviation: colours begin near 0, whatever the features.
    kernel = keras.initializers.VarianceScaling(0.02, "fan_in", "untruncated_normal", next(seeds))
    x = layers.Conv2D(12, 3, padding="same", kernel_initializer=kernel, name=f"{name}_conv")(x)
    return DepthToSpace(dtype="float32", name=name)(x)


def taken_hints(
    x: keras.KerasTensor,
    *,
    guess: keras.KerasTensor,
    flood: keras.KerasTensor,
    seeds: Iterator[int],
) -> keras.KerasTensor:
    """Take each pixel's colour from the flood of the hints, as far as a gate lets, or `guess`.

    guess: (N, H, W, 3); flood: (N, H, W, 5), as `flooded_hints`. A colour that is copied is the
    user's own, and flat; a sum of convolutions could only come near it. (See et al. 2017, Get to
    the point, 2.2, point at words of their input in the same way.)
    """
    kernel = keras.initializers.VarianceScaling(0.02, "fan_in", "untruncated_normal", next(seeds))
    gate = layers.Conv2D(4, 1, kernel_initializer=kernel, name="gate_conv")(x)
    gate = layers.GaussianNoise(GATE_NOISE, seed=next(seeds), name="gate_noise")(gate)
    gate = layers.Activation("sigmoid", name="gate_share")(gate)
    gate = DepthToSpace(dtype="float32", name="gate")(gate)  # (N, H, W, 1)
    return TakenHints(dtype="float32", name="layer")([guess, gate, flood])
