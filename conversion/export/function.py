"""A generator as one inference function: batch 1, fixed size, no training state.

The function calls the generator with training=False: no dropout, and instance statistics only. The
generator owns its weights, and must live as long as the function does.
"""

from typing import TYPE_CHECKING, Any

from conversion.export.size import Size
from conversion.interface import INPUT_NAME, OUTPUT_NAME
from training import pixels

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


def tensor_function(generator: "keras.Model", *, size: Size) -> Any:
    """Return a tf.function: lineart (1, H, W, 1) -> {"color": (1, H, W, 3)}, in [-1, 1]."""
    import tensorflow as tf

    @tf.function(input_signature=_signature(size))
    def colorize(lineart: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        return {OUTPUT_NAME: tf.identity(generator(lineart, training=False), name=OUTPUT_NAME)}

    return colorize


def byte_function(generator: "keras.Model", *, size: Size) -> Any:
    """Return a tf.function: lineart (1, H, W, 1) -> {"color": (1, H, W, 3)}, uint8 both."""
    import tensorflow as tf

    @tf.function(input_signature=_signature(size, "uint8"))
    def colorize(lineart: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        unit = generator(pixels.tensor_to_unit_range(lineart), training=False)
        color = tf.cast(tf.round(pixels.tensor_to_pixel_range(unit)), tf.uint8)
        return {OUTPUT_NAME: tf.identity(color, name=OUTPUT_NAME)}

    return colorize


def image_function(generator: "keras.Model", *, size: Size) -> Any:
    """Return a tf.function: lineart (1, H, W, 1) in [-1, 1] -> color (1, 3, H, W) in [0, 255].

    A Core ML image output takes neither scale nor bias and must be NCHW: all of that is in here.
    """
    import tensorflow as tf

    @tf.function(input_signature=_signature(size))
    def colorize(lineart: "tf.Tensor") -> "tf.Tensor":
        color = pixels.tensor_to_pixel_range(generator(lineart, training=False))  # (1, H, W, 3)
        return tf.transpose(color, (0, 3, 1, 2), name=OUTPUT_NAME)  # (1, 3, H, W)

    return colorize


def _signature(size: Size, dtype: str = "float32") -> list["tf.TensorSpec"]:
    import tensorflow as tf

    return [tf.TensorSpec((1, *size, 1), dtype, name=INPUT_NAME)]
