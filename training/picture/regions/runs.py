"""Measure regions by the runs of pixels that they have in each row of a picture."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The runs of one label each, row by row; none goes over the end of a row.

    label, start, length: (R,) int64; start in the flattened picture. width: of the picture.
    """

    label: np.ndarray
    start: np.ndarray
    length: np.ndarray
    width: int

    def areas(self, count: int) -> np.ndarray:
        """Return how many pixels each of `count` labels has: (count,) int64."""
        areas = np.zeros(count, np.int64)
        np.add.at(areas, self.label, self.length)
        return areas

    def first_pixels(self, count: int) -> np.ndarray:
        """Return each label's first place in the flattened picture: (count,) int64.

        For a label that is nowhere: one more than any place may be.
        """
        first = np.full(count, np.iinfo(np.int64).max)
        first[self.label[::-1]] = self.start[::-1]  # of what is written twice, the last stands
        return first

    def boxes(self, count: int) -> list[tuple[slice, slice]]:
        """Return the smallest rows and columns that hold each of `count` labels, all somewhere."""
        y, x = np.divmod(self.start, self.width)
        least = np.full((2, count), np.iinfo(np.int64).max)
        most = np.zeros((2, count), np.int64)
        for axis, first, last in ((0, y, y + 1), (1, x, x + self.length)):
            np.minimum.at(least[axis], self.label, first)
            np.maximum.at(most[axis], self.label, last)
        rows, columns = (
            map(slice, *ends) for ends in zip(least.tolist(), most.tolist(), strict=True)
        )
        return list(zip(rows, columns, strict=True))


def find_runs(labels: np.ndarray, also: np.ndarray | None = None) -> Runs:
    """Find the runs of a picture. labels: (H, W) of whole numbers, 0 and more.

    also: (H, W), or (W,) for every row: where this changes, too, a new run begins.
    """
    begins = np.empty(labels.shape, bool)
    begins[:, 0] = True
    np.not_equal(labels[:, 1:], labels[:, :-1], out=begins[:, 1:])
    if also is not None:
        begins[:, 1:] |= also[..., 1:] != also[..., :-1]
    start = np.flatnonzero(begins)
    return Runs(
        label=labels.reshape(-1)[start].astype(np.int64),
        start=start,
        length=np.diff(start, append=labels.size),
        width=labels.shape[1],
    )
