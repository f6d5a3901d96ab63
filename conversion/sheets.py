"""Drawings side by side on larger sheets of paper: for models that take more than one fits."""

from typing import TYPE_CHECKING

from training import pixels

if TYPE_CHECKING:
    import numpy as np


def on_sheets(drawings: "np.ndarray", *, size: int) -> "np.ndarray":
    """Lay drawings in rows on square sheets of paper, as many on each as it has room for.

    drawings: (N, H, W) uint8, H and W at most `size`. Returns (M, size, size) uint8; the grid
    stands in the middle of its sheet, and the last sheet may have empty places. Of drawings of that
    size, each is a sheet of its own, unchanged.
    """
    import numpy as np

    count, height, width = drawings.shape
    rows, columns = size // height, size // width
    sheets = np.full((-(-count // (rows * columns)), size, size), pixels.PAPER, np.uint8)
    top, left = (size - rows * height) // 2, (size - columns * width) // 2
    for n, drawing in enumerate(drawings):
        sheet, place = divmod(n, rows * columns)
        row, column = divmod(place, columns)
        y, x = top + row * height, left + column * width
        sheets[sheet, y : y + height, x : x + width] = drawing
    return sheets
