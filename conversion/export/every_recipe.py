"""Carry out what --recipe asks of a command: one recipe, or with "all" every one of its format."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from conversion.errors import ConversionError, UnsupportedTarget
from conversion.export.artifact import default_output, require_output
from conversion.export.size import Size
from conversion.recipes import Format, Recipe, recipes_asked_for
from training.run.checkpoint import find_checkpoint


def convert_asked_for(
    ckpt: Path,
    output: Path | None,
    *,
    format: Format,
    recipe: str,
    overwrite: bool,
    convert: Callable[[Path, Path, str], Path],
    size: Size | None = None,
    target_of: Callable[[Recipe], str | None] = lambda recipe: None,
) -> Iterator[Path]:
    """Yield every path that `convert(checkpoint folder, output, recipe name)` made.

    size: of their pictures; default: as trained. target_of: the deployment target of a recipe;
    where that raises UnsupportedTarget, "all" leaves the recipe out and says so on stderr. All
    names are refused or accepted before any work, so that an existing file does not stop a long
    export halfway.
    Raises CheckpointError, UnsupportedTarget, OutputExists, ConversionError.
    """
    recipes = recipes_asked_for(recipe, format=format)
    if recipe == "all" and output:
        raise ConversionError(
            f"--recipe all writes {len(recipes)} models, received one output {output}. Leave -o "
            "out: they go to RUN/exports."
        )
    checkpoint = find_checkpoint(ckpt)  # once: a run that is training grows newer ones
    outputs = {}
    for chosen in recipes:
        try:
            target = target_of(chosen)
        except UnsupportedTarget as error:
            if recipe != "all":
                raise
            print(f"skipped: {error}", file=sys.stderr)
            continue
        outputs[chosen.name] = output or default_output(
            checkpoint, format=format, recipe=chosen, target=target, size=size
        )
    for path in outputs.values():
        require_output(path, format=format, overwrite=overwrite)
    for name, path in outputs.items():
        yield convert(checkpoint.folder, path, name)
