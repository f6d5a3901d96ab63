"""A data folder: TFRecord shards, where each record begins, and a manifest that describes them.

    manifest.json            format, size, source, licence, credit, counts, sha256 of every file
    train-00000.tfrecord     records of training/data/records.py, in a stable random order
    train-00000.index.npy    (records + 1,) int64: byte at which each record begins, and the end
    validation-00000...      the same
    rejected.csv             file, reason
    pictures.csv             every pair in the order of preparing: what --append looks at
    contact-sheet.png        the first pictures of what was prepared last, for people
    contact-sheet.txt        their names, where no font of the machine could write them

TFRecord (tensorflow, lib/io/record_writer.h): 8 bytes length, 4 bytes CRC, data, 4 bytes CRC.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.data.named import NamedData
from training.data.records import PairRecord, deserialize
from training.data.split import SPLITS, Split
from training.data.tfrecord import AFTER_DATA, BEFORE_DATA
from training.errors import DataError
from training.files.damaged import read_as
from training.files.hashes import file_sha256
from training.files.record_format import RecordFormat
from training.settings.sizes import SaidSize
from training.terminal.meant import path_meant
from training.terminal.typed import command_line

MANIFEST_FILE = "manifest.json"
RECORDS_PER_SHARD = 1024  # 3 MB at 64 pixels, 60 MB at 256
AGAIN = "Prepare the data again with --overwrite."


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One TFRecord file and its index."""

    file: str
    split: Split
    records: int
    bytes: int
    sha256: str
    index: str
    index_sha256: str


@dataclass(frozen=True, kw_only=True)
class DataDescription:
    """What a data set is made of, in the words of its maker."""

    size: SaidSize  # of the pictures in pixels
    kind: str  # words and kinds of the sources, such as openmoji, color; joined by " + "
    source: str
    licence: str
    credit: str
    extractors: str  # how the line art came about; joined by " + "
    variants: int  # line drawings stored for a picture whose line art is extracted
    validation_share: float
    seed: int
    rejected: int  # rows of rejected.csv


@dataclass(frozen=True, kw_only=True)
class Contents(DataDescription):
    """What manifest.json holds."""

    counts: dict[str, int]  # pairs in each split
    shards: tuple[Shard, ...]

    def __post_init__(self) -> None:
        counts = counts_of(self.shards)
        if self.counts != counts:
            raise DataError(
                f"counts: expected {counts}, as its shards say, received {self.counts}."
            )


@dataclass(frozen=True, kw_only=True)
class ShardManifest(Contents):
    """A verified description of one data folder; no picture is held."""

    sha256: str  # of manifest.json, which hashes everything else: identifies the data set

    def shards_of(self, split: Split) -> tuple[Shard, ...]:
        """Return the shards of one split, in order."""
        return tuple(shard for shard in self.shards if shard.split == split)

    def count(self, split: Split) -> int:
        """Return the number of pairs in one split."""
        return self.counts[split]

    def named(self, data: Path) -> NamedData:
        """Name the data set, which stands at `data`, for a run or a record."""
        return NamedData(
            path=str(data),
            sha256=self.sha256,
            source=self.source,
            licence=self.licence,
            credit=self.credit,
        )


CONTENTS = RecordFormat(
    kind=Contents,
    name="nurie-data/1",
    what="the manifest of a data folder",
    expected="a folder written by training.prepare",
    remedy="prepare it again with --overwrite",
)


def counts_of(shards: tuple[Shard, ...]) -> dict[str, int]:
    """Return how many records the shards of each split hold."""
    return {s: sum(shard.records for shard in shards if shard.split == s) for s in SPLITS}


def read_manifest(data: Path) -> ShardManifest:
    """Describe the data folder at `data`. Imports no TensorFlow.

    Verifies that every shard and index is there, with its size; `require_intact` hashes them.
    Raises DataError for anything that training.prepare did not write, or not this version of it.
    """
    path = data / MANIFEST_FILE
    if not data.exists():
        raise DataError(
            f"{data} does not exist. Expected a folder written by training.prepare."
            f"{path_meant(data, folders=True)}"
        )
    if not path.exists():
        raise DataError(
            f"{data} is not a data folder: {path.name} is missing. Expected a folder written by "
            f"training.prepare. If it holds pictures: {_preparing(data)}"
        )
    manifest = ShardManifest(**vars(CONTENTS.read(path)), sha256=file_sha256(path))
    for shard in manifest.shards:
        _require_size(data / shard.file, shard.bytes)
        if not (data / shard.index).is_file():
            raise DataError(f"{data / shard.index} is missing. {CONTENTS.advice}")
    return manifest


def _preparing(pictures: Path) -> str:
    out = Path("data") / pictures.resolve().name
    options = ("--kind", "color", "--out", out)
    return command_line("python", "-m", "training.prepare", pictures, *options)


def require_intact(data: Path, manifest: ShardManifest, *, split: Split) -> None:
    """Hash the files of one split; raise DataError if one is not the file that was written."""
    for shard in manifest.shards_of(split):
        for name, expected in ((shard.file, shard.sha256), (shard.index, shard.index_sha256)):
            if file_sha256(data / name) != expected:
                raise DataError(
                    f"{data / name} is not the file that was written: its hash differs. {AGAIN}"
                )


def read_records(
    data: Path, manifest: ShardManifest, *, split: Split, limit: int | None = None
) -> Iterator[PairRecord]:
    """Yield the records of a split in stored order, at most `limit` of them.

    Raises DataError where an index or a record is not what was written, though its hash may match.
    """
    left = manifest.count(split) if limit is None else limit
    for shard in manifest.shards_of(split):
        offsets = _offsets(data, shard)[: left + 1]
        with (data / shard.file).open("rb") as file:
            for length in np.diff(offsets):
                with read_as(
                    "pairs of training.prepare", data / shard.file, error=DataError, remedy=AGAIN
                ):
                    record = deserialize(file.read(length)[BEFORE_DATA:-AFTER_DATA])
                yield record
        left -= len(offsets) - 1


@contextmanager
def naming_damage(data: Path) -> Iterator[None]:
    """Raise DataError where TensorFlow, asked for the next batch, meets what is no pair of ours."""
    import tensorflow as tf

    try:
        yield
    except (tf.errors.DataLossError, tf.errors.InvalidArgumentError) as error:
        if "IteratorGetNext" not in error.message:
            raise  # no matter of the data
        raise DataError(
            f"{data}: expected pairs of training.prepare, received records that cannot be read, "
            f"although their hashes match. {AGAIN}"
        ) from error


def _offsets(data: Path, shard: Shard) -> np.ndarray:
    """Return where the records of a shard begin and the last one ends, (records + 1,) int64."""
    file = data / shard.index
    with read_as("the places of its records", file, error=DataError, remedy=AGAIN):
        offsets = np.load(file, allow_pickle=False)
        if offsets.shape != (shard.records + 1,) or offsets.dtype != np.int64:
            raise ValueError(f"{offsets.dtype} of shape {offsets.shape}")
        if offsets[0] != 0 or offsets[-1] != shard.bytes or (np.diff(offsets) <= 0).any():
            raise ValueError("places that do not follow each other")
        return offsets


def _require_size(file: Path, expected: int) -> None:
    received = file.stat().st_size if file.is_file() else None
    if received != expected:
        found = "no such file" if received is None else f"{received} bytes"
        raise DataError(
            f"{file}: expected {expected} bytes, received {found}. "
            "Copy the whole data folder again, or prepare it with --overwrite."
        )
