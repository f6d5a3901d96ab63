"""python -m conversion.to_onnx ckpt [--recipe fp16]

Export a checkpoint as an ONNX model: float32 tensors in [-1, 1] in and out, channels last.
Recipes: fp32, fp16, int8, w8a8, or all of them.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from conversion.export.artifact import Built, export_artifact
from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.every_recipe import convert_asked_for
from conversion.export.function import tensor_function, tensor_function_of
from conversion.export.size import Size, parse_size
from conversion.interface import tensor_interface
from conversion.recipes import Recipe, recipe_named
from training.run.checkpoint import Checkpoint, load_generator
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

OPSET = 18  # the newest that tf2onnx 1.17 writes


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to_onnx.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    recipe: str = "fp16"  # fp32, fp16, int8, w8a8, or all
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
    """Export a checkpoint to `output` (a .onnx; default RUN/exports). Returns the path.

    data: folder whose training drawings calibrate w8a8; default: what the checkpoint was trained
    on. Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    chosen = recipe_named(recipe, format="onnx")
    return export_artifact(
        ckpt,
        output,
        format="onnx",
        recipe=chosen,
        build=lambda checkpoint, size: _build(checkpoint, recipe=chosen, data=data, size=size),
        tools=("tf2onnx", "onnx", "onnxruntime", "tensorflow", "keras"),
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
        format="onnx",
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
    drawings = calibration_drawings(checkpoint, data, size=size) if recipe.calibrated else None
    import_tensorflow_quietly()
    import onnx

    details: dict[str, str] = {}
    if drawings is not None:
        from conversion.quantized.equalize import equalized
        from conversion.quantized.onnx import with_int8_activations

        generator = equalized(load_generator(checkpoint), drawings)
        model = _as_trained(tensor_function_of(generator, size=size))
        model, details = with_int8_activations(model, drawings)
        details = calibrated_on(checkpoint, data, drawings) | details
    else:
        function, _generator = tensor_function(checkpoint, size=size)
        model = _as_trained(function)
    if recipe.name == "int8":
        from conversion.quantized.onnx import with_int8_weights

        model, details = with_int8_weights(model)
    if recipe.name == "fp16":
        from onnxruntime.transformers.float16 import convert_float_to_float16
        from onnxruntime.transformers.onnx_model import OnnxModel

        model = convert_float_to_float16(model, keep_io_types=True)
        OnnxModel(model).topological_sort()  # the casts of the inputs were appended last
    onnx.checker.check_model(model, full_check=True)
    return Built(
        save=lambda path: path.write_bytes(model.SerializeToString()),
        interface=tensor_interface(size),
        details=details,
    )


def _as_trained(function: Any) -> Any:
    """Return the ONNX model of a tf.function, in float32."""
    # tf2onnx would keep a copy of the graph for each optimization that might fail: 54 M parameters
    # then take over 21 GB, without 14. What fails is an error now; any value says so to tf2onnx.
    os.environ["TF2ONNX_CATCH_ERRORS"] = "FALSE"
    import tf2onnx

    model, _ = tf2onnx.convert.from_function(
        function, input_signature=function.input_signature, opset=OPSET
    )
    return model


if __name__ == "__main__":
    sys.exit(main())
