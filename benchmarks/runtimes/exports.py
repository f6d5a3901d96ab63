"""The exported models that stand in a run folder."""

from pathlib import Path

from conversion.errors import ArtifactError
from conversion.export.origins.origin import Origin
from conversion.export.plan import SUFFIXES
from conversion.recipes import RECIPES


def exports_of(origin: Origin) -> list[Path]:
    """Return every export in RUN/exports, by format, then in the order of the recipes.

    Not what conversion.from_coreml makes of one there, which is named after it: a.mlpackage.onnx.
    """
    formats, recipes = list(SUFFIXES.values()), list(RECIPES)

    def place(path: Path) -> tuple[int, int, str]:
        # The longest: palette6 stands in prune50-palette6 too.
        named = [recipe for recipe in recipes if f"-{recipe}" in path.stem]
        recipe = recipes.index(max(named, key=len)) if named else len(recipes)
        return formats.index(path.suffix), recipe, path.name

    models = origin.exports.glob("[!.]*")
    found = (path for path in models if path.suffix in formats)
    return sorted((path for path in found if Path(path.stem).suffix not in formats), key=place)


def standing_exports(origin: Origin) -> list[Path]:
    """Return what `exports_of` does. Raises ArtifactError where there is none."""
    found = exports_of(origin)
    if not found:
        raise ArtifactError(
            f"{origin.exports}: expected exported models, received none. Export some "
            f"first: python -m conversion.to_coreml {origin.location}"
        )
    return found
