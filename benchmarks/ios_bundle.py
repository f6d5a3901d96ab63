"""python -m benchmarks.ios_bundle ckpt [model.mlpackage...] [--recipes fp16]

Fill ios_demo_assets/models/RUN with what the demo app loads: Core ML packages, Core AI assets,
their manifests, and golden drawings with the pictures that Keras paints of them. Models that you
name are taken as they are; for each of --recipes a package is exported. A model that does not paint
the golden drawings within its gate is refused, and nothing is written.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.agreement.gates import gate_db
from benchmarks.agreement.record import ArtifactParity, measure_artifact, require_made_from
from benchmarks.agreement.sheets import Sheet
from benchmarks.ios.bundle_index import (
    INDEX,
    BundledModel,
    BundleIndex,
    write_index,
)
from benchmarks.ios.bundled_drawings import golden_drawing, golden_sheets, own_golden_drawings
from benchmarks.ios.drawable import require_drawable
from benchmarks.ios.stated import require_stated
from conversion.errors import ArtifactError
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.find import find_origin
from conversion.export.origins.origin import Origin
from conversion.export.size import Size, parsed_size, said
from conversion.manifest import manifest_path, search_path
from conversion.recipes import AUTO, recipe_named
from training.data.named import AS_PREPARED, Terms
from training.errors import ConfigError, NurieError
from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, FAILED, run_command

DEFAULT_RECIPES = ("fp16",)
MODELS = Path(__file__).resolve().parents[1] / "ios_demo_assets" / "models"


class GateFailed(NurieError):
    """A model was measured, and does not paint what Keras paints."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What ios_bundle.py is told on the command line."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained; or a Keras
    # generator of your own: a .keras or .h5 file, a SavedModel folder, or module:function
    ckpt: tyro.conf.Positional[Path]
    # Core ML packages and Core AI assets of it
    artifacts: tyro.conf.Positional[tuple[Path, ...]] = ()
    # export one Core ML package for each of these; default: fp16, if no package is named
    recipes: Annotated[tuple[str, ...], tyro.conf.arg(aliases=["--recipe"])] = ()
    min_psnr: float | None = None  # for auto: PSNR against Keras float32 to reach, dB; default: 35
    target: str | None = None  # oldest iOS that must run them; default: each recipe's oldest
    # data folder, for w8a8 and auto; default: that of the training. Of a generator of your own: a
    # folder of pictures
    data: Path | None = None
    size: str | None = None  # in pixels, of a generator of your own that takes any
    own: Annotated[Asked, tyro.conf.arg(name="")] = NOTHING
    # golden drawings: a folder of pictures that show lines; default: those of ios_demo_assets
    drawings: Path | None = None
    # the bundle's folder; default: ios_demo_assets/models/RUN
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o", "--out"])] = None
    terms: Annotated[Terms, tyro.conf.arg(name="")] = AS_PREPARED
    unstated: bool = False  # take models that do not state licence and credit of their pictures
    overwrite: bool = False  # replace an existing bundle


def bundle(
    ckpt: Path,
    output: Path,
    *,
    artifacts: Sequence[Path] = (),
    recipes: Sequence[str] = (),
    min_psnr_db: float | None = None,
    target: str | None = None,
    data: Path | None = None,
    terms: Terms = AS_PREPARED,
    unstated: bool = False,
    drawings: Path | None = None,
    own: Asked = NOTHING,
    size: Size | None = None,
    overwrite: bool = False,
) -> list[ArtifactParity]:
    """Write the folder `output`, whole or not at all. Returns how each model was measured.

    drawings: folder of the golden drawings, made clean and fitted as the app does it; default: the
    sample drawings. own, size: what the user says of a generator of their own.
    Raises GateFailed after measuring; CheckpointError, ArtifactError, UnsupportedTarget,
    ConfigError, DataError, PictureError, OutputExists before any work.
    """
    if not artifacts and not recipes:
        recipes = DEFAULT_RECIPES
    for recipe in recipes:
        if recipe_named(recipe, format="coreml") is not AUTO:
            gate_db(recipe)
    if min_psnr_db is not None and AUTO.name not in recipes:
        raise ConfigError(
            f"--min-psnr belongs to the recipe {AUTO.name}, received the recipes {list(recipes)}. "
            f"Leave it out, or pass --recipes {AUTO.name}."
        )
    require_absent(output, overwrite=overwrite, marker=INDEX)
    origin = find_origin(ckpt, own, size=size)
    require_drawable(origin)
    exported = {each: f"{origin.name}-{each}.mlpackage" for each in recipes}
    _require_different([*(path.name for path in artifacts), *(exported[name] for name in recipes)])
    if not unstated:
        require_stated(terms.of(origin.credit), artifacts=artifacts, exporting=bool(recipes))
    sizes = {_size_for_the_app(origin, path) for path in artifacts}
    size = _one_size(sizes | ({origin.fitting_size(size)} if recipes else set()))

    golden_drawings = None if drawings is None else own_golden_drawings(drawings, origin, size)

    from conversion import to_coreml

    with written_whole(output, overwrite=overwrite, marker=INDEX) as partial:
        partial.mkdir()
        packages = [_taken_over(path, partial) for path in artifacts]
        for recipe, name in exported.items():
            package = to_coreml.convert(
                ckpt,
                partial / name,
                recipe=recipe,
                min_psnr_db=min_psnr_db if recipe == AUTO.name else None,
                target=target,
                data=data,
                terms=terms,
                own=own,
                sizes=[size],
            )
            search_path(package).unlink(missing_ok=True)  # no app needs to know how it was found
            packages.append(package)
        sheets = golden_sheets(origin, size, golden_drawings)
        rows = _measure(packages, list(sheets.values()))
        golden = [golden_drawing(name, sheet, bundle=partial) for name, sheet in sheets.items()]
        models = [
            BundledModel(
                artifact=Path(row.artifact).name,
                sha256=row.sha256,
                recipe=row.recipe,
                gate_psnr_db=row.gate_db,
            )
            for row in rows
        ]
        index = BundleIndex(checkpoint_sha256=origin.sha256, models=models, golden=golden)
        write_index(index, partial)
    return rows


