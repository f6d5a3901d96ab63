"""The critic of WGAN-GP: the patch network of pix2pix, made fit for a gradient penalty.

The penalty trains through the gradient of the critic, so a normalization in it must have right
second-order gradients. Keras's layers have not: tf.nn.moments stops the gradient of the mean.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from training.models.initializers import KernelInit, down_taps, wide_taps
from training.models.layers import KERNEL, LEAK, seed_stream
from training.models.standardize import UNCHANGED, PictureStatistics, Standardize

Norm = Callable[[keras.KerasTensor, str], keras.KerasTensor]  # of a tensor, and the layer's name


@keras.saving.register_keras_serializable("nurie")
class PlainInstanceNormalization(keras.layers.Layer):
    """Normalise each channel of each image over its pixels, in operations that differentiate twice.

    The same function as training/models/layers.py's, for a critic, which is never exported.
    """

    def __init__(self, *, epsilon: float = 1e-5, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.epsilon = epsilon

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create scale and offset, one of each per channel."""
        channels = (input_shape[-1],)
        self.scale = self.add_weight(name="scale", shape=channels, initializer="ones")
        self.offset = self.add_weight(name="offset", shape=channels, initializer="zeros")

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: (N, H, W, C). Returns the same shape."""
        centred = x - tf.reduce_mean(x, axis=(1, 2), keepdims=True)
        variance = tf.reduce_mean(tf.square(centred), axis=(1, 2), keepdims=True)
        return centred * tf.math.rsqrt(variance + self.epsilon) * self.scale + self.offset

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {**super().get_config(), "epsilon": self.epsilon}


def no_norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Leave everything as it is: what Gulrajani et al. 2017 advise."""
    return x


def plain_norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Normalise per image, with right second-order gradients."""
    return PlainInstanceNormalization(name=name)(x)


def batch_norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Normalise per batch, as the experiment of 2017 did: kept to show what that does.

    It ties the images of a batch together, so that a penalty per image means little, and
    its second-order gradients are wrong.
    """
    return keras.layers.BatchNormalization(name=name)(x)


NORMS: dict[str, Norm] = {"none": no_norm, "plain": plain_norm, "batch": batch_norm}


def patch_critic(
    *,
    width: int,
    layers: int,
    size: int,
    seed: int,
    norm: Norm,
    init: KernelInit,
    statistics: PictureStatistics = UNCHANGED,
) -> keras.Model:
    """Build the critic: (lineart, color) -> patch scores (N, h, w, 1), unbounded.

    Layers and LeakyReLU as in the patch discriminator; biases everywhere, since a norm may be
    absent. size: pixels at which the weights keep the variance of what flows through.
    """
    seeds = seed_stream(seed, network="patch critic")
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
        if stage > 0:  # pix2pix: the first layer sees the pictures themselves
            x = norm(x, f"stage_{stage}_norm")
        x = keras.layers.LeakyReLU(LEAK, name=f"stage_{stage}_act")(x)
        side = -(-side // 2)

    x = keras.layers.ZeroPadding2D(1, name="wide_pad")(x)
    kernel = init(next(seeds), taps=wide_taps(side), channels=x.shape[-1])
    x = keras.layers.Conv2D(
        width * min(2**layers, 8), KERNEL, kernel_initializer=kernel, name="wide_conv"
    )(x)  # (N, H/8 - 1, W/8 - 1, 8 width)
    x = norm(x, "wide_norm")
    x = keras.layers.LeakyReLU(LEAK, name="wide_act")(x)
    x = keras.layers.ZeroPadding2D(1, name="scores_pad")(x)
    kernel = init(next(seeds), taps=wide_taps(side - 1), channels=x.shape[-1])
    scores = keras.layers.Conv2D(1, KERNEL, kernel_initializer=kernel, name="scores")(x)
    return keras.Model([lineart, color], scores, name="patch_critic")
