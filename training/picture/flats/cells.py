"""Measure how much of each region lies in each cell, as the layer's pixels are called here."""

from dataclasses import dataclass

import numpy as np

from training.picture.regions.runs import find_runs
from training.picture.working.placement import Placement


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What regions have in which cells, by region and then by cell, row by row.

    region, cell, area: (M,) int64; area in pixels of the drawing, 1 and more.
    """

    region: np.ndarray
    cell: np.ndarray
    area: np.ndarray

    def where(self, kept: np.ndarray | slice) -> "Cells":
        """Return some of them. kept: (M,) bool, or a slice."""
        return Cells(region=self.region[kept], cell=self.cell[kept], area=self.area[kept])

    def of(self, region: int) -> "Cells":
        """Return those of one region."""
        first, last = np.searchsorted(self.region, [region, region + 1])
        return self.where(np.s_[first:last])

    def joined(self, into: np.ndarray) -> "Cells":
        """Return what regions have together. into: (regions,), the number of their group."""
        return _summed(into[self.region], self.cell, self.area)


def measure_cells(labels: np.ndarray, shape: tuple[int, int], *, placement: Placement) -> Cells:
    """Count the pixels of each region in each cell.

    labels: (H, W) int32, 0 and more. shape: (h, w) of the layer.
    """
    height, width = labels.shape
    column = placement.columns(width, of=shape[1])
    row = placement.rows(height, of=shape[0])
    runs = find_runs(labels, column)
    y, x = np.divmod(runs.start, width)
    return _summed(runs.label, row[y] * shape[1] + column[x], runs.length)


def _summed(region: np.ndarray, cell: np.ndarray, area: np.ndarray) -> Cells:
    cells = int(cell.max(initial=0)) + 1
    keys, number = np.unique(region.astype(np.int64) * cells + cell, return_inverse=True)
    total = np.zeros(len(keys), np.int64)
    np.add.at(total, number, area)
    return Cells(region=keys // cells, cell=keys % cells, area=total)
