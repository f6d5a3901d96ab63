"""The files below a folder: linked folders are followed, and what cannot be read is named."""

import os
import stat
import sys
import unicodedata
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from training.data.sources.candidate import Rejection
from training.errors import DataError
from training.files.printable import printable


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What lies below a folder."""

    files: tuple[Path, ...]  # sorted; they begin with the folder as it was given
    rejections: tuple[Rejection, ...]  # files and whole folders that cannot be read


def list_files(folder: Path) -> Listing:
    """Find every file below a folder but hidden ones, whatever it contains.

    A linked folder is read after all that are not linked, and each folder once: a link to its own
    parent ends there. A name that is not UTF-8 is rejected, for shards and manifests hold names
    as UTF-8; so are links to nothing, sockets and the like, and folders that may not be read.
    """
    files: list[Path] = []
    rejections: list[Rejection] = []
    folders, links = deque([folder]), deque[Path]()
    seen: set[tuple[int, int]] = set()
    while folders or links:
        path = (folders or links).popleft()
        try:
            identity = path.stat()
            if (identity.st_dev, identity.st_ino) in seen:
                rejections.append(_rejection(path, "a folder that is read under another name"))
                continue
            seen.add((identity.st_dev, identity.st_ino))
            entries = sorted(path.iterdir())
        except OSError as error:
            rejections.append(_rejection(path, f"cannot be read: {error.strerror}"))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if reason := _unusable(entry):
                rejections.append(_rejection(entry, reason))
            elif not entry.is_dir():
                files.append(entry)
            else:
                (links if entry.is_symlink() else folders).append(entry)
    return Listing(files=tuple(sorted(files)), rejections=tuple(rejections))


def every_file(folder: Path) -> list[Path]:
    """Return every file below a folder but hidden ones; refuse one of which any cannot be used.

    Raises DataError with the first of these, its reason, and how many there are.
    """
    listing = list_files(folder)
    if listing.rejections:
        first, count = listing.rejections[0], len(listing.rejections)
        raise DataError(
            f"{printable(str(folder))}: expected files that can be used, received {count} that "
            f"cannot, such as {printable(first.file)}: {first.reason}, or take it out."
        )
    return list(listing.files)


def fault_of_name(name: str) -> str | None:
    """Return why a file name, as Python decodes it, can stand in no record, or None."""
    if os.fsencode(name) == name.encode(errors="replace"):
        return None
    try:
        os.fsencode(name).decode("utf-8")
    except UnicodeDecodeError:
        return "expected a name in UTF-8, received another encoding. Rename it"
    return (
        f"its name is UTF-8, and Python reads names as {sys.getfilesystemencoding()} here. Set "
        "PYTHONUTF8=1"
    )


def one_spelling(name: str) -> str:
    """Return the NFC form of a name: a Mac may hand out another than it was given.

    Whatever is derived from a name, a pair's other half, a split, a seed, is derived from this.
    """
    return unicodedata.normalize("NFC", name)


def _unusable(path: Path) -> str | None:
    """Return why a path is neither a file nor a folder that can be listed, or None."""
    if fault := fault_of_name(path.name):
        return fault
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return f"a link to {path.readlink()}, which does not exist"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "expected a file, received a device, pipe or socket"
    return None


def _rejection(path: Path, reason: str) -> Rejection:
    return Rejection(file=str(path), reason=reason)
