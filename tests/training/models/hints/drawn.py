"""Hints and paper, drawn for tests."""

import numpy as np

RED, BLUE = (1.0, -0.5, -0.5), (-0.5, -0.5, 1.0)


def hinted(*places, side=8):
    """Hints (1, side, side, 4) with a colour at each of (row, column, RGB)."""
    hints = np.zeros((1, side, side, 4), np.float32)
    for row, column, color in places:
        hints[0, row, column] = (*color, 1.0)
    return hints


def paper(side):
    return np.ones((1, side, side, 1), np.float32)
