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

    def box(self, label: int) -> tuple[slice, slice]:
        """Return the smallest rows and columns that hold a label, which is somewhere."""
        own = self.label == label
        y, x = np.divmod(self.start[own], self.width)
        right = (x + self.length[own]).max()
        return slice(int(y[0]), int(y[-1]) + 1), slice(int(x.min()), int(right))


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
