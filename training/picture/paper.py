"""Find out what the paper below the lines of a drawing looks like: how light, and how evenly lit.

The paper is what remains when a closing (dilation, then erosion, by OpenCV) fills whatever is
darker and narrower than its window: Serra 1982; lines, not shadows. It is found in cells, a few
hundred along the longer side, so that time and memory go with the pixels that are read once.
"""

from dataclasses import dataclass

import numpy as np

from training.picture.distance import nearest_known
from training.pixels import PAPER

_CELLS = 256  # along the longer side, at most
_POOLED = 4  # averaged pixels a side of a cell, of which the lightest counts: paper beside lines
_WINDOW = 1 / 12  # of the longer side: wider than lines, narrower than shadows
_LEAST_WINDOW = 15  # cells: small pictures have wide lines
_INK_BELOW = 0.2  # of the light of the paper: darker and wider than lines is ink, and no shadow
_EDGE = 5  # cells across, around which ink is blurred
_LIGHTEST = 90  # percentile that stands for unshaded paper
_EVEN = 6  # grey levels between the 5th and the 95th percentile
# A picture made of a few grey areas has a few levels of paper; light that falls off has many.
_FEW_BINS, _BIN, _FEW_SHARE = 4, 2, 0.9


@dataclass(frozen=True)
class Paper:
    """The paper of one picture."""

    cells: np.ndarray  # (h, w) or (h, w, 3) uint8, 1 or more: how light the paper is there
    lightest: np.ndarray  # (1,) or (3,) uint8: unshaded paper, by channel
    uneven: bool  # light falls off across the sheet


def measure_paper(picture: np.ndarray) -> Paper:
    """Find the paper of a picture whose lines are darker than it.

    picture: (H, W) or (H, W, 3) uint8, of any size.
    """
    import cv2

    cells = _lightest_of_cells(picture)
    window = max(_LEAST_WINDOW, round(_WINDOW * max(cells.shape[:2]))) | 1
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (window, window))
    cells = cv2.morphologyEx(cells, cv2.MORPH_CLOSE, around)
    grey = cells if cells.ndim == 2 else cv2.cvtColor(cells, cv2.COLOR_RGB2GRAY)
    known = _away_from_ink(grey)
    uneven = _falls_off(grey[known])
    lightest = np.percentile(cells[known].reshape(known.sum(), -1), _LIGHTEST, axis=0)
    if not known.all():
        flat = cells.reshape(known.size, -1)
        cells = flat[nearest_known(known)].reshape(cells.shape)
    smooth = cv2.GaussianBlur(cv2.medianBlur(cells, _odd(window // 2)), (0, 0), window / 6)
    return Paper(np.maximum(smooth, 1), lightest.astype(np.uint8), uneven)


def divide_by_light(picture: np.ndarray, paper: Paper) -> np.ndarray:
    """Return the picture as if its paper were white everywhere: what is lighter is white, too.

    picture: as `measure_paper` took it. Returns the same shape, uint8.
    """
    import cv2

    height, width = picture.shape[:2]
    light = cv2.resize(paper.cells, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(picture, light, scale=PAPER).reshape(picture.shape)


def divide_by_tone(picture: np.ndarray, paper: Paper) -> np.ndarray:
    """Return the picture as if its unshaded paper were white: areas of grey remain.

    picture: as `measure_paper` took it. Returns the same shape, uint8.
    """
    import cv2

    levels = np.arange(256, dtype=np.float32)[:, np.newaxis]
    table = np.minimum(np.round(levels * PAPER / np.maximum(paper.lightest, 1)), PAPER).astype(
        np.uint8
    )
    return cv2.LUT(picture, table[np.newaxis] if picture.ndim == 3 else table[:, 0])


def _lightest_of_cells(picture: np.ndarray) -> np.ndarray:
    """Return (h, w[, 3]) uint8: averages, against noise; the lightest stands for its cell."""
    import cv2

    height, width = picture.shape[:2]
    longer = min(max(height, width), _CELLS * _POOLED)
    pool = -(-longer // _CELLS)
    scale = longer / max(height, width)
    rows, columns = (max(1, round(side * scale / pool)) for side in (height, width))
    size = (columns * pool, rows * pool)
    smaller = cv2.blur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (3, 3))
    return smaller.reshape(rows, pool, columns, pool, *picture.shape[2:]).max(axis=(1, 3))


def _away_from_ink(grey: np.ndarray) -> np.ndarray:
    """Return (h, w) bool, somewhere true: cells that neither are ink nor border on it."""
    import cv2

    light = grey >= _INK_BELOW * np.percentile(grey, _LIGHTEST)
    away = cv2.erode(light.astype(np.uint8), np.ones((_EDGE, _EDGE), np.uint8)) > 0
    return away if away.any() else light


def _falls_off(paper: np.ndarray) -> bool:
    low, high = np.percentile(paper, (5, 95))
    bins = np.sort(np.bincount(paper.ravel() // _BIN))
    return bool(high - low > _EVEN and bins[-_FEW_BINS:].sum() < _FEW_SHARE * paper.size)


def _odd(number: int) -> int:
    return max(3, number | 1)
