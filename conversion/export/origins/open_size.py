"""Spell what enlarges pictures so that TensorFlow and converters follow it at any height and width.

Keras 3's UpSampling2D of another kind than nearest looks at its sides in Python, which no graph
whose sides are open can answer; that of nearest forgets how many channels there are, which TFLite
asks for. To coremltools 9.0 the factor is known only where the new height and width are one product
(its ResizeBilinear).
"""

import keras
import tensorflow as tf

NEAREST = "nearest"


class Enlarge(keras.layers.Layer):
    """UpSampling2D, of a new size that is one product."""

    def __init__(self, size: tuple[int, int], interpolation: str, name: str) -> None:
        """size: how often as high and as wide. interpolation: as UpSampling2D has it."""
        super().__init__(name=name)
        self.size, self.interpolation = size, interpolation

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: (N, H, W, C). Returns (N, size[0] H, size[1] W, C)."""
        larger = tf.shape(x)[1:3] * tf.constant(self.size)
        if self.interpolation == NEAREST:
            # Of version 1: that of 2 shifts by half a pixel, which Core AI does not follow. By a
            # whole factor both repeat each pixel.
            return tf.compat.v1.image.resize(x, larger, method=NEAREST)
        return tf.image.resize(x, larger, method=self.interpolation)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape of what `call` does."""
        n, *sides, channels = shape
        larger = (
            None if side is None else side * factor
            for side, factor in zip(sides, self.size, strict=True)
        )
        return (n, *larger, channels)


def with_open_size(generator: keras.Model) -> keras.Model:
    """Return a generator that paints as `generator` does, of any height and width.

    It is `generator` itself where nothing is spelled anew. Layers are not shared: what looks at a
    graph later must find each layer in one graph alone.
    """
    if not _enlarges(generator):
        return generator

    def spelled(layer: keras.layers.Layer) -> keras.layers.Layer:
        if _is_enlarging(layer):
            return Enlarge(layer.size, layer.interpolation, layer.name)
        if isinstance(layer, keras.Model):
            return with_open_size(layer)
        return type(layer).from_config(layer.get_config())

    twin = keras.models.clone_model(generator, clone_function=spelled)
    twin.set_weights(generator.get_weights())
    return twin


def _enlarges(model: keras.Model) -> bool:
    return any(
        _enlarges(layer) if isinstance(layer, keras.Model) else _is_enlarging(layer)
        for layer in model.layers
    )


def _is_enlarging(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.UpSampling2D) and layer.data_format == "channels_last"
