"""Recognise near duplicates among any number of pictures, in a time that hardly grows with them.

Two hashes that differ in MAX_HASH_DISTANCE bits at most agree in one of one more band than that:
each picture is looked for where a band of it stood before, and compared with those alone. What is
found is what comparing with every picture finds.
"""

from dataclasses import dataclass

import numpy as np

from training.data.quality import HASH_SIDE, MAX_HASH_DISTANCE

BANDS = MAX_HASH_DISTANCE + 1
# For each picture a hash, and for each band its value and the picture's number, 32 bits each. Room
# is made by doubling, and runs are merged: for moments it is up to three times as much.
BYTES_A_PICTURE = HASH_SIDE**2 // 8 + BANDS * 8
TAIL = 2048  # the newest pictures, which are compared one by one: 15 us
_WORDS = HASH_SIDE**2 // 64
_BITS_A_BAND = -(-(HASH_SIDE**2) // BANDS)
# Tells the bands apart; where values of two still meet, that is a comparison more.
_MARKS = np.arange(BANDS, dtype=np.uint32) << np.uint32(_BITS_A_BAND)


@dataclass(frozen=True, kw_only=True)
class _Run:
    """The bands of some pictures, sorted."""

    keys: np.ndarray  # (BANDS x pictures,) uint32, ascending
    numbers: np.ndarray  # (BANDS x pictures,) int32: whose

    def hits(self, keys: np.ndarray) -> list[np.ndarray]:
        begin = np.searchsorted(self.keys, keys, side="left")
        end = np.searchsorted(self.keys, keys, side="right")
        return [self.numbers[begin[b] : end[b]] for b in np.flatnonzero(end > begin)]

    def merged_with(self, newer: "_Run") -> "_Run":
        keys = np.concatenate([self.keys, newer.keys])
        order = np.argsort(keys, kind="stable")  # of two sorted halves: in linear time
        return _Run(keys=keys[order], numbers=np.concatenate([self.numbers, newer.numbers])[order])


class NearDuplicates:
    """Remembers hashes by their numbers, 0, 1, ..., and finds one that looks alike."""

    def __init__(self) -> None:
        self._hashes = np.empty((TAIL, _WORDS), np.uint64)
        self._count = self._sorted = 0  # hashes, and how many of them stand in runs
        self._runs: list[_Run] = []  # each at least twice as long as the next

    def __len__(self) -> int:
        return self._count

    def find(self, looks: np.ndarray) -> int | None:
        """Return the number of the nearest hash within MAX_HASH_DISTANCE, or None.

        looks: (4,) uint64. Of several that are as near, the first.
        """
        keys = _keys(looks[np.newaxis])[0]
        hits = [hit for run in self._runs for hit in run.hits(keys)]
        hits.append(np.arange(self._sorted, self._count, dtype=np.int32))
        numbers = np.concatenate(hits)
        if not len(numbers):
            return None
        distances = np.bitwise_count(self._hashes[numbers] ^ looks).sum(axis=1)
        nearest = distances.min()
        if nearest > MAX_HASH_DISTANCE:
            return None
        return int(numbers[distances == nearest].min())

    def add(self, looks: np.ndarray) -> None:
        """Remember a hash under the next number."""
        if self._count == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.empty_like(self._hashes)])
        self._hashes[self._count] = looks
        self._count += 1
        if self._count - self._sorted == TAIL:
            self._sort_tail()

    def _sort_tail(self) -> None:
        keys = _keys(self._hashes[self._sorted : self._count]).ravel()
        numbers = np.repeat(np.arange(self._sorted, self._count, dtype=np.int32), BANDS)
        order = np.argsort(keys, kind="stable")
        run = _Run(keys=keys[order], numbers=numbers[order])
        while self._runs and len(self._runs[-1].keys) <= len(run.keys):
            run = self._runs.pop().merged_with(run)
        self._runs.append(run)
        self._sorted = self._count


class DuplicateFilter:
    """Finds the first of several near-identical pairs.

    Pairs whose line art is alike are duplicates even in other colours: one drawing must not
    stand in both train and validation, and two colourings of it have no single answer. Pairs
    that their source knows to be unique have no twin, and no other is compared with them.
    """

    def __init__(self) -> None:
        self._colors, self._linearts = NearDuplicates(), NearDuplicates()

    def twin(self, hashes: tuple[np.ndarray, np.ndarray] | None) -> tuple[str, int] | None:
        """Return what is alike, and the number of the pair that it is alike in, or None."""
        if hashes is None:
            return None
        for what, seen, looks in (
            ("picture", self._colors, hashes[0]),
            ("line art", self._linearts, hashes[1]),
        ):
            twin = seen.find(looks)
            if twin is not None:
                return what, twin
        return None

    def remember(self, hashes: tuple[np.ndarray, np.ndarray] | None) -> int | None:
        """Remember what was kept; returns its number, 0, 1, ..., or None without hashes."""
        if hashes is None:
            return None
        self._colors.add(hashes[0])
        self._linearts.add(hashes[1])
        return len(self._colors) - 1


def _keys(hashes: np.ndarray) -> np.ndarray:
    """Return the bands of (N, 4) uint64 hashes, (N, BANDS) uint32.

    Each takes every ninth bit. Neighbouring bits of a hash are neighbouring frequencies, which go
    together: bands of neighbours would be alike more often.
    """
    bits = np.unpackbits(np.ascontiguousarray(hashes).view(np.uint8), axis=1)  # (N, 256)
    bands = np.zeros((len(hashes), 32 * BANDS), np.uint8)
    bands[:, : bits.shape[1]] = bits
    packed = np.packbits(bands.reshape(-1, 32, BANDS).swapaxes(1, 2), axis=2, bitorder="little")
    return np.ascontiguousarray(packed).view(np.uint32)[..., 0] ^ _MARKS
