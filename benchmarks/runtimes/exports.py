"""The exported models that stand in a run folder."""

from pathlib import Path

from conversion.errors import ArtifactError
from conversion.export.plan import SUFFIXES
from conversion.manifest import manifest_path
from conversion.recipes import RECIPES
from training.run.checkpoint import Checkpoint


def exports_of(checkpoint: Checkpoint) -> list[Path]:
    """Return every export in RUN/exports, by format, then in the order of the recipes.

    A model without a manifest is no export: conversion.from_coreml writes one beside its package.
    """
    formats, recipes = list(SUFFIXES.values()), list(RECIPES)

    def place(path: Path) -> tuple[int, int, str]:
        # The longest: palette6 stands in prune50-palette6 too.
        named = [recipe for recipe in recipes if f"-{recipe}" in path.stem]
        recipe = recipes.index(max(named, key=len)) if named else len(recipes)
        return formats.index(path.suffix), recipe, path.name

    models = (checkpoint.run / "exports").glob("[!.]*")
    found = (path for path in models if path.suffix in formats and manifest_path(path).exists())
    return sorted(found, key=place)


def standing_exports(checkpoint: Checkpoint) -> list[Path]:
    """Return what `exports_of` does. Raises ArtifactError where there is none."""
    found = exports_of(checkpoint)
    if not found:
        raise ArtifactError(
            f"{checkpoint.run / 'exports'}: expected exported models, received none. Export some "
            f"first: python -m conversion.to_coreml {checkpoint.run}"
        )
    return found
