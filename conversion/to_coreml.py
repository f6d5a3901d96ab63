"""python -m conversion.to_coreml ckpt [--recipe fp16] [--target iOS16]

Export a checkpoint as a Core ML ML Program that takes a grey picture and returns an RGB picture.
Recipes: fp32, fp16, int8, palette8, palette6, palette4, prune50-palette6, w8a8; "all" of them that
the target can hold; or "auto": each layer in as few bits as --min-psnr allows.
"""

import logging
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from conversion.errors import ConversionError, UnsupportedTarget
from conversion.export.artifact import Built, export_artifact
from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.every_recipe import convert_asked_for
from conversion.export.function import image_function
from conversion.export.size import Size, parse_size
from conversion.interface import INPUT_NAME, OUTPUT_NAME, image_interface
from conversion.recipes import AUTO, Recipe, recipe_named
from training import pixels
from training.run.checkpoint import Checkpoint
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    from conversion.coreml.search import Search

# What ml-stable-diffusion asks of a converted model.
DEFAULT_MIN_PSNR_DB = 35.0
TARGETS = ("iOS16", "iOS17", "iOS18", "iOS26")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to_coreml.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    recipe: str = "fp16"  # one of those above, all, or auto
    min_psnr: float | None = None  # of auto: dB to Keras float32, worst drawing; default 35
    target: str | None = None  # oldest system that must run it; default: the oldest of the recipe
    data: Path | None = None  # drawings for w8a8 and auto; default: what it was trained on
    author: str = "made with Nurie"  # shown by Xcode
    size: str | None = None  # pixels, 512 or 1024x704; default: as trained
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None  # default: RUN/exports
    overwrite: bool = False  # replace an existing output


