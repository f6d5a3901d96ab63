"""Lines of a known width."""

import numpy as np


def ruled(width, side=48):
    """A cross of two lines, each `width` pixels wide."""
    lineart = np.full((side, side), 255, np.uint8)
    first = (side - width) // 2
    lineart[first : first + width] = 0
    lineart[:, first : first + width] = 0
    return lineart
