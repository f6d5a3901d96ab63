"""Count what parts the regions of a drawing: how long each border of two is, and how much is open.

An open border runs over paper: there a gap in a line was closed.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Borders:
    """Every pair of regions that touch, by the smaller number and then the larger.

    first, second: (B,) int64, first < second. length: (B,) int64, sides of pixels that part the
    two. gap: (B,) int64, those of them that have paper on both sides.
    """

    first: np.ndarray
    second: np.ndarray
    length: np.ndarray
    gap: np.ndarray

    def joined(self, into: np.ndarray) -> "Borders":
        """Return the borders of groups of regions. into: (regions,), the group of each."""
        return _summed(into[self.first], into[self.second], self.length, self.gap)


def borders(labels: np.ndarray, paper: np.ndarray) -> Borders:
    """Measure the borders of regions. labels: (H, W) int32, 0 and more. paper: (H, W) bool."""
    flat, shown, width = labels.reshape(-1), paper.reshape(-1), labels.shape[1]
    changes = np.zeros((2, *labels.shape), bool)
    np.not_equal(labels[:, 1:], labels[:, :-1], out=changes[0, :, :-1])
    np.not_equal(labels[1:], labels[:-1], out=changes[1, :-1])
    across, down = (np.flatnonzero(change) for change in changes)
    before = np.concatenate([across, down])
    after = np.concatenate([across + 1, down + width])
    gap = shown[before] & shown[after]
    return _summed(flat[before], flat[after], np.ones(len(gap), np.int64), gap)


def best_neighbor(
    found: Borders, *, wanted: np.ndarray, offered: np.ndarray, through_gaps: bool = False
) -> np.ndarray:
    """Return for each wanted region the offered one across the longest gap, or -1.

    Without a gap to any: the one with the longest border, unless through_gaps asks for gaps alone;
    among equals, the smaller number. wanted, offered: (regions,) bool. Returns (regions,) int64.
    """
    one = np.concatenate([found.first, found.second])
    other = np.concatenate([found.second, found.first])
    gap, length = np.tile(found.gap, 2), np.tile(found.length, 2)
    kept = wanted[one] & offered[other] & ((gap > 0) | (not through_gaps))
    one, other, gap, length = one[kept], other[kept], gap[kept], length[kept]
    order = np.lexsort((-other, length, gap, one))  # the best for each region comes last
    best = np.full(len(wanted), -1, np.int64)
    best[one[order]] = other[order]
    return best


def _summed(one: np.ndarray, other: np.ndarray, length: np.ndarray, gap: np.ndarray) -> Borders:
    """Sum what several sides of pixels say of the same two regions."""
    apart = one != other
    first, second = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
    count = int(second.max(initial=0)) + 1
    pairs, number = np.unique(first.astype(np.int64) * count + second, return_inverse=True)
    sums = np.zeros((2, len(pairs)), np.int64)
    np.add.at(sums[0], number, length[apart])
    np.add.at(sums[1], number, gap[apart])
    return Borders(first=pairs // count, second=pairs % count, length=sums[0], gap=sums[1])
