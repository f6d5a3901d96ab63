"""A generator as one inference function: batch 1, one size or any, no training state.

The function calls the generator with training=False: no dropout, and instance statistics only. The
generator owns its weights, and must live as long as the function does. It takes lineart, and hints
beside it where the generator does; it returns color, or layer.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conversion.interface import HINT_COLOR, HINT_MASK, Ports
from training import pixels
from training.picture.ports import HINTS, LINEART, as_inputs, paints_layer, takes_hints

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


# Height and width; None for one that is open: any that the generator can halve.
OpenSize = tuple[int | None, int | None]


def ports_of(generator: "keras.Model") -> Ports:
    """Say what a generator takes and paints."""
    return Ports(hints=takes_hints(generator), layer=paints_layer(generator))


def tensor_function(generator: "keras.Model", *, size: OpenSize, batch: int | None = 1) -> Any:
    """Return a tf.function of floats in [-1, 1]: (1, H, W, 1)[, (1, H, W, 4)] -> {name: value}.

    The value: (1, H, W, 3), a layer not bounded. batch: None for any number of pictures at once.
    """
    import tensorflow as tf

    output = ports_of(generator).output

    def paint(*given: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        return {output: tf.identity(generator(as_inputs(given), training=False), name=output)}

    return _of_tensors(paint, hints=takes_hints(generator), shape=(batch, *size), dtype="float32")


def byte_function(generator: "keras.Model", *, size: OpenSize) -> Any:
    """Return a tf.function of uint8: (1, H, W, 1)[, RGBA (1, H, W, 4)] -> {name: (1, H, W, 3)}."""
    import tensorflow as tf

    output = ports_of(generator).output

    def paint(lineart: "tf.Tensor", *hints: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        given = [pixels.tensor_to_unit_range(lineart)]
        given += [pixels.tensor_hints_to_unit_range(rgba) for rgba in hints]
        unit = generator(as_inputs(given), training=False)
        color = tf.cast(tf.round(pixels.tensor_to_pixel_range(unit)), tf.uint8)
        return {output: tf.identity(color, name=output)}

    return _of_tensors(paint, hints=takes_hints(generator), shape=(1, *size), dtype="uint8")


def image_function(generator: "keras.Model", *, size: OpenSize) -> Any:
    """Return a tf.function of Core ML's pictures -> color or layer (1, 3, H, W) in [0, 255].

    lineart: (1, H, W, 1) in [-1, 1]; hint_color: (1, H, W, 3) in [-1, 1], any where hint_mask,
    (1, H, W, 1) in [0, 1], is 0. Core ML scales an image input by itself; an image output takes
    neither scale nor bias and must be NCHW: all of that is in here.
    """
    import tensorflow as tf

    output = ports_of(generator).output

    def paint(*given: "tf.Tensor") -> "tf.Tensor":
        unit = generator(as_inputs(given), training=False)
        return tf.transpose(pixels.tensor_to_pixel_range(unit), (0, 3, 1, 2), name=output)

    if not takes_hints(generator):

        @tf.function(input_signature=[tf.TensorSpec((1, *size, 1), name=LINEART)])
        def colorize(lineart: "tf.Tensor") -> "tf.Tensor":
            return paint(lineart)

        return colorize

    @tf.function(
        input_signature=[
            tf.TensorSpec((1, *size, 1), name=LINEART),
            tf.TensorSpec((1, *size, 3), name=HINT_COLOR),
            tf.TensorSpec((1, *size, 1), name=HINT_MASK),
        ]
    )
    def colorize_hinted(
        lineart: "tf.Tensor", hint_color: "tf.Tensor", hint_mask: "tf.Tensor"
    ) -> "tf.Tensor":
        return paint(lineart, tf.concat([hint_color * hint_mask, hint_mask], axis=-1))

    return colorize_hinted


def _of_tensors(
    paint: Callable[..., Any], *, hints: bool, shape: tuple[int | None, ...], dtype: str
) -> Any:
    """Return a function of tensors as one of a fixed signature, whose arguments have names.

    shape: of a batch of drawings, (N, H, W).
    """
    import tensorflow as tf

    lineart_spec = tf.TensorSpec((*shape, 1), dtype, name=LINEART)
    if not hints:

        @tf.function(input_signature=[lineart_spec])
        def colorize(lineart: "tf.Tensor") -> dict[str, "tf.Tensor"]:
            return paint(lineart)

        return colorize

    @tf.function(input_signature=[lineart_spec, tf.TensorSpec((*shape, 4), dtype, name=HINTS)])
    def colorize_hinted(lineart: "tf.Tensor", hints: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        return paint(lineart, hints)

    return colorize_hinted
