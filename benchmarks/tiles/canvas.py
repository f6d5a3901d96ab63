"""A large drawing for benchmarks: all sample drawings in rows on one canvas."""

import numpy as np

from benchmarks.drawing.samples import sample_drawings
from training import pixels
from training.errors import PictureError

COLUMNS = 5
SMALLEST_DRAWING = 8  # pixels a side


def draw_canvas(height: int, width: int) -> np.ndarray:
    """Draw all sample drawings in rows on one canvas. Returns (height, width) uint8.

    Raises PictureError for a canvas on which a drawing has no room.
    """
    rows = -(-len(sample_drawings(SMALLEST_DRAWING)) // COLUMNS)
    high, wide = height // rows, width // COLUMNS
    side = min(high, wide)
    if side < SMALLEST_DRAWING:
        raise PictureError(
            f"expected a canvas of {COLUMNS * SMALLEST_DRAWING} x {rows * SMALLEST_DRAWING} pixels "
            f"or more, received {width} x {height}."
        )
    canvas = np.full((height, width), pixels.PAPER, np.uint8)
    for position, drawing in enumerate(sample_drawings(side)):
        row, column = divmod(position, COLUMNS)
        top, left = row * high + (high - side) // 2, column * wide + (wide - side) // 2
        canvas[top : top + side, left : left + side] = drawing.lineart
    return canvas


def on_paper(lineart: np.ndarray, *, multiple: int) -> np.ndarray:
    """Pad a drawing below and to the right, as the tile plan does, to multiples of `multiple`."""
    gaps = [(0, -side % multiple) for side in lineart.shape]
    return np.pad(lineart, gaps, constant_values=pixels.PAPER)
