"""Edge bleeding: how much of the colour difference across lines a painting has lost.

A line parts two colours. Where colour runs over it, or where everything gets one colour, the two
sides look more alike than they truly are. Defined here, since no standard says it:

- A crossing is a run of ink along a row or a column, at most 1/8 of the shorter side long (longer
  ink is a black area, not a line), with two pixels of paper at each end.
- Its two sides are the second pixels: the first may be half covered by the line.
- contrast = CIEDE2000 between the two sides. lost = max(0, true contrast - painted contrast).
- A drawing has the means of true and of lost contrast over its crossings; both are 0 without any.

Bleeding of a set of drawings is the sum of what was lost over the sum of what there was: 0 if every
line parts colours at least as in truth, 1 if no line parts anything. Wrong but well parted colours
do not count, nor do colours that differ where they truly do not; paler ones do.
"""

from dataclasses import dataclass

import numpy as np

from training.errors import PictureError
from training.metrics.full_reference import ciede2000, require_pair
from training.pixels import INK_BELOW

Places = tuple[np.ndarray, np.ndarray]  # rows and columns of pixels
LINE_SHARE = 8  # of the shorter side: the longest run of ink that counts as a line


@dataclass(frozen=True, kw_only=True)
class LineContrast:
    """Colour differences across the lines of one drawing, in CIEDE2000."""

    crossings: int
    true: float  # mean over crossings; 0 without any
    lost: float  # mean over crossings of what the painting has less


def line_contrast(painted: np.ndarray, true: np.ndarray, lineart: np.ndarray) -> LineContrast:
    """Compare both sides of every line of one drawing.

    painted, true: (H, W, 3) uint8. lineart: (H, W) uint8 of the same size. Raises PictureError.
    """
    require_pair(true, painted)
    if lineart.dtype != np.uint8 or lineart.shape != true.shape[:2]:
        raise PictureError(
            f"bleeding: expected line art as uint8 {true.shape[:2]}, received {lineart.dtype} "
            f"{lineart.shape}."
        )
    before, after = crossings(lineart)
    if len(before[0]) == 0:
        return LineContrast(crossings=0, true=0.0, lost=0.0)
    true_contrast = _difference(true[before], true[after])
    lost = np.maximum(true_contrast - _difference(painted[before], painted[after]), 0)
    return LineContrast(
        crossings=len(lost), true=float(true_contrast.mean()), lost=float(lost.mean())
    )


def crossings(lineart: np.ndarray) -> tuple[Places, Places]:
    """Find both sides of every line along rows and columns. lineart: (H, W) uint8."""
    ink, longest = lineart < INK_BELOW, min(lineart.shape) // LINE_SHARE
    row, left, right = _sides(ink, longest)
    column, top, bottom = _sides(ink.T, longest)
    before = np.concatenate([row, top]), np.concatenate([left, column])
    after = np.concatenate([row, bottom]), np.concatenate([right, column])
    return before, after


def _sides(ink: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find crossings along rows: the row, and the columns of both sides."""
    width = ink.shape[1]
    framed = np.pad(ink, ((0, 0), (1, 1)))
    row, first = np.nonzero(ink & ~framed[:, :-2])
    _, last = np.nonzero(ink & ~framed[:, 2:])  # in the same order: one end for each beginning
    before, after = first - 2, last + 2
    fits = (before >= 0) & (after < width) & (last - first < longest)
    row, before, after = row[fits], before[fits], after[fits]
    paper = ~ink[row, before] & ~ink[row, after]
    return row[paper], before[paper], after[paper]


def _difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """first, second: (N, 3) uint8. Returns (N,) CIEDE2000."""
    return ciede2000(first[np.newaxis], second[np.newaxis])[0]
