"""Divide a true picture into areas of one colour: what a user would point at with one hint.

Lines alone do not do: artists shade without lines, and leave lines open.
"""

import numpy as np

from training.picture.distance import nearest_known
from training.pixels import CLEAN_ABOVE

# Colours of one area agree in the upper bits of each channel: 8 levels of 32.
_LEVEL_BITS = 5


def color_areas(color: np.ndarray, lineart: np.ndarray, *, smallest: int = 4) -> np.ndarray:
    """Label connected areas of like colour away from the ink.

    color: (H, W, 3) uint8; lineart: (H, W) uint8. smallest: pixels of the smallest area.
    Returns (H, W) int32: 1 to the number of areas; 0 under ink and in what is smaller.
    """
    from skimage.measure import label

    levels = ((color.astype(np.int32) + (1 << (_LEVEL_BITS - 1))) >> _LEVEL_BITS) + 1
    key = (levels[..., 0] * 16 + levels[..., 1]) * 16 + levels[..., 2]
    key[lineart < CLEAN_ABOVE] = 0
    areas = label(key, background=0, connectivity=1)
    counts = np.bincount(areas.ravel())
    kept = counts >= smallest
    kept[0] = False
    renumbered = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return renumbered[areas]


def nearest_area(areas: np.ndarray) -> np.ndarray:
    """Give every pixel the label of the nearest one that has any; zeros where none has.

    areas: (H, W) int32. Returns the same shape and type.
    """
    labelled = areas > 0
    return areas.ravel()[nearest_known(labelled)] if labelled.any() else areas
