"""What there is to prepare, and what a preparation has done of it: one SQLite file on the disk.

All candidates stand in it in the order of their names' hashes, so that none needs to be in memory.
What was done stands in it as of the last `commit`; after a kill a preparation goes on from there.
Whoever uses it holds the folder alone (training/files/lock.py).
"""

import json
import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data.outcome.sheet import SheetRow
from training.data.preparing.lists import KeptPicture
from training.data.records import deserialize, serialize
from training.data.shards import Shard
from training.data.sources.candidate import Candidate, Rejection
from training.data.split import (
    SPLITS,
    Split,
    place_in_line,
    stable_order_key,
    too_few_by_name,
)
from training.data.writing import OpenShard, Place
from training.errors import DataError
from training.files.printable import printable

JOURNAL_FILE = "journal.sqlite"
FORMAT = "nurie-preparing/2"
_AT_ONCE = 1000  # candidates that are fetched together
_SCHEMA = """
CREATE TABLE candidates (key BLOB NOT NULL, source INTEGER NOT NULL, file TEXT NOT NULL,
    own INTEGER NOT NULL, told TEXT, grouped TEXT NOT NULL, pickled BLOB NOT NULL);
CREATE TABLE kept (row INTEGER PRIMARY KEY, compared INTEGER UNIQUE, source INTEGER,
    id TEXT NOT NULL, file TEXT NOT NULL, split TEXT NOT NULL, grouped TEXT NOT NULL, color BLOB,
    lineart BLOB);
CREATE INDEX kept_groups ON kept (split, grouped);
CREATE TABLE shown (file TEXT NOT NULL, split TEXT NOT NULL, height INTEGER, width INTEGER,
    record BLOB NOT NULL);
CREATE TABLE rejected (file TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE before (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE shards (split TEXT NOT NULL, number INTEGER NOT NULL, said TEXT NOT NULL,
    PRIMARY KEY (split, number));
CREATE TABLE state (name TEXT PRIMARY KEY, said TEXT NOT NULL);
"""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A candidate in its place."""

    key: bytes  # of the order, ascending
    source: int  # number of its source
    by_need: bool  # it may be held out where there are too few to validate on
    candidate: Candidate


class Journal:
    """The file; every method but `commit` changes what the next commit keeps."""

    def __init__(self, folder: Path) -> None:
        """Open the journal of a folder, or begin one."""
        # The lock of the folder keeps others away, and locks of SQLite fail on network disks.
        address = f"{(folder / JOURNAL_FILE).resolve().as_uri()}?nolock=1"
        self._db = sqlite3.connect(address, uri=True, isolation_level=None)
        self._shards_told = dict.fromkeys(SPLITS, 0)
        try:
            if not self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
                self._db.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
            self._db.execute("BEGIN")
            self._format()
            self._shards_told |= dict(
                self._db.execute("SELECT split, COUNT(*) FROM shards GROUP BY split").fetchall()
            )
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise DataError(
                f"{folder / JOURNAL_FILE}: expected what a preparation has noted, received "
                f"something else: {error}. Begin anew with --overwrite."
            ) from error

    def close(self) -> None:
        """Drop what was not committed."""
        self._db.close()

    def commit(self) -> None:
        """Keep everything so far, whatever happens next."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    # What there is to do.

    def add_candidates(self, source: int, candidates: Iterable[Candidate], *, own: bool) -> None:
        """Note what a source holds. own: it is none of the built-in ones."""
        self._db.executemany(
            "INSERT INTO candidates VALUES (?, ?, ?, ?, ?, ?, ?)",
            (_row(source, candidate, own=own) for candidate in candidates),
        )

    def put_in_order(self, *, validation_share: float) -> None:
        """Sort the candidates, without those that the set has had. Once, after all were added.

        The order is that of their names' hashes; where names may leave too few to validate on, it
        is that of the line that groups stand in to be held out. Raises DataError where a
        name would stand for two pictures.
        """
        self._db.execute("DELETE FROM candidates WHERE key IN (SELECT key FROM before)")
        self._db.execute("DELETE FROM candidates WHERE file IN (SELECT file FROM rejected)")
        self._db.execute("CREATE INDEX candidates_in_order ON candidates (key)")
        twice = self._db.execute(
            "SELECT pickled FROM candidates GROUP BY key HAVING COUNT(*) > 1"
        ).fetchall()
        if twice:
            name = pickle.loads(twice[0][0]).id
            raise DataError(
                f"{len(twice)} pictures have the same name in two sources, such as {name!r}. "
                "Expected folders of different names, each given once; rename one."
            )

        if self._too_few(validation_share):
            self._db.create_function("in_line", 2, lambda group, key: place_in_line(group) + key)
            self._db.execute("UPDATE candidates SET key = in_line(grouped, key)")
            self.put("by need", True)

    def candidates(self) -> Iterator[Listed]:
        """Yield, in order, the candidates after the one that was last `done`."""
        key, by_need = bytes.fromhex(self.get("done", "")), self.get("by need", False)
        while rows := self._db.execute(
            "SELECT key, source, own, pickled FROM candidates WHERE key > ? ORDER BY key LIMIT ?",
            (key, _AT_ONCE),
        ).fetchall():
            for key, source, own, pickled in rows:  # noqa: B007  (the next begin after the last)
                may, candidate = by_need and bool(own), pickle.loads(pickled)
                yield Listed(key=key, source=source, by_need=may, candidate=candidate)

    def total(self) -> int:
        """Return how many candidates there are."""
        return int(self._db.execute("SELECT COUNT(*) FROM candidates").fetchone()[0])

    # What was done.

    def done(self, key: bytes, count: int) -> None:
        """Note the last candidate that was dealt with, and how many were so far."""
        self.put("done", key.hex())
        self.put("count", count)

    def count(self) -> int:
        """Return how many candidates were dealt with."""
        return int(self.get("count", 0))

    def keep(self, picture: KeptPicture, *, compared: int | None, source: int | None) -> None:
        """Note a pair of the set. compared: its number among those that have hashes.

        source: number of its source; None: it was in the set before.
        """
        color, lineart = (h.tobytes() for h in picture.hashes) if picture.hashes else (None, None)
        self._db.execute(
            "INSERT INTO kept VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(compared, source, picture.id, picture.file, picture.split, picture.group),
                *(color, lineart),
            ),
        )
        if source is None:
            key = stable_order_key(picture.id)
            self._db.execute("INSERT OR IGNORE INTO before VALUES (?)", (key,))

    def kept(self) -> Iterator[KeptPicture]:
        """Yield the pairs of the set in their order."""
        for name, file, split, group, color, lineart in self._db.execute(
            "SELECT id, file, split, grouped, color, lineart FROM kept ORDER BY row"
        ):
            hashes = color and (np.frombuffer(color, np.uint64), np.frombuffer(lineart, np.uint64))
            yield KeptPicture(id=name, file=file, split=split, group=group, hashes=hashes)

    def file_of(self, compared: int) -> tuple[str, Split]:
        """Return file and split of a pair by its number among those that have hashes."""
        file, split = self._db.execute(
            "SELECT file, split FROM kept WHERE compared = ?", (compared,)
        ).fetchone()
        return file, split

    def split_of(self, group: str) -> Split | None:
        """Return the split of the first pair of a group, or None where there is none yet."""
        row = self._db.execute(
            "SELECT split FROM kept WHERE split IN (?, ?) AND grouped = ? ORDER BY row LIMIT 1",
            (*SPLITS, group),
        ).fetchone()
        return row and row[0]

    def held_out(self) -> int:
        """Return how many groups there are to validate on."""
        row = self._db.execute(
            "SELECT COUNT(DISTINCT grouped) FROM kept WHERE split = 'validation'"
        ).fetchone()
        return int(row[0])

    def counts(self, sources: int) -> list[dict[Split, int]]:
        """Return the pairs of each source in each split, less those of before."""
        counts = [dict.fromkeys(SPLITS, 0) for _ in range(sources)]
        for source, split, count in self._db.execute(
            "SELECT source, split, COUNT(*) FROM kept WHERE source NOTNULL GROUP BY source, split"
        ):
            counts[source][split] = count
        return counts

    def reject(self, rejections: Iterable[Rejection]) -> None:
        """Note files that gave no pair."""
        self._db.executemany(
            "INSERT INTO rejected VALUES (?, ?)", ((r.file, r.reason) for r in rejections)
        )

    def rejections(self) -> Iterator[Rejection]:
        """Yield the files that gave no pair, sorted, each row once."""
        for file, reason in self._db.execute(
            "SELECT DISTINCT file, reason FROM rejected ORDER BY file, reason"
        ):
            yield Rejection(file=file, reason=reason)

    def show(self, row: SheetRow) -> None:
        """Note a pair for the contact sheet."""
        height, width = row.shape or (None, None)
        self._db.execute(
            "INSERT INTO shown VALUES (?, ?, ?, ?, ?)",
            (row.file, row.split, height, width, serialize(row.record)),
        )

    def shown(self) -> Iterator[SheetRow]:
        """Yield the pairs for the contact sheet in their order."""
        for file, split, height, width, record in self._db.execute(
            "SELECT file, split, height, width, record FROM shown ORDER BY rowid"
        ):
            shape = None if height is None else (height, width)
            yield SheetRow(record=deserialize(record), file=file, split=split, shape=shape)

    def set_place(self, place: Place) -> None:
        """Note how far the shards have reached the disk."""
        for split in SPLITS:
            finished = [shard for shard in place.finished if shard.split == split]
            told = self._shards_told[split]
            self._db.executemany(
                "INSERT INTO shards VALUES (?, ?, ?)",
                (
                    (split, number, json.dumps(vars(shard)))
                    for number, shard in enumerate(finished[told:], start=told)
                ),
            )
            self._shards_told[split] = len(finished)
        self.put("open", [vars(shard) for shard in place.open])

    def place(self) -> Place:
        """Return what set_place was last told."""
        rows = self._db.execute("SELECT said FROM shards ORDER BY split, number").fetchall()
        return Place(
            finished=tuple(Shard(**json.loads(said)) for (said,) in rows),
            open=tuple(OpenShard(**shard) for shard in self.get("open", [])),
        )

    def put(self, name: str, value: Any) -> None:
        """Note a value of JSON under a name."""
        self._db.execute("REPLACE INTO state VALUES (?, ?)", (name, json.dumps(value)))

    def get(self, name: str, default: Any) -> Any:
        """Return what stands under a name."""
        row = self._db.execute("SELECT said FROM state WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else default

    def _too_few(self, validation_share: float) -> bool:
        """Tell whether names may leave too few to validate on, and others may be held out."""
        own = "SELECT SUM(own AND told IS NULL), SUM(told = 'validation') FROM candidates"
        movable, told = self._db.execute(own).fetchone()
        if told or not movable:
            return False
        rows = self._db.execute(
            "SELECT DISTINCT grouped FROM "
            "(SELECT grouped FROM kept UNION ALL SELECT grouped FROM candidates)"
        )
        return too_few_by_name((group for (group,) in rows), validation_share=validation_share)

    def _format(self) -> None:
        found = self.get("format", None)
        if found is None:
            self.put("format", FORMAT)
        elif found != FORMAT:
            raise sqlite3.DatabaseError(f"format {found!r}, not {FORMAT!r}")


def _row(source: int, candidate: Candidate, *, own: bool) -> tuple[object, ...]:
    file = printable(candidate.file)
    packed = pickle.dumps(candidate, protocol=pickle.HIGHEST_PROTOCOL)
    key = stable_order_key(candidate.id)
    return key, source, file, own, candidate.split, candidate.group, packed
