"""How sharp a picture is at the lines of its drawing."""

import numpy as np

from training.picture.reading import to_grey
from training.pixels import INK_BELOW

_BESIDE = 2  # pixels from the edge of the ink


def sharpness_at_lines(candidate: np.ndarray, true: np.ndarray, *, lineart: np.ndarray) -> float:
    """Return the steepest slope of lightness beside the edges of the ink, of that of the truth.

    candidate, true: (H, W, 3) uint8; lineart: (H, W) uint8. The mean over the edges; 1 is as sharp
    as the truth, 0 is without edges. 1 for a drawing without ink.
    """
    import cv2

    ink = (lineart < INK_BELOW).astype(np.uint8)
    around = np.ones((2 * _BESIDE + 1,) * 2, np.uint8)
    edges = cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    slopes = [
        cv2.dilate(_slope(to_grey(picture)), around)[edges].mean() if edges.any() else 1.0
        for picture in (candidate, true)
    ]
    return float(slopes[0] / max(slopes[1], 1e-6))


def _slope(grey: np.ndarray) -> np.ndarray:
    import cv2

    across, down = (cv2.Sobel(grey, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    return cv2.magnitude(across, down)