def convert(
    ckpt: Path,
    output: Path | None = None,
    *,
    recipe: str = "fp16",
    min_psnr_db: float | None = None,
    target: str | None = None,
    data: Path | None = None,
    author: str = "made with Nurie",
    size: Size | None = None,
    overwrite: bool = False,
) -> Path:
    """Export a checkpoint to `output` (a .mlpackage; default RUN/exports). Returns the path.

    min_psnr_db: of the recipe auto; default 35. data: folder whose training drawings w8a8 and auto
    are held to; default: what the checkpoint was trained on.
    Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    chosen = recipe_named(recipe, format="coreml")
    chosen_target = _target(target, recipe=chosen)
    wanted_db = _wanted_db(min_psnr_db, recipe=chosen)
    return export_artifact(
        ckpt,
        output,
        format="coreml",
        recipe=chosen,
        build=lambda checkpoint, size: _build(
            checkpoint,
            recipe=chosen,
            min_psnr_db=wanted_db,
            target=chosen_target,
            author=author,
            data=data,
            size=size,
        ),
        tools=("coremltools", "tensorflow", "keras"),
        target=chosen_target,
        size=size,
        overwrite=overwrite,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    size = None if options.size is None else parse_size(options.size)
    if options.recipe == "all" and options.min_psnr is not None:
        raise ConversionError("--min-psnr belongs to --recipe auto, received all. Leave it out.")
    if options.target is not None:
        _require_known(options.target)  # "all" leaves out what a target cannot hold, not a typo
    for path in convert_asked_for(
        options.ckpt,
        options.output,
        format="coreml",
        recipe=options.recipe,
        overwrite=options.overwrite,
        convert=lambda ckpt, output, recipe: convert(
            ckpt,
            output,
            recipe=recipe,
            min_psnr_db=options.min_psnr,
            target=options.target,
            data=options.data,
            author=options.author,
            size=size,
            overwrite=options.overwrite,
        ),
        size=size,
        target_of=lambda recipe: _target(options.target, recipe=recipe),
    ):
        print(path, flush=True)
    return DONE


def _require_known(target: str) -> None:
    if target not in TARGETS:
        raise UnsupportedTarget(f"unknown target {target!r}; choose from {', '.join(TARGETS)}.")


def _target(target: str | None, *, recipe: Recipe) -> str:
    """Return the deployment target, refused where it cannot hold the recipe."""
    if target is None:
        return recipe.oldest_target
    _require_known(target)
    if TARGETS.index(target) < TARGETS.index(recipe.oldest_target):
        raise UnsupportedTarget(
            f"{recipe.name} needs {recipe.oldest_target} or newer, received {target}. Choose "
            "another recipe, or leave --target out."
        )
    return target


def _wanted_db(min_psnr_db: float | None, *, recipe: Recipe) -> float:
    """Return what auto must reach, refused where it is no such number or nobody would use it."""
    if min_psnr_db is None:
        return DEFAULT_MIN_PSNR_DB
    if recipe is not AUTO:
        raise ConversionError(
            f"--min-psnr belongs to --recipe auto, received recipe {recipe.name}. Leave it out: "
            "benchmarks.parity holds every other recipe to a gate of its own."
        )
    if not 0 < min_psnr_db < math.inf:
        raise ConversionError(f"--min-psnr: expected dB above 0, received {min_psnr_db:g}.")
    return min_psnr_db


def _build(
    checkpoint: Checkpoint,
    *,
    recipe: Recipe,
    min_psnr_db: float,
    target: str,
    author: str,
    data: Path | None,
    size: Size,
) -> Built:
    from conversion.coreml import activations, auto, package, weights

    model = _convert(checkpoint, recipe=recipe, target=target, size=size)
    grouped = TARGETS.index(target) >= TARGETS.index(weights.GROUPED_SINCE)
    details: dict[str, str] = {}
    found: Search | None = None
    if recipe is AUTO:
        model, details, found = auto.store_automatically(
            model, checkpoint, min_psnr_db=min_psnr_db, grouped=grouped, data=data, size=size
        )
    elif recipe.name == "w8a8":
        drawings = calibration_drawings(checkpoint, data, size=size)
        model, details = activations.quantize(model, drawings)
        details = calibrated_on(checkpoint, data, drawings) | details
    elif recipe.name == "prune50-palette6":
        model, details = weights.store_pruned(model)
    elif recipe.name not in ("fp32", "fp16"):
        model, details = weights.store_uniformly(model, recipe.name, grouped=grouped)
    _describe(model, checkpoint, author=author, size=size)
    return Built(
        save=lambda path: package.save(model, path),
        interface=image_interface(size),
        details=details,
        gate_db=found.min_psnr_db if found else None,
        search=found.as_json() if found else None,
    )


def _convert(checkpoint: Checkpoint, *, recipe: Recipe, target: str, size: Size) -> Any:
    # Its progress bars and its warnings about newer TensorFlow and scikit-learn are not ours to
    # pass on: what it makes is checked by benchmarks.parity instead.
    os.environ.setdefault("TQDM_DISABLE", "1")
    logging.getLogger("coremltools").setLevel(logging.ERROR)
    import_tensorflow_quietly()
    import coremltools as ct

    return ct.convert(
        [image_function(checkpoint, size=size).get_concrete_function()],
        source="tensorflow",
        convert_to="mlprogram",
        inputs=[
            ct.ImageType(
                name=INPUT_NAME,
                shape=(1, *size, 1),
                scale=pixels.SCALE,
                bias=pixels.BIAS,
                color_layout=ct.colorlayout.GRAYSCALE,
            )
        ],
        outputs=[ct.ImageType(name=OUTPUT_NAME, color_layout=ct.colorlayout.RGB)],
        compute_precision=(ct.precision.FLOAT32 if recipe.name == "fp32" else ct.precision.FLOAT16),
        minimum_deployment_target=ct.target[target],
        skip_model_load=True,
    )


def _describe(model: Any, checkpoint: Checkpoint, *, author: str, size: Size) -> None:
    """Fill in what Xcode shows of a model."""
    height, width = size
    model.author = author
    model.license = f"Trained on {checkpoint.data.source} ({checkpoint.data.licence})"
    model.short_description = "Colours line art."
    model.version = f"epoch {checkpoint.epoch}, {checkpoint.sha256[:12]}"
    model.user_defined_metadata["nurie.checkpoint_sha256"] = checkpoint.sha256
    model.user_defined_metadata["nurie.credit"] = checkpoint.data.credit
    model.input_description[INPUT_NAME] = (
        f"Line drawing, {width}x{height} pixels, grey: paper is white, ink is black."
    )
    model.output_description[OUTPUT_NAME] = f"The coloured drawing, {width}x{height} pixels, RGB."


if __name__ == "__main__":
    sys.exit(main())