def default_folder(ckpt: Path, own: Asked = NOTHING, *, size: Size | None = None) -> Path:
    """Return ios_demo_assets/models/<run>: the app takes every bundle that it finds there."""
    return MODELS / find_origin(ckpt, own, size=size).name


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    size = parsed_size(options.size)
    output = options.output or default_folder(options.ckpt, options.own, size=size)
    try:
        rows = bundle(
            options.ckpt,
            output,
            artifacts=options.artifacts,
            recipes=options.recipes,
            min_psnr_db=options.min_psnr,
            target=options.target,
            data=options.data,
            terms=options.terms,
            unstated=options.unstated,
            drawings=options.drawings,
            own=options.own,
            size=size,
            overwrite=options.overwrite,
        )
    except GateFailed as failed:
        print(failed)
        return FAILED
    for row in rows:
        print(f"{Path(row.artifact).name}: {len(row.pictures)} golden pictures, {row.verdict}")
    print(output)
    return DONE


def _require_different(names: Sequence[str]) -> None:
    """Refuse two models of one name: the bundle's folder holds each under its own."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(
            f"expected models of different names, each once, received {twice} twice. Name each "
            "package and recipe once; an export of a recipe is named RUN-RECIPE.mlpackage."
        )


def _size_for_the_app(origin: Origin, artifact: Path) -> Size:
    """Return the first size of a model for the app.

    Raises ArtifactError for one of another checkpoint, and for one that the app cannot load.
    """
    manifest = require_made_from(origin, artifact)
    if manifest.format not in ("coreml", "coreai"):
        raise ArtifactError(
            f"{artifact}: expected a Core ML package or a Core AI asset for the app, received "
            f"{manifest.format}. Export one with conversion.to_coreml or to_coreai."
        )
    return manifest.interface.height_width


def _one_size(sizes: set[Size]) -> Size:
    """Return the size that all models share: the golden drawings of a bundle are for all of it."""
    if len(sizes) > 1:
        raise ConfigError(
            f"expected models of one size, received {', '.join(sorted(map(said, sizes)))}. Make a "
            "bundle for each: name the packages of one size, and another folder with -o."
        )
    (size,) = sizes
    return size


def _taken_over(artifact: Path, folder: Path) -> Path:
    """Copy a package and its manifest into a folder. Returns where the package stands there."""
    copy = folder / artifact.name
    shutil.copytree(artifact, copy)
    shutil.copy(manifest_path(artifact), manifest_path(copy))
    return copy


def _measure(packages: Sequence[Path], sheets: Sequence[Sheet]) -> list[ArtifactParity]:
    """Hold every package to Keras. Raises GateFailed naming each one that fails."""
    from training.terminal.progress import Progress

    with Progress("parity", total=len(packages) * len(sheets), unit="pictures") as progress:
        rows = [measure_artifact(path, sheets, after_each=progress.advance) for path in packages]
    failed = [f"{Path(row.artifact).name}: {row.verdict}" for row in rows if not row.passed]
    if failed:
        raise GateFailed("\n".join([*failed, "No bundle was written: look at benchmarks.parity."]))
    return rows


if __name__ == "__main__":
    sys.exit(main())
