"""Outputs appear complete or not at all: written beside their place, then renamed into it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.errors import OutputExists


@contextmanager
def written_whole(output: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Yield a path beside `output` to write a file or a folder to; rename it when the block ends.

    If the block raises, what was written is removed and `output` is as it was before.
    The yielded name keeps the suffix of `output`, since coremltools and Keras look at it.
    Raises OutputExists if `output` exists and `overwrite` is false.
    """
    require_absent(output, overwrite=overwrite)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f".partial-{output.name}")
    _remove(partial)  # what a killed run left behind
    try:
        yield partial
        _rename_over(partial, output)
    finally:
        _remove(partial)


def require_absent(output: Path, *, overwrite: bool = False) -> None:
    """Raise OutputExists if `output` exists and may not be replaced: call it before long work."""
    if output.exists() and not overwrite:
        raise OutputExists(
            f"{output} already exists. Expected a new path; name another, or pass --overwrite."
        )


def _rename_over(partial: Path, output: Path) -> None:
    if not output.is_dir():
        partial.replace(output)
        return
    # A folder cannot be replaced in one step: the old one steps aside for the moment between.
    retired = output.with_name(f".partial-old-{output.name}")
    _remove(retired)
    output.rename(retired)
    partial.rename(output)
    _remove(retired)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
