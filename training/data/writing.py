"""Write records into the shards of a data folder, from the beginning or from where it stood.

A writer's place is what a later one goes on from, to the same bytes: the shards that are whole, and
how much of the others reached the disk.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from training.data.records import PairRecord, serialize
from training.data.shards import (
    CONTENTS,
    MANIFEST_FILE,
    RECORDS_PER_SHARD,
    Contents,
    DataDescription,
    Shard,
    counts_of,
)
from training.data.split import SPLITS, Split
from training.data.tfrecord import AFTER_DATA, BEFORE_DATA, framed
from training.files.atomic import sync
from training.files.hashes import file_sha256


@dataclass(frozen=True, kw_only=True)
class OpenShard:
    """A shard with room for more records, as far as it is known to be on the disk."""

    split: Split
    file: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a writer has come."""

    finished: tuple[Shard, ...] = ()  # in each split in order
    open: tuple[OpenShard, ...] = ()


class ShardWriter:
    """Writes records into the shards of a folder; used as a context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        records_per_shard: int = RECORDS_PER_SHARD,
        place: Place | None = None,
    ) -> None:
        """Begin in a folder, or go on from a place in it: what was written after it is dropped."""
        place = place or Place()
        self._folder, self._records_per_shard = folder, records_per_shard
        self._finished: dict[Split, list[Shard]] = {
            split: [shard for shard in place.finished if shard.split == split] for split in SPLITS
        }
        self._open: dict[Split, _OpenShard] = {
            shard.split: _OpenShard(folder / shard.file, cut_to=shard.bytes) for shard in place.open
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for shard in self._open.values():
            shard.close()

    def write(self, record: PairRecord, *, split: Split) -> None:
        """Append one record to a split."""
        if split not in self._open:
            name = f"{split}-{len(self._finished[split]):05d}"
            self._open[split] = _OpenShard(self._folder / f"{name}.tfrecord", cut_to=0)
        self._open[split].write(serialize(record))
        if self._open[split].records == self._records_per_shard:
            self._finish(split)

    def reach_disk(self) -> Place:
        """Return how far the writer has come, once all of it is on the disk."""
        return Place(
            finished=tuple(shard for split in SPLITS for shard in self._finished[split]),
            open=tuple(
                OpenShard(split=split, file=name, bytes=shard.reach_disk())
                for split, shard in self._open.items()
                for name in [shard.path.name]
            ),
        )

    def write_manifest(self, description: DataDescription) -> None:
        """Finish every shard and describe them in manifest.json."""
        for split in list(self._open):
            self._finish(split)
        shards = tuple(shard for split in SPLITS for shard in self._finished[split])
        contents = Contents(**vars(description), counts=counts_of(shards), shards=shards)
        CONTENTS.write(contents, self._folder / MANIFEST_FILE, overwrite=True)

    def _finish(self, split: Split) -> None:
        self._finished[split].append(self._open.pop(split).finish(split))


class _OpenShard:
    """A shard that is being written."""

    def __init__(self, path: Path, *, cut_to: int) -> None:
        """Begin a shard, or go on with one, of which so many bytes are known to be good."""
        self.path = path
        self._file = path.open("r+b" if cut_to else "wb")
        self._offsets = [0]
        while self._offsets[-1] < cut_to:
            length = int.from_bytes(self._file.read(8), "little")
            self._offsets.append(self._offsets[-1] + BEFORE_DATA + length + AFTER_DATA)
            self._file.seek(self._offsets[-1])
        self._file.truncate()

    @property
    def records(self) -> int:
        return len(self._offsets) - 1

    def write(self, serialized: bytes) -> None:
        self._offsets.append(self._offsets[-1] + self._file.write(framed(serialized)))

    def reach_disk(self) -> int:
        """Return the bytes of the file, once they are on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._offsets[-1]

    def close(self) -> None:
        self._file.close()

    def finish(self, split: Split) -> Shard:
        self.close()
        index = self.path.with_suffix(".index.npy")
        np.save(index, np.array(self._offsets, np.int64))
        for file in (self.path, index):
            sync(file)
        return Shard(
            file=self.path.name,
            split=split,
            records=self.records,
            bytes=self._offsets[-1],
            sha256=file_sha256(self.path),
            index=index.name,
            index_sha256=file_sha256(index),
        )
