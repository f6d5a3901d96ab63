"""Six networks of the kinds that people bring, small, as their authors build them, and one of RGBA.

Each is a function of the side of its pictures, which is fixed in those nets whose authors fix it.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from conversion.export.origins.asked import Asked, ValueRange

Tensor = Any  # of Keras: symbolic, or of TensorFlow
Net = Callable[[int | None], keras.Model]  # takes the side of its pictures; None: any


@keras.saving.register_keras_serializable("own")
class InstanceNorm(layers.Layer):
    """Of the CycleGAN tutorial: tensorflow_examples pix2pix.InstanceNormalization."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Create a scale and an offset of each channel."""
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones", name="scale")
        self.offset = self.add_weight(shape=(shape[-1],), initializer="zeros", name="offset")

    def call(self, x: Tensor) -> Tensor:
        """x: (N, H, W, C). Returns the same shape."""
        mean, variance = ops.moments(x, axes=(1, 2), keepdims=True)
        return self.scale * (x - mean) * ops.rsqrt(variance + 1e-5) + self.offset


class ReflectPad(layers.Layer):
    """Of CycleGAN: Zhu et al. 2017, 7.2. Not registered: named by --custom-objects."""

    def __init__(self, pad: int = 1, **rest: Any) -> None:
        """pad: pixels at each side. rest: what Keras gives every layer."""
        super().__init__(**rest)
        self.pad = pad

    def call(self, x: Tensor) -> Tensor:
        """x: (N, H, W, C). Returns a larger one."""
        around = (self.pad, self.pad)
        return ops.pad(x, ((0, 0), around, around, (0, 0)), mode="reflect")

    def get_config(self) -> dict[str, Any]:
        """Return what Keras writes down."""
        return super().get_config() | {"pad": self.pad}


@keras.saving.register_keras_serializable("own")
class DepthToSpace(layers.Layer):
    """Of ESPCN: Shi et al. 2016."""

    def __init__(self, factor: int = 2, **rest: Any) -> None:
        """factor: how often as high and wide. rest: what Keras gives every layer."""
        super().__init__(**rest)
        self.factor = factor

    def call(self, x: Tensor) -> Tensor:
        """x: (N, H, W, C). Returns (N, factor H, factor W, C / factor^2)."""
        import tensorflow as tf

        return tf.nn.depth_to_space(x, self.factor)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape of what `call` does."""
        n, h, w, c = shape
        larger = [None if side is None else side * self.factor for side in (h, w)]
        return (n, *larger, None if c is None else c // self.factor**2)

    def get_config(self) -> dict[str, Any]:
        """Return what Keras writes down."""
        return super().get_config() | {"factor": self.factor}


def pix2pix(side: int | None = None) -> keras.Model:
    """The TensorFlow tutorial's generator: Sequential blocks, batch norm, dropout. -1 1 to -1 1."""

    def down(filters: int, norm: bool = True) -> keras.Sequential:
        block = keras.Sequential([layers.Conv2D(filters, 4, 2, "same", use_bias=False)])
        if norm:
            block.add(layers.BatchNormalization())
        block.add(layers.LeakyReLU())
        return block

    def up(filters: int, dropout: bool = False) -> keras.Sequential:
        conv = layers.Conv2DTranspose(filters, 4, 2, "same", use_bias=False)
        block = keras.Sequential([conv, layers.BatchNormalization()])
        if dropout:
            block.add(layers.Dropout(0.5))
        block.add(layers.ReLU())
        return block

    picture = x = keras.Input((side, side, 3))
    skips = []
    for block in (down(16, norm=False), down(32), down(48)):
        x = block(x)
        skips.append(x)
    for block, skip in zip((up(32, dropout=True), up(16)), reversed(skips[:-1]), strict=True):
        x = layers.Concatenate()([block(x), skip])
    x = layers.Conv2DTranspose(3, 4, 2, "same", activation="tanh")(x)
    return keras.Model(picture, x, name="pix2pix")


def cyclegan(side: int | None = None) -> keras.Model:
    """Two residual blocks, instance norm, reflect padding. -1 1 to -1 1."""

    def conv(x: Tensor, filters: int, kernel: int, stride: int = 1, pad: int = 0) -> Tensor:
        x = ReflectPad(pad)(x) if pad else x
        padding = "valid" if pad else "same"
        return InstanceNorm()(layers.Conv2D(filters, kernel, stride, padding)(x))

    picture = keras.Input((side, side, 3))
    x = layers.ReLU()(conv(picture, 16, 7, pad=3))
    x = layers.ReLU()(conv(x, 32, 3, stride=2))
    for _ in range(2):
        inner = layers.ReLU()(conv(x, 32, 3, pad=1))
        x = layers.Add()([x, conv(inner, 32, 3, pad=1)])
    x = InstanceNorm()(layers.Conv2DTranspose(16, 3, 2, "same")(x))
    x = layers.Conv2D(3, 7, activation="tanh")(ReflectPad(3)(layers.ReLU()(x)))
    return keras.Model(picture, x, name="cyclegan")


