"""Colours for drawings that have none of their own, so that hints can be taken from them."""

import cv2
import numpy as np

from training import pixels

# Told apart by every net, and asked for by hardly any drawing: a hint must be seen to be obeyed.
PALETTE = (
    (214, 40, 57),
    (247, 160, 30),
    (250, 221, 60),
    (63, 160, 75),
    (40, 150, 200),
    (98, 72, 170),
    (235, 140, 180),
    (128, 84, 52),
)


def made_up_colors(lineart: np.ndarray) -> np.ndarray:
    """Colour each area between the lines in turn; what lies in the upper left corner stays paper.

    lineart: (H, W) uint8. Returns (H, W, 3) uint8, the same colours for the same drawing.
    """
    paper = (lineart >= pixels.INK_BELOW).astype(np.uint8)
    count, areas = cv2.connectedComponents(paper, connectivity=4)
    colors = np.array([PALETTE[n % len(PALETTE)] for n in range(count)], np.uint8)
    colors[[0, areas[0, 0]]] = pixels.PAPER
    return pixels.under_ink(colors[areas], lineart)
