"""A generator whose normalizations use the statistics of one whole drawing, whatever it is given.

Instance normalization takes mean and variance of the picture that it sees: of a tile, where a
drawing is tiled. Holding them at the whole drawing's tells what that costs; nothing ships this way.
"""

import keras
import numpy as np
import tensorflow as tf

from training import pixels
from training.models.layers import InstanceNormalization


def with_statistics_of(lineart: np.ndarray, generator: keras.Model) -> keras.Model:
    """Return `generator` with every instance normalization held at its statistics of `lineart`.

    lineart: (H, W) uint8 whose sides the generator takes. The weights are shared, not copied.
    """
    layers = [layer for layer in generator.layers if isinstance(layer, InstanceNormalization)]
    inputs = keras.Model(generator.input, [layer.input for layer in layers])
    unit = pixels.to_unit_range(lineart[np.newaxis, ..., np.newaxis])  # (1, H, W, 1)
    moments = {
        layer.name: tf.nn.moments(x, axes=(1, 2), keepdims=True)
        for layer, x in zip(layers, inputs(unit, training=False), strict=True)
    }

    def held(layer: keras.layers.Layer) -> keras.layers.Layer:
        return _Held(layer, *moments[layer.name]) if layer.name in moments else layer

    return keras.models.clone_model(generator, clone_function=held)


class _Held(keras.layers.Layer):
    """An instance normalization with mean and variance as constants."""

    def __init__(self, source: InstanceNormalization, mean: tf.Tensor, variance: tf.Tensor) -> None:
        super().__init__(name=f"{source.name}_held")
        self.source, self.mean, self.variance = source, mean, variance

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: (N, H, W, C). Returns the same shape."""
        source = self.source
        return tf.nn.batch_normalization(
            x, self.mean, self.variance, source.offset, source.scale, source.epsilon
        )
