"""Part a drawing into regions: areas that its lines bound, with the gaps in the lines closed.

From the parts of its paper, the rest is flooded: over the paper first, so that two parts meet in
the gap between them, then under the ink to the middle of the lines, so that no halo of paper shows.
All of it is whole numbers in an order that is written down: NurieKit repeats it to the pixel.
"""

import numpy as np

from training.picture.regions.borders import best_neighbor, borders
from training.picture.regions.flood import CLOSED, OPEN, flood
from training.picture.regions.lookup import looked_up
from training.picture.regions.parts import find_parts
from training.picture.regions.runs import find_runs

PAPER_FROM = 192  # uint8: a line of half a pixel's width leaves less than that in one of two pixels
TINY = 0.25  # squared widths of a line: a region that shows less paper is none
FEWEST = 4  # pixels of paper: specks beside an antialiased line show less


def find_paper(lineart: np.ndarray) -> np.ndarray:
    """Tell paper from ink: (H, W) uint8, paper 255, ink 0 -> (H, W) bool."""
    return lineart >= PAPER_FROM


def label_regions(lineart: np.ndarray, *, line_width: float) -> np.ndarray:
    """Give every pixel of a drawing the number of its region.

    lineart: (H, W) uint8, paper 255, ink 0. line_width: of the drawing's lines, in pixels.
    Returns (H, W) int32: 0 to the number of regions less one, in the order of their first pixels,
    row by row. Each region is connected. No two areas of paper that lines close are of one region,
    unless one of them is tiny. Raises ValueError for a line width that is not above 0.
    """
    if not line_width > 0:
        raise ValueError(f"line_width: expected pixels above 0, received {line_width!r}.")
    paper = find_paper(lineart)
    if paper.all() or not paper.any():
        return np.zeros(lineart.shape, np.int32)
    labels = find_parts(paper, line_width=line_width)
    labels[~paper] = CLOSED
    labels = flood(labels)
    labels[~paper] = OPEN
    labels = flood(labels)
    labels -= 1
    smallest = max(FEWEST, TINY * line_width**2)
    return _by_first_pixel(_without_tiny(labels, paper, smallest=smallest))


def _without_tiny(labels: np.ndarray, paper: np.ndarray, *, smallest: float) -> np.ndarray:
    """Let regions that show little paper join their best neighbour, in place, from the large on."""
    count = int(labels.max()) + 1
    runs = find_runs(labels, paper)
    shown = np.zeros(count, np.int64)
    np.add.at(shown, runs.label, runs.length * paper.reshape(-1)[runs.start])
    tiny = shown < smallest
    if not tiny.any() or tiny.all():
        return labels
    found = borders(labels, paper)
    into = np.arange(count, dtype=np.int32)
    # Through gaps first, from one to the next: a row of tiny regions in a corner is of its area,
    # and not of what lies behind the line.
    for through_gaps in (True, False):
        while tiny.any():
            best = best_neighbor(found, wanted=tiny, offered=~tiny, through_gaps=through_gaps)
            joining = best >= 0
            if not joining.any():
                break
            into[joining] = into[best[joining]]
            tiny &= ~joining
    return looked_up(into, labels, out=labels)


def _by_first_pixel(labels: np.ndarray) -> np.ndarray:
    """Number regions anew, in place and without a gap, by their first pixels."""
    first = find_runs(labels).first_pixels(int(labels.max()) + 1)
    order = np.argsort(first, kind="stable")
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    return looked_up(number, labels, out=labels)
