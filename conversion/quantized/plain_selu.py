"""SELU spelled for TFLite's quantizer, which has no such operation and none to put in its place.

The converter writes SELU as a choice between x and an exponential of x. That exponential is taken
of every x, overflows where x is above 88, and leaves calibration with an infinite range; and the
choice has no 16-bit kernel. The sum of two branches, each 0 where the other counts, has neither.
"""

import keras
import tensorflow as tf

SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017, equations 1 and 14


class PlainSelu(keras.layers.Layer):
    """SELU as the sum of its two branches, of any shape."""

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """Return an array of the shape of x."""
        # As min(x, 0), which would lay its own range, without what is above 0, upon x.
        negative = -1.0 * tf.nn.relu(-1.0 * x)
        return SCALE * tf.nn.relu(x) + (SCALE * ALPHA) * (tf.exp(negative) - 1.0)


def with_plain_selu(generator: keras.Model) -> keras.Model:
    """Return a generator that paints as `generator` does, its SELU spelled plainly.

    It is `generator` itself where that has none.
    """
    if not any(map(_is_selu, generator.layers)):
        return generator

    def rebuilt(layer: keras.layers.Layer) -> keras.layers.Layer:
        if _is_selu(layer):
            return PlainSelu(name=layer.name, dtype=layer.dtype_policy.name)
        return type(layer).from_config(layer.get_config())

    twin = keras.models.clone_model(generator, clone_function=rebuilt)
    twin.set_weights(generator.get_weights())
    return twin


def _is_selu(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.Activation) and layer.activation is keras.activations.selu
