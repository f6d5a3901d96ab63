"""python -m conversion.to_tflite ckpt [--recipe fp16]

Export a checkpoint as a TFLite model: float32 tensors in [-1, 1] in and out, channels last.
"""

import sys
import tempfile
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

SIGNATURE = "colorize"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to_tflite.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    recipe: str = "fp16"  # fp32 or fp16
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None  # default: RUN/exports
    overwrite: bool = False  # replace an existing output


def convert(
    ckpt: Path, output: Path | None = None, *, recipe: str = "fp16", overwrite: bool = False
) -> Path:
    """Export a checkpoint to `output` (a .tflite; default RUN/exports). Returns the path.

    Raises CheckpointError, UnsupportedTarget, OutputExists, ConversionError.
    """
    chosen = recipe_named(recipe, format="tflite")
    return export_artifact(
        ckpt,
        output,
        format="tflite",
        recipe=chosen,
        build=lambda checkpoint: _build(checkpoint, recipe=chosen),
        tools=("tensorflow", "keras"),
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
    import keras
    import tensorflow as tf

    function, generator = tensor_function(checkpoint)
    # Through a SavedModel with an explicit endpoint: from_concrete_functions loses the variables
    # of a Keras 3 model and returns NaN.
    archive = keras.export.ExportArchive()
    archive.track(generator)
    archive.add_endpoint(SIGNATURE, function)
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[SIGNATURE])
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]  # no flex operation
        if recipe.name == "fp16":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.target_spec.supported_types = [tf.float16]
        model = converter.convert()
    return Built(
        save=lambda path: path.write_bytes(model),
        interface=tensor_interface(size_of(checkpoint)),
    )


if __name__ == "__main__":
    sys.exit(main())
