"""Decide what an export will make, and refuse what is impossible before any work."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from conversion.errors import ConversionError, UnsupportedTarget
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.find import find_origin
from conversion.export.origins.origin import Origin
from conversion.export.size import Size, said
from conversion.recipes import (
    Format,
    Recipe,
    is_at_least,
    known_target,
    recipes_of,
    target_of,
)
from training.data.named import Terms
from training.errors import DataError
from training.files.atomic import require_absent

SUFFIXES: dict[Format, str] = {
    "coreml": ".mlpackage",
    "tflite": ".tflite",
    "onnx": ".onnx",
    "coreai": ".aimodel",
}
# The first target of Core ML where more than one input may have a list of sizes.
SEVERAL_LISTS_SINCE = "iOS18"
# The file that every folder of a format holds; other formats are files.
MARKERS: dict[Format, str] = {"coreml": "Manifest.json", "coreai": "main.mlirb"}


@dataclass(frozen=True, kw_only=True)
class Export:
    """One model to be made of a checkpoint, or of a generator of the user's."""

    origin: Origin
    format: Format
    recipe: Recipe
    target: str | None  # of Core ML
    sizes: tuple[Size, ...]  # of the pictures that it serves, at least one
    data: Path | None = None  # folder whose drawings it looks at; None: that of the training
    output: Path
    overwrite: bool = False

    @property
    def size(self) -> Size:
        """The first of its sizes: what a consumer that looks at one alone gets."""
        return self.sizes[0]


def plan_exports(
    ckpt: Path,
    output: Path | None = None,
    *,
    format: Format,
    recipes: Sequence[Recipe],
    target: str | None = None,
    sizes: Sequence[Size] = (),
    data: Path | None = None,
    own: Asked = NOTHING,
    overwrite: bool = False,
) -> list[Export]:
    """Return one export for each recipe, all of one format.

    output: default RUN/exports, see `default_output`. target: of Core ML; default: the oldest that
    holds the recipe. Of several recipes, those that a target cannot hold are left out, with a word
    on stderr. sizes: default: as trained. data: see `Export`. own: what the user says of a
    generator of their own. Whatever can be refused is refused here, so that an existing file or a
    missing folder does not stop a long export halfway, and the checkpoint is found, and its bytes
    are hashed, once: a run that is training grows newer ones.
    Raises CheckpointError, UnsupportedTarget, OutputExists, ConversionError, DataError.
    """
    several = len(recipes) > 1
    if several:
        if output:
            raise ConversionError(
                f"--recipe all writes {len(recipes)} models, received one output {output}. Leave "
                "-o out: they go to RUN/exports."
            )
        if target is not None:
            target = known_target(target)  # a typo is not what a target cannot hold
    if output:
        require_suffix(output, format=format)
    origin = find_origin(ckpt, own, size=sizes[0] if sizes else None)
    fitting = fitting_sizes(origin, sizes)
    hinted = origin.ports.hints
    held: list[tuple[Recipe, str | None]] = []  # each with its target
    for recipe in recipes:
        try:
            its_target = target_of(recipe, target) if format == "coreml" else None
            if its_target and hinted and len(fitting) > 1:
                its_target = _target_of_several(its_target, asked=target)
            held.append((recipe, its_target))
        except UnsupportedTarget as error:
            if not several:
                raise
            print(f"skipped: {error}", file=sys.stderr)
    exports = [
        Export(
            origin=origin,
            format=format,
            recipe=recipe,
            target=its_target,
            sizes=fitting,
            data=data,
            output=output
            or default_output(
                origin,
                format=format,
                recipe=recipe,
                target=its_target,
                sizes=fitting,
            ),
            overwrite=overwrite,
        )
        for recipe, its_target in held
    ]
    for export in exports:
        require_absent(export.output, overwrite=overwrite, marker=marker_of(format))
    _require_drawings(origin, data, recipes=[export.recipe for export in exports], format=format)
    return exports


def _require_drawings(
    origin: Origin, data: Path | None, *, recipes: Sequence[Recipe], format: Format
) -> None:
    """Raise DataError where a recipe looks at drawings, and there are none."""
    looking = [recipe.name for recipe in recipes if recipe.needs_drawings(format)]
    if not looking:
        return
    try:
        origin.require_drawings(data)
    except DataError as error:
        known = recipes_of(format).values()
        others = [recipe.name for recipe in known if not recipe.needs_drawings(format)]
        looks = "looks" if len(looking) == 1 else "look"
        raise DataError(
            f"{', '.join(looking)} {looks} at drawings: {error} {', '.join(others)} need none."
        ) from error


def credited(exports: Sequence[Export], terms: Terms) -> list[Export]:
    """Return exports whose models state other terms than their origin does."""
    return [replace(export, origin=export.origin.under(terms)) for export in exports]


def fitting_sizes(origin: Origin, asked: Sequence[Size] = ()) -> tuple[Size, ...]:
    """Return the sizes of an export: its origin's own, or what is asked for, in this order.

    Raises ConversionError for a size that it cannot take, and for one that is named twice.
    """
    twice = [size for n, size in enumerate(asked) if size in asked[:n]]
    if twice:
        raise ConversionError(
            f"--size: expected sizes that differ, received {said(twice[0])} twice. Name it once."
        )
    return tuple(map(origin.fitting_size, asked)) or (origin.fitting_size(),)


def default_output(
    origin: Origin,
    *,
    format: Format,
    recipe: Recipe,
    target: str | None = None,
    sizes: Sequence[Size] = (),
) -> Path:
    """Return <run>/exports/<run>-<recipe>.<suffix>; a target or size of its own is named.

    So demo-palette4.mlpackage runs wherever that recipe does, and demo-palette4-iOS18.mlpackage and
    demo-palette4-512px.mlpackage are other models.
    """
    suffix = "" if target in (None, recipe.oldest_target) else f"-{target}"
    if sizes and tuple(sizes) != (origin.fitting_size(),):
        suffix += f"-{'-'.join(map(said, sizes))}px"
    name = f"{origin.name}-{recipe.name}{suffix}{SUFFIXES[format]}"
    return origin.exports / name


def _target_of_several(target: str, *, asked: str | None) -> str:
    """Return the Core ML target of a net with hints that serves several sizes.

    It takes three pictures, and before iOS 18 one input alone may list its sizes
    (coremltools 9.0, _validate_enumerated_shape_inputs). Raises UnsupportedTarget for an older one
    that was asked for.
    """
    if is_at_least(target, SEVERAL_LISTS_SINCE):
        return target
    if asked is not None:
        raise UnsupportedTarget(
            f"several sizes of a net that takes hints need {SEVERAL_LISTS_SINCE} or newer, "
            f"received {asked}. Leave --target out, or export a model for each size."
        )
    return SEVERAL_LISTS_SINCE


def require_suffix(output: Path, *, format: Format) -> None:
    """Raise ConversionError for a name of another format."""
    if output.suffix != SUFFIXES[format]:
        raise ConversionError(f"{output}: expected a name that ends in {SUFFIXES[format]}.")


def marker_of(format: Format) -> str | None:
    """Return the file that every folder of a format holds; None where the format is a file."""
    return MARKERS.get(format)
