"""SELU as a sum of two branches, which TFLite's quantizer can calibrate and write in integers.

TFLite has no SELU; its converter writes a choice between x and an exponential of x. The exponential
is taken of every x: above 88 it overflows, and calibration finds an infinite range. The choice has
no 16-bit kernel. A sum of two branches, each 0 where the other counts, has neither problem.
"""

import keras
import tensorflow as tf

SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017, equations 1 and 14


def plain_selu(x: tf.Tensor) -> tf.Tensor:
    """SELU as the sum of its two branches, of any shape."""
    # Not tf.minimum(x, 0): the quantizer would give x the range of its result, which ends at 0.
    negative = -1.0 * tf.nn.relu(-1.0 * x)
    return SCALE * tf.nn.relu(x) + (SCALE * ALPHA) * (tf.exp(negative) - 1.0)


class PlainSelu(keras.layers.Layer):
    """That as a layer."""

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """Return an array of the shape of x."""
        return plain_selu(x)


def with_plain_selu(generator: keras.Model) -> keras.Model:
    """Return a generator that paints as `generator` does, its SELU spelled plainly.

    It is `generator` itself where that has none.
    """
    if not any(map(_has_selu, generator.layers)):
        return generator

    def rebuilt(layer: keras.layers.Layer) -> keras.layers.Layer:
        if _is_selu(layer):
            return PlainSelu(name=layer.name, dtype=layer.dtype_policy.name)
        twin = type(layer).from_config(layer.get_config())
        if _has_selu(layer):
            twin.activation = plain_selu
        return twin

    twin = keras.models.clone_model(generator, clone_function=rebuilt)
    twin.set_weights(generator.get_weights())
    return twin


def _has_selu(layer: keras.layers.Layer) -> bool:
    return getattr(layer, "activation", None) is keras.activations.selu


def _is_selu(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.Activation) and _has_selu(layer)
