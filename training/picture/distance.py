"""Distances within one picture: how deep a pixel lies in a shape, and which known one is nearest.

By OpenCV's distance transform. mask_size: 3 and 5 approximate the Euclidean distance (Borgefors
1986), 0 is exact.
"""

import numpy as np

EXACT = 0  # cv2.DIST_MASK_PRECISE


def depth(mask: np.ndarray, *, mask_size: int = EXACT) -> np.ndarray:
    """Return how far each pixel of `mask` is from the nearest outside, beyond the border too.

    mask: (H, W) bool. Returns (H, W) float32, in pixels from middle to middle; 0 outside.
    """
    import cv2

    framed = np.pad(mask, 1).astype(np.uint8)
    return cv2.distanceTransform(framed, cv2.DIST_L2, mask_size)[1:-1, 1:-1]


def nearest_known(known: np.ndarray, *, mask_size: int = 3) -> np.ndarray:
    """Return for each pixel the index, in the flattened picture, of the nearest known one.

    known: (H, W) bool, somewhere true. mask_size: 3 or 5. Returns (H, W) int64.
    """
    import cv2

    _, places = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, mask_size, labelType=cv2.DIST_LABEL_PIXEL
    )
    # OpenCV numbers the known pixels in an order of its own: read off which is which.
    of_place = np.zeros(int(places.max()) + 1, np.int64)
    of_place[places[known]] = np.flatnonzero(known)
    return of_place[places]
