"""Choose the colour of a region: the medoid of its cells, and how far the others are from it.

The medoid is the one of the colours from which the others are least far, summed by area. It is one
that is there: medians channel by channel turn a wall that is half gold, half blue into khaki.
"""

from dataclasses import dataclass

import numpy as np

from training.picture.flats.cells import Cells
from training.picture.flats.oklab import distances

MOST = 128  # cells of a region that are compared, evenly drawn: each with each


@dataclass(frozen=True, kw_only=True)
class Medoids:
    """The colour of each region.

    cell: (regions,) int64, where the colour stands; -1 for a region without a cell.
    spread: (regions,) int64, the mean distance of the region's area from it, in OKLab, rounded
    down; 0 without a cell.
    """

    cell: np.ndarray
    spread: np.ndarray


def find_medoids(cells: Cells, lab: np.ndarray, *, regions: int) -> Medoids:
    """Find the medoid of each region. lab: (cells, 3) int32, the layer in OKLab, row by row.

    Of cells that serve equally, the first. Of n cells more than MOST, those numbered
    i x n // MOST are compared.
    """
    chosen = np.full(regions, -1, np.int64)
    spread = np.zeros(regions, np.int64)
    ends = np.searchsorted(cells.region, np.arange(regions), side="right")
    starts = np.searchsorted(cells.region, np.arange(regions))
    for region in np.flatnonzero(ends > starts):
        count = ends[region] - starts[region]
        drawn = np.arange(min(count, MOST)) * count // min(count, MOST) + starts[region]
        color, area = lab[cells.cell[drawn]], cells.area[drawn]
        cost = distances(color[:, np.newaxis], color) @ area
        best = int(np.argmin(cost))
        chosen[region] = cells.cell[drawn[best]]
        spread[region] = cost[best] // area.sum()
    return Medoids(cell=chosen, spread=spread)
