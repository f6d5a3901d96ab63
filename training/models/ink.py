"""Colour under ink: a generator that paints a layer, and the drawing multiplied on top of it."""

import keras
import tensorflow as tf

from training.picture.ports import paints_layer


@keras.saving.register_keras_serializable("nurie")
class UnderInk(keras.layers.Layer):
    """Lay black ink over a colour layer.

    Ink that covers a share a of a pixel leaves (1 - a) of the colour below it: Porter & Duff
    1984, `over` with black. In [0, 1] that is layer x lineart, exactly how a drawing with black
    lines is made; white paper changes nothing.
    """

    def call(self, layer: tf.Tensor, lineart: tf.Tensor) -> tf.Tensor:
        """layer: (N, H, W, 3), lineart: (N, H, W, 1), in [-1, 1]. Returns as layer."""
        return (layer + 1.0) * (lineart + 1.0) * 0.5 - 1.0


def under_ink(generator: keras.Model) -> keras.Model:
    """Let `generator` paint below the lines: it need not learn to draw them again."""
    color = UnderInk(dtype="float32", name="under_ink")(generator.output, generator.inputs[0])
    return keras.Model(generator.input, color, name=f"{generator.name}_under_ink")


def finished(generator: keras.Model) -> keras.Model:
    """Return a model, with the same weights, whose output is the finished picture."""
    return under_ink(generator) if paints_layer(generator) else generator
