"""python -m benchmarks.ios_bundle ckpt [--recipes fp16]

Fill ios_demo_assets/models/RUN with what the demo app loads: Core ML packages, their manifests, and
golden drawings with the pictures that Keras paints of them. A model that does not paint those
within the gate of its recipe is refused, and nothing is written.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from benchmarks.agreement import ArtifactParity, measure_artifact
from benchmarks.bundle_index import (
    INDEX,
    BundledModel,
    BundleIndex,
    GoldenDrawing,
    write_golden_picture,
    write_index,
)
from benchmarks.drawings import sample_drawings
from benchmarks.gates import gate_db
from conversion.export_size import size_of
from conversion.manifest import artifact_sha256
from conversion.recipes import recipe_named
from training.atomic import require_absent, written_whole
from training.checkpoint import Checkpoint, find_checkpoint
from training.command import DONE, FAILED, run_command
from training.errors import ConfigError, NurieError

MODELS = Path(__file__).resolve().parents[1] / "ios_demo_assets" / "models"


class GateFailed(NurieError):
    """A model was measured, and does not paint what Keras paints."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What ios_bundle.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    # one Core ML package each
    recipes: Annotated[tuple[str, ...], tyro.conf.arg(aliases=["--recipe"])] = ("fp16",)
    target: str = "iOS16"  # oldest system that must run the models
    # A folder; default: ios_demo_assets/models/RUN.
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None
    overwrite: bool = False  # replace an earlier bundle, whole


def bundle(
    ckpt: Path,
    output: Path,
    *,
    recipes: Sequence[str] = ("fp16",),
    target: str = "iOS16",
    overwrite: bool = False,
) -> list[ArtifactParity]:
    """Write the folder `output`, whole or not at all. Returns how each model was measured.

    Raises GateFailed after measuring; CheckpointError, UnsupportedTarget, ConfigError,
    OutputExists before any work.
    """
    if not recipes or len(set(recipes)) < len(recipes):
        raise ConfigError(f"recipes: expected one or more, each once, received {list(recipes)}.")
    for recipe in recipes:
        recipe_named(recipe, format="coreml")
        gate_db(recipe)
    require_absent(output, overwrite=overwrite, marker=INDEX)
    checkpoint = find_checkpoint(ckpt)

    from conversion import to_coreml

    with written_whole(output, overwrite=overwrite, marker=INDEX) as partial:
        packages = [
            to_coreml.convert(
                checkpoint.folder,
                partial / f"{checkpoint.run.resolve().name}-{recipe}.mlpackage",
                recipe=recipe,
                target=target,
            )
            for recipe in recipes
        ]
        lineart = {
            drawing.name: drawing.lineart for drawing in sample_drawings(size_of(checkpoint))
        }
        reference = _paint(checkpoint, lineart)
        rows = _measure(packages, lineart, reference=reference)
        golden = [
            GoldenDrawing(
                name=name,
                lineart=write_golden_picture(lineart[name], partial, f"{name}-lineart"),
                color=write_golden_picture(reference[name], partial, f"{name}-color"),
            )
            for name in lineart
        ]
        models = [
            BundledModel(
                artifact=package.name,
                sha256=artifact_sha256(package),
                recipe=recipe,
                gate_psnr_db=gate_db(recipe),
            )
            for package, recipe in zip(packages, recipes, strict=True)
        ]
        index = BundleIndex(checkpoint_sha256=checkpoint.sha256, models=models, golden=golden)
        write_index(index, partial)
    return rows


def default_folder(ckpt: Path) -> Path:
    """Return ios_demo_assets/models/<run>: the app takes every bundle that it finds there."""
    return MODELS / find_checkpoint(ckpt).run.resolve().name


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    output = options.output or default_folder(options.ckpt)
    try:
        rows = bundle(
            options.ckpt,
            output,
            recipes=options.recipes,
            target=options.target,
            overwrite=options.overwrite,
        )
    except GateFailed as failed:
        print(failed)
        return FAILED
    for row in rows:
        print(f"{Path(row.artifact).name}: {len(row.pictures)} golden drawings, {row.verdict}")
    print(output)
    return DONE


def _paint(checkpoint: Checkpoint, lineart: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what Keras paints of each drawing, in float32."""
    from training.checkpoint import load_generator
    from training.colorizer import colorize_pixels

    painted = colorize_pixels(load_generator(checkpoint), np.stack(list(lineart.values())))
    return dict(zip(lineart, painted, strict=True))


def _measure(
    packages: Sequence[Path], lineart: dict[str, np.ndarray], *, reference: dict[str, np.ndarray]
) -> list[ArtifactParity]:
    """Hold every package to Keras. Raises GateFailed naming each one that fails."""
    from training.progress import Progress

    with Progress("parity", total=len(packages) * len(lineart), unit="drawings") as progress:
        rows = [
            measure_artifact(path, lineart, reference=reference, after_each=progress.advance)
            for path in packages
        ]
    failed = [f"{Path(row.artifact).name}: {row.verdict}" for row in rows if not row.passed]
    if failed:
        raise GateFailed("\n".join([*failed, "No bundle was written: look at benchmarks.parity."]))
    return rows


if __name__ == "__main__":
    sys.exit(main())
