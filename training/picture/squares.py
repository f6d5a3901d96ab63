"""Fit pictures onto paper: centred, shape kept, nothing cut; memory goes with the picture."""

import numpy as np

from training.pixels import PAPER
from training.settings.sizes import Size

# A picture is padded to a square and that is scaled, unless the square would be large in itself
# and more than twice the picture: a strip is scaled before it is padded. Its edges then fall on
# whole pixels, half a pixel at most from where they would be.
_SMALL_SQUARE = 4096  # pixels a side: 50 MB of RGB
_LARGER = 2


def fit(picture: np.ndarray, size: Size) -> np.ndarray:
    """Scale a picture to paper of a size and centre it there: never squashed, never cut.

    picture: (H, W) or (H, W, 3) uint8. Returns the same of `size`.
    """
    import cv2

    return _fit(picture, size, border=cv2.BORDER_CONSTANT)


def fit_extended(picture: np.ndarray, size: Size) -> np.ndarray:
    """Do as `fit`, but repeat the picture's edge in place of paper.

    For line extraction, which would take the border between picture and paper for a line.
    """
    import cv2

    return _fit(picture, size, border=cv2.BORDER_REPLICATE)


def _fit(picture: np.ndarray, size: Size, *, border: int) -> np.ndarray:
    import cv2

    if size[0] == size[1]:
        return _fit_square(picture, size[0], border=border)
    # Scaled before it is padded, as strips are.
    share = min(size[0] / picture.shape[0], size[1] / picture.shape[1])
    height, width = (
        min(most, max(1, round(side * share)))
        for side, most in zip(picture.shape[:2], size, strict=True)
    )
    if (height, width) != picture.shape[:2]:
        method = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
        picture = cv2.resize(picture, (width, height), interpolation=method)
    down, right = size[0] - height, size[1] - width
    margins = (down // 2, down - down // 2, right // 2, right - right // 2)
    return cv2.copyMakeBorder(picture, *margins, border, value=(PAPER,) * 4)


def _fit_square(picture: np.ndarray, size: int, *, border: int) -> np.ndarray:
    import cv2

    if _is_strip(picture):
        longer = max(picture.shape[:2])
        height, width = (max(1, round(side * size / longer)) for side in picture.shape[:2])
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    white = (PAPER,) * 4
    return _scale(cv2.copyMakeBorder(picture, *_margins(picture), border, value=white), size)


def _is_strip(picture: np.ndarray) -> bool:
    shorter, longer = sorted(picture.shape[:2])
    return longer > max(_SMALL_SQUARE, _LARGER * shorter)


def _margins(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right: what a picture lacks to be square."""
    height, width = picture.shape[:2]
    down, right = max(width - height, 0), max(height - width, 0)
    return down // 2, down - down // 2, right // 2, right - right // 2


def _scale(square: np.ndarray, size: int) -> np.ndarray:
    import cv2

    if len(square) == size:
        return square
    # Averaging over areas keeps thin lines; where a picture grows there is nothing to average.
    method = cv2.INTER_AREA if len(square) > size else cv2.INTER_LINEAR
    return cv2.resize(square, (size, size), interpolation=method)
