"""Guess what lies below the ink of a finished picture."""

import numpy as np

from training.picture.distance import nearest_known
from training.pixels import CLEAN_ABOVE, PAPER


def layer_beneath(color: np.ndarray, lineart: np.ndarray) -> np.ndarray:
    """Guess the colours below the ink: those of the nearest pixel without ink.

    color: (H, W, 3) uint8; lineart: (H, W) uint8. Returns as color; white where all is ink.
    """
    clean = lineart >= CLEAN_ABOVE
    if not clean.any():
        return np.full_like(color, PAPER)
    return color.reshape(-1, 3)[nearest_known(clean)]
