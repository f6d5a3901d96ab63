"""Make the picture at the drawing's own size: colours below its own ink, which stays as it is.

Flats have one colour a region, and where that is not enough the layer, enlarged from the region's
own cells alone, so that no colour crosses a line; what is near the region's colour becomes it, and
so does a smear, so that a page stays plain. The smooth layer knows no regions: it is the net's,
enlarged.
"""

import numpy as np

from training.picture.flats.colors import RegionColors, choose_colors
from training.picture.flats.hinted import nearest_hints
from training.picture.flats.oklab import UNIT, distances, oklab
from training.picture.flats.painted import Painted
from training.picture.flats.smooth import filled
from training.picture.regions.labels import find_paper
from training.picture.regions.lookup import looked_up

PLAIN = int(0.05 * UNIT)  # distance in OKLab from the region's colour that is none; twice it stays
STRONG = int(0.25 * UNIT)  # distance that a figure on a page reaches somewhere; a smear does not
STRONG_GUESS = int(0.28 * UNIT)  # the same where nobody gave a hint
MOST_OPEN = 0.35  # share of a figure's outline that is no line: through there the page leaks in
EVEN = 0.65  # share of a figure's cells that differ at least half as much as the strongest


def flats(
    labels: np.ndarray, painted: Painted, *, lineart: np.ndarray, hints: np.ndarray | None = None
) -> np.ndarray:
    """Colour the regions of a drawing, without its ink.

    labels: (H, W) int32, as `label_regions` gives them. lineart: (H, W) uint8, the drawing.
    hints: (H, W, 4) uint8 RGBA, or None. Returns (H, W, 3) uint8.
    """
    paper = find_paper(lineart)
    chosen = choose_colors(labels, painted, paper=paper, hints=hints)
    result = _flat(chosen)
    boxes = chosen.runs.boxes(len(chosen.color))
    height, width = painted.working.shape
    cell_rows = painted.placement.rows(len(labels), of=height)
    cell_columns = painted.placement.columns(labels.shape[1], of=width)
    for region in np.flatnonzero(chosen.smooth).tolist():
        rows, columns = boxes[region]
        in_cells = cell_rows[rows][[0, -1]] + [0, 1], cell_columns[columns][[0, -1]] + [0, 1]
        _smooth_in(
            result,
            region,
            boxes[region],
            in_cells=in_cells,
            chosen=chosen,
            painted=painted,
            guessed=not chosen.hints and bool(chosen.large[region]),
        )
    for region, found in chosen.hints.items():
        if len(found.colors) > 1 and not chosen.smooth[region]:
            _part_in(result, region, boxes[region], chosen=chosen, paper=paper)
    return result


def smooth_layer(painted: Painted, shape: tuple[int, int]) -> np.ndarray:
    """Enlarge a layer to the drawing's size. shape: (H, W). Returns (H, W, 3) uint8.

    What the layer says under the ink of the working picture counts as well: the net learned to
    paint through it.
    """
    return painted.placement.enlarged(painted.layer, shape)


def _flat(chosen: RegionColors) -> np.ndarray:
    """Paint every region in its colour, as whole pixels of four bytes."""
    import cv2

    opaque = np.full((len(chosen.color), 1), 255, np.uint8)
    palette = np.concatenate([chosen.color, opaque], axis=1).view(np.uint32).reshape(-1)
    rgba = looked_up(palette, chosen.labels).view(np.uint8).reshape(*chosen.labels.shape, 4)
    return cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB)


