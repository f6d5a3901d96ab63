"""Outputs appear complete or not at all: written beside their place, then renamed into it.

What `written_whole` may replace is as narrow as what it writes: a file replaces a file, and a
folder replaces only a folder that holds the marker of its own kind, never somebody's other folder.

Beside an output that is being written stands a folder `.partial-<random>-<name>`, with

    .lock       held by the process that writes, until its end: tells what a killed one left
    <name>      what is written
    replaced    what stood there before, from the moment it steps aside until it is deleted
"""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from training.errors import OutputExists
from training.files.lock import LOCK_FILE, try_lock
from training.files.room import saying_what_the_system_said

REPLACED = "replaced"


@contextmanager
def written_whole(
    output: Path, *, overwrite: bool | None = None, marker: str | None = None
) -> Iterator[Path]:
    """Yield a path to write a file or a folder to; it is renamed to `output` when the block ends.

    If the block raises, what was written is removed and `output` is as it was before. Contents
    reach the disk before the name does. The yielded path has the name of `output`, since
    coremltools and Keras look at it, in a folder of its own: others may write there too.
    overwrite, marker: as `require_absent` takes them. Raises OutputExists if `output` exists and
    may not be replaced, at the end too: another process may have written it meanwhile. Where a
    library fails since there is no room, raises the OSError that says so.
    """
    output = output.parent.resolve() / output.name
    _clear_leftovers(output)
    require_absent(output, overwrite=overwrite, marker=marker)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _own_folder(output) as own, saying_what_the_system_said(own, output=output):
        partial = own / output.name
        yield partial
        _flush(partial)
        require_absent(output, overwrite=overwrite, marker=marker)
        if partial.is_dir():
            _put_folder(partial, output, overwrite=bool(overwrite))
        else:
            _put_file(partial, output, overwrite=bool(overwrite))
        sync(output.parent)


def require_absent(
    output: Path, *, overwrite: bool | None = None, marker: str | None = None
) -> None:
    """Refuse an output that exists and may not be replaced: call it before long work.

    overwrite: whether the user wants it replaced; None where there is no option to say so.
    marker: None where a file is written; for a folder, the name of a file that each one of its
    kind holds. Raises OutputExists; OSError where the system lets nothing be written there.
    """
    if not os.path.lexists(output):
        require_writable(output)
        return
    if not overwrite:
        or_so = "" if overwrite is None else ", or pass --overwrite"
        raise OutputExists(f"{output} already exists. Expected a new path; name another{or_so}.")
    if output.is_symlink():
        raise OutputExists(f"{output} is a link. Expected a path of its own; name what it links.")
    if marker is None and output.is_dir():
        raise OutputExists(f"{output} is a folder. Expected the name of a file; name another.")
    if marker is not None and not (output / marker).is_file():
        raise OutputExists(
            f"{output} is not what may be replaced here: expected a folder that holds {marker}. "
            "Name another path, or remove it yourself."
        )
    require_writable(output)


def require_own_folder(folder: Path, *parts: str) -> None:
    """Refuse a folder that holds things, none of them what a command goes on with there.

    parts: names, or patterns of names, of which at least one stands in each folder of its kind.
    Raises OutputExists; OSError where the system lets nothing be written there.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not any(any(folder.glob(part)) for part in parts):
            raise OutputExists(
                f"{folder} holds other things. Expected a new folder, or one that this command "
                f"made, with {' or '.join(parts)} in it; name another."
            )
    elif os.path.lexists(folder) and not folder.is_dir():
        raise OutputExists(f"{folder} is a file. Expected the name of a folder; name another.")
    require_writable(folder / "any")  # parts may be patterns, which not every system can name


def require_writable(output: Path) -> None:
    """Raise OSError where nothing can be made beside an output, or the folder itself cannot be."""
    folder = output.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    # Rights are not all: the system keeps folders such as /proc to itself, and a quota may be full.
    tried = folder / f".partial-{secrets.token_hex(4)}-{output.name}"
    try:
        tried.mkdir()
    except OSError as error:
        said = f"nothing can be made here ({error.strerror})"
        raise type(error)(error.errno, said, str(folder)) from error
    with suppress(FileNotFoundError):  # another process may have cleared it as left over
        tried.rmdir()


def sync(path: Path) -> None:
    """Return once what a file or folder holds has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _own_folder(output: Path) -> Iterator[Path]:
    """Make a folder beside `output` that is held by a lock, and remove it in the end."""
    while True:
        own = output.with_name(f".partial-{secrets.token_hex(4)}-{output.name}")
        own.mkdir()
        # Before it is locked, another process may take it for a leftover and clear it.
        with suppress(FileNotFoundError):
            descriptor = os.open(own / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
            if _is_ours(descriptor, own / LOCK_FILE):
                break
            os.close(descriptor)
    try:
        yield own
    finally:
        shutil.rmtree(own)
        os.close(descriptor)


def _is_ours(descriptor: int, path: Path) -> bool:
    try:
        if not try_lock(descriptor):
            return False
    except OSError:
        pass  # a file system without locks: nobody clears anything there
    return os.path.samestat(os.fstat(descriptor), path.stat())


def _put_folder(partial: Path, output: Path, *, overwrite: bool) -> None:
    """Rename a folder to `output`, or leave `output` as it is."""
    replaced = partial.with_name(REPLACED)
    try:
        # A folder cannot be replaced in one step: the old one steps aside for the moment between.
        if overwrite:
            with suppress(FileNotFoundError):
                output.rename(replaced)
        partial.rename(output)
    except BaseException as error:
        if replaced.exists() and not os.path.lexists(output):
            replaced.rename(output)
        if isinstance(error, OSError) and error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise OutputExists(
                f"{output} was written by another process meanwhile. Expected to be the only one; "
                "look at what is there, or name another path."
            ) from error
        raise


def _put_file(partial: Path, output: Path, *, overwrite: bool) -> None:
    if overwrite:
        partial.replace(output)
        return
    try:
        os.link(partial, output)  # unlike a rename it never replaces what is there
    except FileExistsError:
        require_absent(output)
    except OSError:  # a file system without hard links
        require_absent(output)
        partial.replace(output)


def _clear_leftovers(output: Path) -> None:
    """Remove what killed processes left, and bring back a folder that had stepped aside."""
    pattern = re.compile(rf"\.partial-[0-9a-f]{{8}}-{re.escape(output.name)}")
    for path in output.parent.glob(".partial-*"):
        if pattern.fullmatch(path.name):
            with suppress(OSError):  # somebody else's, or another process clears it
                _clear(path, output)


def _clear(own: Path, output: Path) -> None:
    descriptor = os.open(own / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not try_lock(descriptor):
            return
        replaced = own / REPLACED
        cut_off = (own / output.name).exists() and replaced.exists()  # between the two renames
        if cut_off and not os.path.lexists(output):
            replaced.rename(output)
        shutil.rmtree(own)
    finally:
        os.close(descriptor)


def _flush(path: Path) -> None:
    for part in [path, *path.rglob("*")] if path.is_dir() else [path]:
        sync(part)
