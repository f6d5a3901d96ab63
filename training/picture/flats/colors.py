"""Choose the colours of regions: the one that the layer has in each; hints win.

A region takes the medoid of its clean cells, or the colour of its hints. Regions that meet across a
gap and are of like colour become one: the gap was none. One without a clean cell takes its best
neighbour's colour. Where the layer's spread in a region is
large, or the region is most of the sheet, which an open figure leaks into, one colour is not
enough, and the region is marked so.
"""

from dataclasses import dataclass

import numpy as np

from training.picture.flats.cells import Cells, measure_cells
from training.picture.flats.hinted import RegionHints, hints_of_regions
from training.picture.flats.medoid import find_medoids
from training.picture.flats.oklab import UNIT, distances, oklab
from training.picture.flats.painted import Painted
from training.picture.regions.borders import Borders, best_neighbor, borders
from training.picture.regions.lookup import looked_up
from training.picture.regions.runs import Runs, find_runs
from training.pixels import PAPER

LARGE_SPREAD = int(0.08 * UNIT)  # mean distance in OKLab of a region's cells from their medoid
MOST_OF_SHEET = 0.6  # share of the drawing's pixels
LIKE = int(0.2 * UNIT)  # distance in OKLab of colours that are one, seen across a gap
LIKE_HINTS = int(0.1 * UNIT)  # the same where both regions are hinted: two wishes
LIKE_PAGE = int(0.05 * UNIT)  # the same where one is most of the sheet; a hint that means it
WHITE = int(0.025 * UNIT)  # distance in OKLab from white that is the net's noise: it becomes white


@dataclass(frozen=True, kw_only=True)
class RegionColors:
    """The regions of a drawing, and what colours each.

    labels: (H, W) int32, 0 to the number of regions less one. color: (regions, 3) uint8.
    smooth: (regions,) bool, where one colour is not enough. large: (regions,) bool, what is most of
    the sheet. cells: the clean ones. hints: by region; they part none that is smooth. runs: of the
    labels.
    """

    labels: np.ndarray
    runs: Runs
    color: np.ndarray
    smooth: np.ndarray
    large: np.ndarray
    cells: Cells
    hints: dict[int, RegionHints]


def choose_colors(
    labels: np.ndarray, painted: Painted, *, paper: np.ndarray, hints: np.ndarray | None
) -> RegionColors:
    """Choose the colour of each region.

    labels: (H, W) int32, as `label_regions` gives them. paper: (H, W) bool. hints: (H, W, 4) uint8
    RGBA, or None.
    """
    cells = measure_cells(labels, painted.working.shape, placement=painted.placement)
    cells = cells.where(painted.clean()[cells.cell])
    met = borders(labels, paper)
    count = int(labels.max()) + 1
    hinted = hints_of_regions(labels, hints, paper=paper)
    runs = find_runs(labels)
    large = runs.areas(count) > MOST_OF_SHEET * labels.size
    color, known, spread = _own_colors(painted, cells, hinted, large=large)
    joins = known.copy()
    joins[[region for region, found in hinted.items() if len(found.colors) > 1]] = False
    into = _joined_across_gaps(color, joins, met, large=large, hinted=hinted)
    if into.max() + 1 < count:
        labels, cells, met = looked_up(into, labels), cells.joined(into), met.joined(into)
        hinted = hints_of_regions(labels, hints, paper=paper)
        runs = find_runs(labels)
        large = runs.areas(int(into.max()) + 1) > MOST_OF_SHEET * labels.size
        color, known, spread = _own_colors(painted, cells, hinted, large=large)
    color = _with_neighbors(color, known, met)
    smooth = (spread > LARGE_SPREAD) | large
    for region, found in hinted.items():
        smooth[region] &= not _is_whole(found, region, color=color, large=large)
    smooth[np.setdiff1d(np.arange(len(smooth)), cells.region)] = False
    return RegionColors(
        labels=labels,
        runs=runs,
        color=color,
        smooth=smooth,
        large=large,
        cells=cells,
        hints=hinted,
    )


def _is_whole(found: RegionHints, region: int, *, color: np.ndarray, large: np.ndarray) -> bool:
    """Tell whether hints are of all of a region: not those on a figure that the page leaks into."""
    return not large[region] or bool((found.colors == color[region]).all())


def _own_colors(
    painted: Painted,
    cells: Cells,
    hinted: dict[int, RegionHints],
    *,
    large: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each region its colour, white without one, whether it has one, and its spread."""
    medoids = find_medoids(cells, oklab(painted.layer).reshape(-1, 3), regions=len(large))
    known = medoids.cell >= 0
    color = np.full((len(large), 3), PAPER, np.uint8)
    color[known] = painted.layer.reshape(-1, 3)[medoids.cell[known]]
    color[distances(oklab(color), oklab(np.full(3, PAPER, np.uint8))) < WHITE] = PAPER
    for region, found in hinted.items():
        if large[region] and known[region]:
            # A hint on a figure that the page leaks into is no colour for the page.
            away = distances(oklab(found.colors), oklab(color[region]))
            if away.min() < LIKE_PAGE:
                color[region] = found.colors[np.argmin(away)]
        else:
            color[region] = found.colors[0]
            known[region] = True
    return color, known, medoids.spread


def _joined_across_gaps(
    color: np.ndarray,
    joins: np.ndarray,
    met: Borders,
    *,
    large: np.ndarray,
    hinted: dict[int, RegionHints],
) -> np.ndarray:
    """Return the group of each region, by number: (regions,) int32.

    joins: (regions,) bool, which may join. The page takes in only what is as good as of its own
    colour.
    """
    open_to = (met.gap > 0) & joins[met.first] & joins[met.second]
    one, other = met.first[open_to], met.second[open_to]
    lab = oklab(color)
    wished = np.zeros(len(color), bool)
    wished[list(hinted)] = True
    within = np.where(wished[one] & wished[other], LIKE_HINTS, LIKE)
    within[large[one] | large[other]] = LIKE_PAGE
    like = distances(lab[one], lab[other]) < within
    one, other = one[like], other[like]
    group = np.arange(len(color))
    while True:  # the smallest number spreads through each group, twice as far each time
        before = group.copy()
        least = np.minimum(group[one], group[other])
        np.minimum.at(group, one, least)
        np.minimum.at(group, other, least)
        group = group[group]
        if np.array_equal(group, before):
            return np.unique(group, return_inverse=True)[1].astype(np.int32)


def _with_neighbors(color: np.ndarray, known: np.ndarray, met: Borders) -> np.ndarray:
    """Give regions without a colour that of their best neighbour, in rounds from those with one."""
    color, known = color.copy(), known.copy()
    while not known.all():
        best = best_neighbor(met, wanted=~known, offered=known)
        found = best >= 0
        if not found.any():
            break  # no region has a colour: the net saw nothing but ink
        color[found] = color[best[found]]
        known |= found
    return color