def espcn(side: int | None = None) -> keras.Model:
    """Super-resolution of grey pictures, twice as large. 0 1 to 0 1."""
    picture = keras.Input((side, side, 1))
    x = layers.Conv2D(32, 5, padding="same", activation="tanh")(picture)
    x = layers.Conv2D(16, 3, padding="same", activation="tanh")(x)
    x = layers.Conv2D(4, 3, padding="same")(x)
    return keras.Model(picture, DepthToSpace(2)(x), name="espcn")


def zero_dce(side: int | None = None) -> keras.Model:
    """Light for dark photographs, by curves: Guo et al. 2020. 0 1 to 0 1."""
    picture = keras.Input((side, side, 3))
    one = layers.Conv2D(16, 3, padding="same", activation="relu")(picture)
    two = layers.Conv2D(16, 3, padding="same", activation="relu")(one)
    three = layers.Conv2D(16, 3, padding="same", activation="relu")(two)
    curves = layers.Conv2D(24, 3, padding="same", activation="tanh")(
        layers.Concatenate()([one, three])
    )
    x = picture
    for n in range(8):
        x = x + curves[..., 3 * n : 3 * n + 3] * (ops.square(x) - x)
    return keras.Model(picture, x, name="zero_dce")


def bilinear_unet(side: int | None = None) -> keras.Model:
    """Bilinear upsampling in place of transposed convolutions, scaling inside. 0 255 to 0 1."""
    picture = keras.Input((side, side, 3))
    x = layers.Rescaling(1 / 127.5, -1)(picture)
    first = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(layers.MaxPooling2D()(first))
    x = layers.Concatenate()([layers.UpSampling2D(interpolation="bilinear")(x), first])
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    return keras.Model(picture, layers.Conv2D(3, 1, activation="sigmoid")(x), name="bilinear_unet")


def selu(side: int | None = None) -> keras.Model:
    """Klambauer et al. 2017: no norm; SELU in the layers themselves; grey to RGB. -1 1 to -1 1."""
    picture = x = keras.Input((side, side, 1))
    for filters in (16, 32, 32):
        x = layers.Conv2D(
            filters, 3, padding="same", activation="selu", kernel_initializer="lecun_normal"
        )(x)
    return keras.Model(
        picture, layers.Conv2D(3, 3, padding="same", activation="tanh")(x), name="selu"
    )


def rgba(side: int | None = None) -> keras.Model:
    """Takes transparency as a fourth channel. 0 1 to 0 1."""
    picture = keras.Input((side, side, 4))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(picture)
    return keras.Model(picture, layers.Conv2D(3, 3, padding="same", activation="sigmoid")(x))


# The values of black and white that each takes and returns, as its docstring says.
RANGES: dict[Net, tuple[ValueRange, ValueRange]] = {
    pix2pix: ((-1, 1), (-1, 1)),
    cyclegan: ((-1, 1), (-1, 1)),
    espcn: ((0, 1), (0, 1)),
    zero_dce: ((0, 1), (0, 1)),
    bilinear_unet: ((0, 255), (0, 1)),
    selu: ((-1, 1), (-1, 1)),
    rgba: ((0, 1), (0, 1)),
}
FIXED = (pix2pix, selu, rgba)  # their authors fix the size of their pictures
NETS = {net.__name__: net for net in RANGES if net is not rgba}


def moved(net: Net, *, side: int) -> keras.Model:
    """Build a net for pictures of a side, its weights moved away from where they start.

    Moving averages too: nothing may fold away that would not in a net that was trained.
    """
    keras.utils.set_random_seed(0)
    model, rng = net(side if net in FIXED else None), np.random.default_rng(0)
    for weight in model.weights:
        if weight.dtype == "float32":
            noise = rng.normal(0, 0.02, weight.shape)
            variance = weight.path.endswith("moving_variance")
            weight.assign(weight.numpy() + (np.abs(5 * noise) if variance else noise))
    return model


def asked_of(net: Net) -> Asked:
    """Return what only the author of a net knows."""
    taken, returned = RANGES[net]
    return Asked(input_range=taken, output_range=returned, custom_objects=__name__)


def told(net: Net, *, sizes: int | str) -> list[str]:
    """Return the options that say so. sizes: as --size has them."""
    ranges = []
    for option, values in zip(("--input-range", "--output-range"), RANGES[net], strict=True):
        ranges += [option, *map(str, values)]
    return [*ranges, "--custom-objects", __name__, "--size", str(sizes)]
