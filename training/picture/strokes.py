"""Measure how wide the lines of a drawing are, and draw them anew with another width.

What is drawn anew is the outline of the ink, moved outwards or inwards.
"""

import numpy as np

from training.picture.distance import depth
from training.pixels import CLEAN_ABOVE, INK_BELOW, PAPER

_FINER = 2  # outlines are moved at this multiple of the resolution: half pixels
_LARGE = 1024  # pixels of the longer side; from twice that on, a drawing is averaged to measure it
_MASK_SIZE = 5  # of distances: nearly exact, and fast enough for every picture of a training


def line_width(lineart: np.ndarray) -> float | None:
    """Measure the width of a drawing's lines in pixels; None where there is no ink.

    The median, along the middle of the ink, of twice the distance to paper.
    lineart: (H, W) uint8, paper 255.
    """
    return _in_pixels(median_width(_depth_of(_ink(lineart))))


def line_width_of_large(lineart: np.ndarray) -> float | None:
    """Do as `line_width` for a drawing of any size: a large one is averaged to half, a quarter...

    Takes time by what remains, of 1,024 to 2,047 pixels a side: its lines are known to one pixel of
    that.
    """
    import cv2

    halved = max(0, (max(lineart.shape) // _LARGE).bit_length() - 1)
    if halved == 0:
        return line_width(lineart)
    height, width = (max(1, side >> halved) for side in lineart.shape)
    width_there = line_width(cv2.resize(lineart, (width, height), interpolation=cv2.INTER_AREA))
    return None if width_there is None else width_there * 2**halved


def with_line_width(lineart: np.ndarray, width: float) -> np.ndarray:
    """Move the outline of all ink so that lines become about `width` pixels wide.

    lineart: (H, W) uint8. Returns the same shape; grey ink becomes black.
    """
    import cv2

    ink = _ink(lineart)
    inside = _depth_of(ink)
    measured = _in_pixels(median_width(inside))
    if measured is None:
        return lineart
    # Signed distance to the outline, positive in the ink: half a pixel lies between two middles.
    outside = cv2.distanceTransform((~ink).astype(np.uint8), cv2.DIST_L2, _MASK_SIZE)
    signed = np.where(ink, inside - np.float32(0.5), np.float32(0.5) - outside)
    moved = signed + np.float32(0.5 * _FINER * (width - measured))
    if width < measured:
        # The middle of every line stays: what is thinner than most must not break up.
        moved = np.maximum(moved, np.where(middle(inside), np.float32(0.5), np.float32(-1)))
    coverage = np.clip(moved + 0.5, 0.0, 1.0)
    height, across = lineart.shape
    coverage = cv2.resize(coverage, (across, height), interpolation=cv2.INTER_AREA)
    return PAPER - np.round(coverage * PAPER).astype(np.uint8)


def middle(inside: np.ndarray) -> np.ndarray:
    """Find the middle of the ink: where no neighbour is farther from paper.

    inside: (H, W) float32, how deep each pixel lies in the ink; 0 on paper. Returns (H, W) bool.
    """
    import cv2

    return (inside > 0) & (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)))


def median_width(inside: np.ndarray) -> float | None:
    """Return the median width of the ink along its middle; None where there is none.

    inside: (H, W) float32, as for `middle`; the width is in its pixels.
    """
    depths = inside[middle(inside)]
    return float(2 * np.median(depths) - 1) if depths.size else None


def _ink(lineart: np.ndarray) -> np.ndarray:
    """Tell ink from paper, enlarged: what is darker than the middle between paper and most lines.

    Lines thinner than a pixel are grey, and so are those of a pencil.
    """
    import cv2

    marked = lineart[lineart < CLEAN_ABOVE]
    if not marked.size:
        return np.zeros([_FINER * side for side in lineart.shape], bool)
    darkest = np.percentile(marked, 20)
    larger = cv2.resize(lineart, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_LINEAR)
    return larger < max((PAPER + darkest) / 2, INK_BELOW)


def _depth_of(ink: np.ndarray) -> np.ndarray:
    return depth(ink, mask_size=_MASK_SIZE)


def _in_pixels(finer: float | None) -> float | None:
    return None if finer is None else finer / _FINER
