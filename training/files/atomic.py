"""Outputs appear complete or not at all: written beside their place, then renamed into it.

What `written_whole` may replace is as narrow as what it writes: a file replaces a file, and a
folder replaces only a folder that holds the marker of its own kind, never somebody's other folder.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.errors import OutputExists


@contextmanager
def written_whole(
    output: Path, *, overwrite: bool = False, marker: str | None = None
) -> Iterator[Path]:
    """Yield a path beside `output` to write a file or a folder to; rename it when the block ends.

    If the block raises, what was written is removed and `output` is as it was before. Contents
    reach the disk before the name does. The yielded name keeps the suffix of `output`, since
    coremltools and Keras look at it, and holds the process's number: others may write there too.
    marker: None where a file is written; for a folder, the name of a file that each one of its
    kind holds. Raises OutputExists if `output` exists and may not be replaced.
    """
    output = output.parent.resolve() / output.name
    _clear_leftovers(output)
    require_absent(output, overwrite=overwrite, marker=marker)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f".partial-{os.getpid()}-{output.name}")
    _remove(partial)
    try:
        yield partial
        _flush(partial)
        _rename_over(partial, output)
    finally:
        _remove(partial)


def require_absent(output: Path, *, overwrite: bool = False, marker: str | None = None) -> None:
    """Raise OutputExists if `output` exists and may not be replaced: call it before long work."""
    if not os.path.lexists(output):
        return
    if not overwrite:
        raise OutputExists(
            f"{output} already exists. Expected a new path; name another, or pass --overwrite."
        )
    if output.is_symlink():
        raise OutputExists(f"{output} is a link. Expected a path of its own; name what it links.")
    if marker is None and output.is_dir():
        raise OutputExists(f"{output} is a folder. Expected the name of a file; name another.")
    if marker is not None and not (output / marker).is_file():
        raise OutputExists(
            f"{output} is not what --overwrite may replace: expected a folder that holds {marker}. "
            "Name another path, or remove it yourself."
        )


def _rename_over(partial: Path, output: Path) -> None:
    """Put `partial` in the place of `output`, or leave `output` as it is."""
    if output.is_dir():
        # A folder cannot be replaced in one step: the old one steps aside for the moment between.
        retired = _retired(output)
        try:
            output.rename(retired)
            partial.rename(output)
        except BaseException:
            if retired.exists() and not output.exists():
                retired.rename(output)
            raise
        _remove(retired)
    else:
        partial.replace(output)
    _sync(output.parent)


def _clear_leftovers(output: Path) -> None:
    """Remove what killed processes left, and bring back a folder that had stepped aside."""
    retired = _retired(output)
    if retired.exists() and not output.exists():
        retired.rename(output)
    _remove(retired)
    pattern = re.compile(rf"\.partial-(\d+)-{re.escape(output.name)}")
    for path in output.parent.glob(".partial-*"):
        found = pattern.fullmatch(path.name)
        if found and not _is_running(int(found[1])):
            _remove(path)


def _retired(output: Path) -> Path:
    return output.with_name(f".partial-old-{output.name}")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def _flush(path: Path) -> None:
    for part in [path, *path.rglob("*")] if path.is_dir() else [path]:
        _sync(part)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
