"""A generator as one inference function: batch 1, one size or any, no training state.

The function calls the generator with training=False: no dropout, and instance statistics only. The
generator owns its weights, and must live as long as the function does. It takes lineart, and hints
beside it where the generator does, or an image; it returns color, layer or result.
"""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conversion.interface import CHANNELS, HINT_COLOR, HINT_MASK, End, Ports
from training import pixels
from training.picture.ports import HINTS, as_inputs

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


# Height and width; None for one that is open: any that the generator can halve.
OpenSize = tuple[int | None, int | None]


def tensor_function(
    generator: "keras.Model", ports: Ports, *, size: OpenSize, batch: int | None = 1
) -> Any:
    """Return a tf.function of the net's own values: (1, H, W, C)[, (1, H, W, 4)] -> {name: value}.

    The value: (1, H, W, C), a layer not bounded. batch: None for any number of pictures at once.
    """
    import tensorflow as tf

    def paint(*given: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        painted = generator(as_inputs(given), training=False)
        return {ports.output: tf.identity(painted, name=ports.output)}

    return _of_specs(paint, _tensor_specs(ports, shape=(batch, *size), dtype="float32"))


def byte_function(generator: "keras.Model", ports: Ports, *, size: OpenSize) -> Any:
    """Return a tf.function of uint8: (1, H, W, C)[, RGBA (1, H, W, 4)] -> {name: (1, H, W, C)}."""
    import tensorflow as tf

    def paint(picture: "tf.Tensor", *hints: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        given = [_values(picture, ports.taken)]
        given += [pixels.tensor_hints_to_unit_range(rgba) for rgba in hints]
        painted = _pixels(generator(as_inputs(given), training=False), ports.painted)
        painted = tf.cast(tf.round(painted), tf.uint8)
        return {ports.output: tf.identity(painted, name=ports.output)}

    return _of_specs(paint, _tensor_specs(ports, shape=(1, *size), dtype="uint8"))


def image_function(generator: "keras.Model", ports: Ports, *, size: OpenSize) -> Any:
    """Return a tf.function of Core ML's pictures -> a picture (1, C, H, W) in [0, 255].

    lineart or image: (1, H, W, C) of the net's own values; hint_color: (1, H, W, 3) in [-1, 1], any
    where hint_mask, (1, H, W, 1) in [0, 1], is 0. Core ML scales an image input by itself; an image
    output takes neither scale nor bias and must be NCHW: all of that is in here.
    """
    import tensorflow as tf

    def paint(picture: "tf.Tensor", *hints: "tf.Tensor") -> "tf.Tensor":
        given = [picture]
        if hints:
            color, mask = hints
            given.append(tf.concat([color * mask, mask], axis=-1))
        painted = _pixels(generator(as_inputs(given), training=False), ports.painted)
        return tf.transpose(painted, (0, 3, 1, 2), name=ports.output)

    specs = _tensor_specs(ports, shape=(1, *size), dtype="float32")[:1]
    if ports.hints:
        specs.append(tf.TensorSpec((1, *size, 3), name=HINT_COLOR))
        specs.append(tf.TensorSpec((1, *size, 1), name=HINT_MASK))
    return _of_specs(paint, specs)


def _tensor_specs(
    ports: Ports, *, shape: tuple[int | None, ...], dtype: str
) -> list["tf.TensorSpec"]:
    """Return what the inputs are. shape: of a batch of pictures, (N, H, W)."""
    import tensorflow as tf

    channels = CHANNELS[ports.taken.colors]
    specs = [tf.TensorSpec((*shape, channels), dtype, name=ports.taken.name)]
    if ports.hints:
        specs.append(tf.TensorSpec((*shape, 4), dtype, name=HINTS))
    return specs


def _of_specs(paint: Callable[..., Any], specs: list["tf.TensorSpec"]) -> Any:
    """Return a tf.function of a fixed signature whose arguments have the names of its specs.

    The inputs of a SavedModel, and so of a TFLite model, are named after the arguments.
    """
    import tensorflow as tf

    def colorize(*given: "tf.Tensor") -> Any:
        return paint(*given)

    arguments = [
        inspect.Parameter(spec.name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for spec in specs
    ]
    colorize.__signature__ = inspect.Signature(arguments)  # type: ignore[attr-defined]
    return tf.function(colorize, input_signature=specs)


def _values(picture: "tf.Tensor", end: End) -> "tf.Tensor":
    """Turn uint8 pixels into the values of a generator's end."""
    import tensorflow as tf

    return tf.cast(picture, tf.float32) / (pixels.PAPER / (end.high - end.low)) + end.low


def _pixels(value: "tf.Tensor", end: End) -> "tf.Tensor":
    """Turn such values into [0, 255]: clipped, but neither rounded nor cast."""
    import tensorflow as tf

    pixel = (value + (-end.low)) * (pixels.PAPER / (end.high - end.low))
    return tf.clip_by_value(pixel, 0.0, float(pixels.PAPER))