def _smooth_in(
    result: np.ndarray,
    region: int,
    box: tuple[slice, slice],
    *,
    in_cells: tuple[np.ndarray, np.ndarray],
    chosen: RegionColors,
    painted: Painted,
    guessed: bool,
) -> None:
    """Paint a region with the layer of its own cells, in place.

    guessed: it is the page, and no hint was given: what the layer has there nobody means.

    in_cells: rows and columns of the cells that the box lies in, first and end: a drawing of many
    regions takes no longer than one. They are those of the whole drawing, by which the region's
    cells were counted: reckoned anew from the box's corner, a pixel whose middle lies on the border
    of two cells may fall into the other one.
    """
    import cv2

    rows, columns = box
    shape = rows.stop - rows.start, columns.stop - columns.start
    placement = painted.placement.of_part(left=columns.start, top=rows.start)
    y, x = in_cells
    own = chosen.cells.of(region)
    own_y, own_x = np.divmod(own.cell, painted.working.shape[1])
    certainty = np.zeros((y[1] - y[0], x[1] - x[0]), np.float32)
    certainty[own_y - y[0], own_x - x[0]] = np.minimum(own.area / placement.cell_area, 1)
    part = painted.layer[y[0] : y[1], x[0] : x[1]].astype(np.float32)
    plain = _plain(
        np.rint(filled(part, certainty)).astype(np.uint8),
        chosen.color[region],
        figure_of=certainty > 0 if guessed else None,
    )
    placement = placement.of_crop(left=int(x[0]), top=int(y[0]))
    inside = (chosen.labels[box] == region).astype(np.uint8)
    result[box] = cv2.copyTo(placement.enlarged(plain, shape), inside, result[box].copy())


def _plain(layer: np.ndarray, color: np.ndarray, *, figure_of: np.ndarray | None) -> np.ndarray:
    """Let what is near a colour become it, and with it every smear: (h, w, 3) uint8.

    A smear is what differs and nowhere in its connected area, over sides, differs strongly: the
    two thresholds of Canny 1986. A net leaves such on the page beside a figure.
    figure_of: (h, w) bool, the region's own cells, where only a figure is to stay: what lines
    enclose for the most part, and is even and does not fade. None: everything strong stays.
    """
    import cv2

    away = distances(oklab(layer), oklab(color))
    differs = (away > PLAIN).astype(np.uint8)
    count, area = cv2.connectedComponents(differs, connectivity=4)
    strongest = np.zeros(count, np.int64)
    np.maximum.at(strongest, area.reshape(-1), away.reshape(-1))
    if figure_of is None:
        stays = strongest > STRONG
    else:
        figures = _is_figure(area, away, strongest, own=figure_of)
        stays = (strongest > STRONG_GUESS) & figures
    share = np.where(stays[area], np.clip(away / PLAIN - 1, 0, 1), 0)
    return np.rint(color + share[..., np.newaxis] * (layer - color.astype(np.float64))).astype(
        np.uint8
    )


def _is_figure(
    area: np.ndarray, away: np.ndarray, strongest: np.ndarray, *, own: np.ndarray
) -> np.ndarray:
    """Tell of each area, 0 the page, whether lines enclose it and it is even: (areas,) bool."""
    count = len(strongest)
    cells = np.bincount(area[own], minlength=count)
    even = np.bincount(area[own & (2 * away >= strongest[area])], minlength=count)
    opened, sides = np.zeros(count, np.int64), np.zeros(count, np.int64)
    place = np.where(own, area, -1)  # -1: beyond a line
    for turned in (place, place[::-1], place.T, place.T[::-1]):
        one, beside = turned[1:], turned[:-1]
        outline = (one > 0) & (beside <= 0)
        opened += np.bincount(one[outline & (beside == 0)], minlength=count)
        sides += np.bincount(one[outline], minlength=count)
    return (opened <= MOST_OPEN * sides) & (even >= EVEN * cells)


def _part_in(
    result: np.ndarray,
    region: int,
    box: tuple[slice, slice],
    *,
    chosen: RegionColors,
    paper: np.ndarray,
) -> None:
    """Part a region among its hints, in place."""
    found = chosen.hints[region]
    rows, columns = box
    y, x = np.divmod(found.place, paper.shape[1])
    inside = chosen.labels[box] == region
    seeds = np.zeros(inside.shape, np.int32)
    seeds[y - rows.start, x - columns.start] = found.number + 1
    nearest = nearest_hints(inside, paper[box], seeds)
    result[box][inside] = found.colors[nearest[inside] - 1]
