"""The two lists of a data folder: its pairs and what they look like, and the files that gave none.

pictures.csv, in the order of preparing:
    id, file, split     the name of the pair, the file it was read from, train or validation
    group               pictures of one group stand on one side of the split
    picture, lineart    256-bit perceptual hashes in hexadecimal; empty where the source knows that
                        it makes no drawing twice
rejected.csv, sorted:
    file, reason

New pictures are compared with these, and so no shard of the set is read when it grows.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from training.data.sources.candidate import Rejection
from training.data.split import SPLITS, Split
from training.errors import DataError

PICTURES_FILE, REJECTED_FILE = "pictures.csv", "rejected.csv"
_COLUMNS = ("id", "file", "split", "group", "picture", "lineart")
_HASH_BYTES = 32
_COMPUTED = ("=", "+", "-", "@")  # how a cell begins that a spreadsheet computes


@dataclass(frozen=True, kw_only=True)
class KeptPicture:
    """One row."""

    id: str
    file: str
    split: Split
    group: str
    hashes: tuple[np.ndarray, np.ndarray] | None  # each (4,) uint64


def write_pictures(path: Path, pictures: Iterable[KeptPicture]) -> None:
    """Write the file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS)
        for picture in pictures:
            looks = [h.tobytes().hex() for h in picture.hashes] if picture.hashes else ["", ""]
            rows.writerow([picture.id, picture.file, picture.split, picture.group, *looks])


def read_pictures(path: Path) -> Iterator[KeptPicture]:
    """Yield what `write_pictures` wrote. Raises DataError for anything else."""
    for row in _rows(path, _COLUMNS):
        with _refusing(path):
            picture = _picture(*row)
        yield picture


def write_rejections(path: Path, rejections: Iterable[Rejection]) -> int:
    """Write the file; returns how many rows it has. rejections: sorted."""
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "reason"])
        for rejection in rejections:
            count += 1
            rows.writerow([_as_cell(rejection.file), rejection.reason])
    return count


def read_rejections(path: Path) -> Iterator[Rejection]:
    """Yield what `write_rejections` wrote. Raises DataError for anything else."""
    for row in _rows(path, ("file", "reason")):
        with _refusing(path):
            name, reason = row
        yield Rejection(file=name[2:] if name[2:].startswith(_COMPUTED) else name, reason=reason)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[list[str]]:
    with _refusing(path):
        file = path.open(newline="", encoding="utf-8")
    with file:
        rows = csv.reader(file)
        with _refusing(path):
            if tuple(next(rows, ())) != columns:
                raise ValueError(f"expected the columns {', '.join(columns)}")
        while True:
            with _refusing(path):
                row = next(rows, None)
            if row is None:
                return
            yield row


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(
            f"{path} is missing: the set is of an older Nurie, which did not write it. Prepare it "
            "again with --overwrite, all sources at once."
        ) from error
    except (ValueError, TypeError, csv.Error) as error:
        raise DataError(
            f"{path}: expected a list of training.prepare, received something else: {error}. "
            "Prepare the data again with --overwrite."
        ) from error


def _as_cell(name: str) -> str:
    """Return the same path, unless a spreadsheet would compute it."""
    return f"./{name}" if name.startswith(_COMPUTED) else name


def _picture(name: str, file: str, split: str, group: str, color: str, lineart: str) -> KeptPicture:
    if split not in SPLITS:
        raise ValueError(f"a split {split!r}")
    hashes = (_hash(color), _hash(lineart)) if color or lineart else None
    return KeptPicture(id=name, file=file, split=cast(Split, split), group=group, hashes=hashes)


def _hash(text: str) -> np.ndarray:
    content = bytes.fromhex(text)
    if len(content) != _HASH_BYTES:
        raise ValueError(f"a hash of {len(content)} bytes")
    return np.frombuffer(content, np.uint64)
