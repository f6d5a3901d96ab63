"""Look at a Keras model that somebody brings, and try it once: is it an image-to-image network?"""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conversion.errors import first_sentence
from conversion.export.size import Size, said
from conversion.interface import MOST_ENLARGED, times
from training.errors import CheckpointError

if TYPE_CHECKING:
    import keras

TAKEN, PAINTED = (1, 3, 4), (1, 3)  # channels
MOST_HALVINGS = 8  # of pix2pix, whose pictures are of 256 pixels
AS_A_FUNCTION = (
    "Give the part that paints by itself: module:function, of a function that returns it."
)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a generator made of a random picture."""

    channels: int
    enlarged: int
    low: float
    high: float


def as_image_to_image(model: "keras.Model", name: str) -> "keras.Model":
    """Return a model as a functional one of one picture in and one out.

    name: what sentences call it. Raises CheckpointError for a model that is none, or whose weights
    are not all finite numbers.
    """
    import keras

    if not all(np.isfinite(weight).all() for weight in model.get_weights()):
        raise CheckpointError(
            f"{name}: not all weights are finite numbers: its training diverged. Take an earlier "
            "file of it."
        )
    _in_float32(model, name)
    inputs, outputs = getattr(model, "inputs", None), getattr(model, "outputs", None)
    if not inputs or not outputs:
        picture = keras.Input(_shape_it_was_built_for(model, name)[1:])
        try:
            model = keras.Model(picture, model(picture, training=False))
        except Exception as error:  # the user's own call
            raise CheckpointError(
                f"{name} cannot be called: {type(error).__name__}: {first_sentence(error)} "
                f"Expected a generator, not a model that only trains one. {AS_A_FUNCTION}"
            ) from error
        inputs, outputs = model.inputs, model.outputs
    for ends, what, channels in ((inputs, "input", TAKEN), (outputs, "output", PAINTED)):
        if len(ends) != 1:
            shapes = ", ".join(f"{each.name!r} {tuple(each.shape)}" for each in ends)
            raise CheckpointError(
                f"{name}: expected one {what}, a picture, received {len(ends)}: {shapes}. "
                f"{AS_A_FUNCTION}"
            )
        _require_picture(ends[0].shape, name, what, channels=channels)
    (picture,), (painted,) = inputs, outputs
    if picture.dtype != "float32":
        raise CheckpointError(
            f"{name}: expected a net that takes float32, received {picture.dtype}. Give "
            "module:function, of a function that returns keras.models.clone_model(net, "
            "input_tensors=keras.Input(shape)) with its weights."
        )
    if painted.dtype != "float32":
        painted = keras.ops.cast(painted, "float32")
    if painted is model.output and isinstance(model.input, keras.KerasTensor):
        return model
    return keras.Model(picture, painted, name=model.name)  # of a list or dictionary of one, too


def _in_float32(model: "keras.Model", name: str) -> None:
    """Let each layer whose weights are float32 compute in it: mixed precision is of trainings.

    Raises CheckpointError for one that Keras quantized, of which no converter knows the layers.
    """
    # Private to Keras 3, whose public `layers` leaves out those within layers.
    for layer in model._flatten_layers():
        if getattr(layer, "quantization_mode", None) is not None:
            raise CheckpointError(
                f"{name}: the layer {layer.name!r} is quantized already, to "
                f"{layer.quantization_mode}. Bring the net from before quantize(): --recipe int8 "
                "and others store it in fewer bits."
            )
        if layer.variable_dtype == "float32" and layer.compute_dtype != "float32":
            layer.dtype_policy = "float32"


def fixed_size(generator: "keras.Model") -> Size | None:
    """Return the only height and width that a generator takes; None: it takes others."""
    height, width = generator.inputs[0].shape[1:3]
    return None if height is None or width is None else (int(height), int(width))


def tried(
    generator: "keras.Model", name: str, *, size: Size, values: tuple[float, float]
) -> Answered:
    """Paint a random picture of `size` twice. values: of black and white.

    Raises CheckpointError where that fails, is no picture, or comes out otherwise.
    """
    picture = _random(generator, size, values)
    try:
        painted, again = (np.asarray(generator(picture, training=False)) for _ in range(2))
    except Exception as error:  # of TensorFlow, or the user's own layers
        larger = _next_taken(generator, size, values)
        such = "" if larger is None else f": {said(larger)} would do"
        raise CheckpointError(
            f"{name} does not take pictures of {said(size)} pixels: {first_sentence(error)} Name "
            f"another size with --size{such}."
        ) from error
    received = tuple(painted.shape)
    _require_picture(received, name, "output", channels=PAINTED)
    fitting = [n for n in range(1, MOST_ENLARGED + 1) if times(size, n) == received[1:3]]
    if not fitting:
        raise CheckpointError(
            f"{name}: expected a picture as large as what it is given, {said(size)} pixels, or a "
            f"whole number of times as large, received {said((received[1], received[2]))}."
        )
    if not np.isfinite(painted).all():
        raise CheckpointError(f"{name} makes NaN or infinity of a random picture. Is it whole?")
    if not np.array_equal(painted, again):
        raise CheckpointError(
            f"{name} makes another picture of the same one each time: a layer draws random numbers "
            "at inference too. Replace it, and save the net again."
        )
    return Answered(
        channels=received[-1],
        enlarged=fitting[0],
        low=float(painted.min()),
        high=float(painted.max()),
    )


def _random(generator: "keras.Model", size: Size, values: tuple[float, float]) -> np.ndarray:
    shape = (1, *size, generator.inputs[0].shape[-1])
    return np.random.default_rng(0).uniform(*values, shape).astype(np.float32)


def _next_taken(generator: "keras.Model", size: Size, values: tuple[float, float]) -> Size | None:
    """Return the next size that a generator takes: most halve their pictures a few times."""
    for halvings in range(1, MOST_HALVINGS + 1):
        height, width = (side + -side % 2**halvings for side in size)
        if (height, width) != size:
            with suppress(Exception):  # as above
                generator(_random(generator, (height, width), values), training=False)
                return height, width
    return None


def _shape_it_was_built_for(model: "keras.Model", name: str) -> tuple[int | None, ...]:
    """Return the shape of the input of a model of a class of its own."""
    shapes: Any = getattr(model, "_build_shapes_dict", None) or {}
    (shape,) = shapes.values() if len(shapes) == 1 else (None,)
    if not isinstance(shape, tuple | list) or not all(isinstance(n, int | None) for n in shape):
        raise CheckpointError(
            f"{name} does not say what it takes: expected a model that was built for one picture. "
            "Give module:function, of a function that returns keras.Model(picture, net(picture)) "
            "with picture = keras.Input((None, None, 3))."
        )
    return tuple(shape)


def _require_picture(shape: Any, name: str, what: str, *, channels: tuple[int, ...]) -> None:
    shape = tuple(shape)
    if len(shape) == 4 and (shape[-1] in channels or (what == "output" and shape[-1] is None)):
        return
    turned = ""
    if len(shape) == 4 and shape[1] in channels:
        turned = " Channels come last here: transpose at both ends, in a function of yours."
    listed = ", ".join(map(str, channels[:-1]))
    raise CheckpointError(
        f"{name}: expected an {what} of (batch, height, width, channels) with {listed} or "
        f"{channels[-1]} channels, received {shape}.{turned}"
    )
