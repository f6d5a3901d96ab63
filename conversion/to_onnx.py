"""python -m conversion.to_onnx ckpt [--recipe fp16]

Export a checkpoint as an ONNX model: float32 tensors in [-1, 1] in and out, channels last.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from conversion.artifact import Built, export_artifact
from conversion.export_function import size_of, tensor_function
from conversion.interface import tensor_interface
from conversion.recipes import Recipe, recipe_named
from training.checkpoint import Checkpoint
from training.command import DONE, run_command
from training.tensorflow_log import import_tensorflow_quietly

OPSET = 18  # the newest that tf2onnx 1.17 writes


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to_onnx.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    recipe: str = "fp16"  # fp32 or fp16
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None  # default: RUN/exports
    overwrite: bool = False  # replace an existing output


def convert(
    ckpt: Path, output: Path | None = None, *, recipe: str = "fp16", overwrite: bool = False
) -> Path:
    """Export a checkpoint to `output` (a .onnx; default RUN/exports). Returns the path.

    Raises CheckpointError, UnsupportedTarget, OutputExists, ConversionError.
    """
    chosen = recipe_named(recipe, format="onnx")
    return export_artifact(
        ckpt,
        output,
        format="onnx",
        recipe=chosen,
        build=lambda checkpoint: _build(checkpoint, recipe=chosen),
        tools=("tf2onnx", "onnx", "onnxruntime", "tensorflow", "keras"),
        overwrite=overwrite,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(convert(options.ckpt, options.output, recipe=options.recipe, overwrite=options.overwrite))
    return DONE


def _build(checkpoint: Checkpoint, *, recipe: Recipe) -> Built:
    import_tensorflow_quietly()
    import onnx
    import tf2onnx

    function, _generator = tensor_function(checkpoint)
    model, _ = tf2onnx.convert.from_function(
        function, input_signature=function.input_signature, opset=OPSET
    )
    if recipe.name == "fp16":
        from onnxruntime.transformers.float16 import convert_float_to_float16
        from onnxruntime.transformers.onnx_model import OnnxModel

        model = convert_float_to_float16(model, keep_io_types=True)
        OnnxModel(model).topological_sort()  # the casts of the inputs were appended last
    onnx.checker.check_model(model, full_check=True)
    return Built(
        save=lambda path: path.write_bytes(model.SerializeToString()),
        interface=tensor_interface(size_of(checkpoint)),
    )


if __name__ == "__main__":
    sys.exit(main())
