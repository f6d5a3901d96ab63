"""Structural similarity at several scales (Wang et al. 2003), as many as a picture has room for."""

import numpy as np

from training.errors import PictureError
from training.metrics.full_reference import PEAK, require_pair

# Importance of each scale, finest first (section 3.2 of the paper).
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
WINDOW, SIGMA = 11, 1.5  # Gaussian window of Wang et al. 2004
C1, C2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2


def scale_count(height: int, width: int) -> int:
    """Return how many of the five scales a picture has: the window must fit into the coarsest.

    5 from 176 pixels on the shorter side, 4 from 88, 3 from 44, 2 from 22, 1 from 11. Raises
    PictureError below.
    """
    side, scales = min(height, width), 0
    while scales < len(WEIGHTS) and side >= WINDOW:
        side, scales = side // 2, scales + 1
    if scales == 0:
        raise PictureError(
            f"MS-SSIM: expected pictures of {WINDOW} pixels or more a side, received "
            f"{height}x{width}. Measure larger drawings."
        )
    return scales


def ms_ssim(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Return MS-SSIM, mean over channels: 1 when identical, 0 where contrasts are opposed.

    reference, candidate: uint8 (H, W, 3) of one size. With fewer than five scales their weights are
    scaled to sum to 1, so values for different `scale_count` must not be compared.
    Raises PictureError.
    """
    require_pair(reference, candidate)
    scales = scale_count(*reference.shape[:2])
    weights = np.array(WEIGHTS[:scales]) / sum(WEIGHTS[:scales])
    x, y = reference.astype(np.float64), candidate.astype(np.float64)
    similarity = np.ones(3)
    for scale, weight in enumerate(weights):
        luminance, structure = _terms(x, y)
        # Luminance counts at the coarsest scale alone (equation 7).
        term = structure if scale < scales - 1 else luminance * structure
        # The mean may be negative, which has no real power: 0, as TensorFlow does too.
        similarity *= np.maximum(term.mean(axis=(0, 1)), 0) ** weight
        x, y = _halved(x), _halved(y)
    return float(similarity.mean())


def _terms(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return luminance and contrast-structure wherever the window fits: (h, w, 3) each."""
    mean_x, mean_y = _windowed(x), _windowed(y)
    variances = _windowed(x * x) - mean_x**2 + _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    return luminance, (2 * covariance + C2) / (variances + C2)


def _windowed(x: np.ndarray) -> np.ndarray:
    import cv2

    half = WINDOW // 2
    blurred = cv2.GaussianBlur(x, (WINDOW, WINDOW), SIGMA)
    return blurred[half : x.shape[0] - half, half : x.shape[1] - half]


def _halved(x: np.ndarray) -> np.ndarray:
    """Average 2x2 pixels; an odd last row or column is left out."""
    height, width = (side // 2 for side in x.shape[:2])
    return x[: 2 * height, : 2 * width].reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
