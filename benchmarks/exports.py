"""The exported models that stand in a run folder."""

from pathlib import Path

from conversion.artifact import SUFFIXES
from conversion.errors import ArtifactError
from conversion.recipes import RECIPES
from training.checkpoint import Checkpoint


def standing_exports(checkpoint: Checkpoint) -> list[Path]:
    """Return every model in RUN/exports: by format, then in the order of the recipes.

    Raises ArtifactError where there is none.
    """
    folder = checkpoint.run / "exports"
    formats, recipes = list(SUFFIXES.values()), list(RECIPES)
    found = [path for path in folder.glob("[!.]*") if path.suffix in formats]
    if not found:
        raise ArtifactError(
            f"{folder}: expected exported models, received none. Export some first: "
            f"python -m conversion.to_coreml {checkpoint.run}"
        )

    def place(path: Path) -> tuple[int, int, str]:
        # The longest: palette6 stands in prune50-palette6 too.
        named = [recipe for recipe in recipes if f"-{recipe}" in path.stem]
        recipe = recipes.index(max(named, key=len)) if named else len(recipes)
        return formats.index(path.suffix), recipe, path.name

    return sorted(found, key=place)
