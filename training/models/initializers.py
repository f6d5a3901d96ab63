"""Initial weights of a convolution, scaled by the number of values that each output sums."""

import math
from typing import Protocol

import keras

from training.models.layers import KERNEL, LEAK, WEIGHT_STDDEV


class KernelInit(Protocol):
    """Makes the initialiser of one convolution; equal seeds repeat weights."""

    def __call__(self, seed: int, *, taps: float, channels: int) -> keras.initializers.Initializer:
        """taps: kernel positions that meet data, on average. channels: of the input."""


def pix2pix_init(seed: int, *, taps: float, channels: int) -> keras.initializers.Initializer:
    """N(0, 0.02) whatever the layer (pix2pix, models.lua): it relies on normalization."""
    return keras.initializers.RandomNormal(0.0, WEIGHT_STDDEV, seed=seed)


def keras_lecun_init(seed: int, *, taps: float, channels: int) -> keras.initializers.Initializer:
    """Keras's LeCun normal, which takes the output channels of Conv2DTranspose for its input.

    Klambauer et al. 2017 ask for a variance of 1 / inputs; this gives 1 / (16 x outputs) there.
    """
    return keras.initializers.LecunNormal(seed=seed)


def selu_init(seed: int, *, taps: float, channels: int) -> keras.initializers.Initializer:
    """N(0, 1 / inputs), as Klambauer et al. 2017 ask, by the inputs that are really summed up.

    A stride-2 transposed 4x4 convolution adds 4 taps, not 16, and at the border fewer meet data.
    """
    return keras.initializers.RandomNormal(0.0, 1.0 / math.sqrt(taps * channels), seed=seed)


def leaky_relu_init(seed: int, *, taps: float, channels: int) -> keras.initializers.Initializer:
    """N(0, 2 / ((1 + leak^2) x inputs)): variance is kept through LeakyReLU (He et al. 2015)."""
    gain = math.sqrt(2.0 / (1.0 + LEAK**2))
    return keras.initializers.RandomNormal(0.0, gain / math.sqrt(taps * channels), seed=seed)


# By the names that training/config.py gives them.
SELU_INITS: dict[str, KernelInit] = {
    "normal": pix2pix_init,
    "lecun": keras_lecun_init,
    "fan-in": selu_init,
}
LEAKY_RELU_INITS: dict[str, KernelInit] = SELU_INITS | {"fan-in": leaky_relu_init}


def down_taps(side: int) -> float:
    """Return the taps of a 4x4 convolution of stride 2 ("same") on a picture of `side` pixels.

    16 in the middle; those that fall on padding add nothing. 4 from 2x2 to 1x1.
    """
    outputs = -(-side // 2)
    padding = 2 * (outputs - 1) + KERNEL - side
    return (KERNEL - padding / outputs) ** 2


def up_taps(side: int) -> float:
    """Return the taps of a 4x4 transposed convolution of stride 2 ("same"): 4 in the middle."""
    return (2 - 1 / side) ** 2


def wide_taps(side: int) -> float:
    """Return the taps of a 4x4 convolution of stride 1 on `side` pixels and a border of zeros."""
    return (KERNEL - 2 / (side - 1)) ** 2
