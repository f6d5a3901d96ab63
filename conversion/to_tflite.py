"""python -m conversion.to_tflite ckpt [--recipe fp16]

Export a checkpoint as a TFLite model of builtin operations, channels last. Float32 tensors in
[-1, 1] in and out; w8a8 takes and returns pixels, uint8. Recipes: fp32, fp16, int8, w8a8, w8a16,
or all of them.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from conversion.export.artifact import Built, export_artifact
from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.every_recipe import convert_asked_for
from conversion.export.function import (
    byte_function_of,
    tensor_function,
    tensor_function_of,
)
from conversion.export.size import Size, parse_size
from conversion.interface import Interface, byte_interface, tensor_interface
from conversion.quantized.flatbuffer import require_builtin
from conversion.recipes import Recipe, recipe_named
from training.run.checkpoint import Checkpoint, load_generator
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

SIGNATURE = "colorize"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to_tflite.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    recipe: str = "fp16"  # fp32, fp16, int8, w8a8, w8a16, or all
    data: Path | None = None  # drawings to calibrate on; default: what it was trained on
    size: str | None = None  # pixels, 512 or 1024x704; default: as trained
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None  # default: RUN/exports
    overwrite: bool = False  # replace an existing output


def convert(
    ckpt: Path,
    output: Path | None = None,
    *,
    recipe: str = "fp16",
    data: Path | None = None,
    size: Size | None = None,
    overwrite: bool = False,
) -> Path:
    """Export a checkpoint to `output` (a .tflite; default RUN/exports). Returns the path.

    data: folder whose training drawings calibrate w8a8 and w8a16; default: what the checkpoint was
    trained on. Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    chosen = recipe_named(recipe, format="tflite")
    return export_artifact(
        ckpt,
        output,
        format="tflite",
        recipe=chosen,
        build=lambda checkpoint, size: _build(checkpoint, recipe=chosen, data=data, size=size),
        tools=("tensorflow", "keras"),
        size=size,
        overwrite=overwrite,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    size = None if options.size is None else parse_size(options.size)
    for path in convert_asked_for(
        options.ckpt,
        options.output,
        format="tflite",
        recipe=options.recipe,
        overwrite=options.overwrite,
        convert=lambda ckpt, output, recipe: convert(
            ckpt,
            output,
            recipe=recipe,
            data=options.data,
            size=size,
            overwrite=options.overwrite,
        ),
        size=size,
    ):
        print(path, flush=True)
    return DONE


def _build(checkpoint: Checkpoint, *, recipe: Recipe, data: Path | None, size: Size) -> Built:
    if recipe.calibrated:
        model, interface, details = _quantized(checkpoint, recipe=recipe, data=data, size=size)
    else:
        function, generator = tensor_function(checkpoint, size=size)
        model = _converted(generator, function, prepare=lambda c: _prepare(c, recipe=recipe))
        interface, details = tensor_interface(size), {}
    require_builtin(model)
    return Built(save=lambda path: path.write_bytes(model), interface=interface, details=details)


def _prepare(converter: Any, *, recipe: Recipe) -> None:
    import tensorflow as tf

    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]  # no flex operation
    if recipe.name != "fp32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]  # by itself: weights in int8
    if recipe.name == "fp16":
        converter.target_spec.supported_types = [tf.float16]


def _quantized(
    checkpoint: Checkpoint, *, recipe: Recipe, data: Path | None, size: Size
) -> tuple[bytes, Interface, dict[str, str]]:
    """Return a model that computes in integers, its ports, and how it was made, in words."""
    drawings = calibration_drawings(checkpoint, data, size=size)
    import_tensorflow_quietly()
    from conversion.quantized import tflite
    from conversion.quantized.equalize import equalized
    from conversion.quantized.plain_selu import with_plain_selu

    generator = equalized(with_plain_selu(load_generator(checkpoint)), drawings)
    if recipe.name == "w8a16":
        function, interface = tensor_function_of(generator, size=size), tensor_interface(size)
        prepare = tflite.prepare_w8a16(drawings, signature=SIGNATURE)
        model = _converted(generator, function, prepare=prepare)
    else:
        function, interface = byte_function_of(generator, size=size), byte_interface(size)
        model = tflite.w8a8(
            drawings,
            signature=SIGNATURE,
            convert=lambda prepare: _converted(generator, function, prepare=prepare),
        )
    details = calibrated_on(checkpoint, data, drawings) | tflite.details(model)
    return model, interface, details


def _converted(generator: Any, function: Any, *, prepare: Callable[[Any], None]) -> bytes:
    """Return the .tflite that a converter makes of a function once it is prepared."""
    import keras
    import tensorflow as tf

    # Through a SavedModel with an explicit endpoint: from_concrete_functions loses the variables
    # of a Keras 3 model and returns NaN.
    archive = keras.export.ExportArchive()
    archive.track(generator)
    archive.add_endpoint(SIGNATURE, function)
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[SIGNATURE])
        prepare(converter)
        model: bytes = converter.convert()
    return model


if __name__ == "__main__":
    sys.exit(main())
