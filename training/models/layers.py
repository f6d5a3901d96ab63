"""Layers and initialisers that both networks share."""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

LEAK = 0.2  # slope of LeakyReLU below zero (Isola et al. 2017)
KERNEL = 4  # every convolution of pix2pix is 4x4
WEIGHT_STDDEV = 0.02  # weights ~ N(0, 0.02), norm scales ~ N(1, 0.02) (pix2pix, models.lua)


@keras.saving.register_keras_serializable("nurie")
class InstanceNormalization(keras.layers.Layer):
    """Normalise each channel of each image over its pixels (Ulyanov et al. 2016).

    Written as tf.nn.moments + tf.nn.batch_normalization, since coremltools turns just this
    spelling into one `instance_norm`. First-order gradients only: tf.nn.moments stops the gradient
    of the mean, which makes gradient penalties wrong; never use it in a WGAN-GP critic.
    """

    def __init__(self, *, seed: int, epsilon: float = 1e-5, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.seed, self.epsilon = seed, epsilon

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create scale and offset, one of each per channel."""
        channels = (input_shape[-1],)
        scale_init = keras.initializers.RandomNormal(1.0, WEIGHT_STDDEV, seed=self.seed)
        self.scale = self.add_weight(name="scale", shape=channels, initializer=scale_init)
        self.offset = self.add_weight(name="offset", shape=channels, initializer="zeros")

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: (N, H, W, C). Returns the same shape."""
        mean, variance = tf.nn.moments(x, axes=(1, 2), keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, self.offset, self.scale, self.epsilon)

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {**super().get_config(), "seed": self.seed, "epsilon": self.epsilon}


def weight_init(seeds: Iterator[int]) -> keras.initializers.Initializer:
    """Return the initialiser of pix2pix with a seed of its own: equal seeds repeat weights."""
    return keras.initializers.RandomNormal(0.0, WEIGHT_STDDEV, seed=next(seeds))


def seed_stream(seed: int, *, network: str) -> Iterator[int]:
    """Yield independent 31-bit seeds for the layers of one network, the same on every machine."""
    entropy = [seed, *network.encode()]
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
    while True:
        yield int(generator.integers(2**31))
