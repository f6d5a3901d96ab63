"""Drawings side by side on larger sheets of paper: for models that take more than one fits."""

from typing import TYPE_CHECKING

from training import pixels

if TYPE_CHECKING:
    import numpy as np


def on_sheets(drawings: "np.ndarray", *, size: tuple[int, int]) -> "np.ndarray":
    """Lay drawings in rows on sheets of paper, as many on each as it has room for.

    drawings: (N, H, W) uint8. size: height and width of a sheet, H and W at least. Returns
    (M, *size) uint8; the grid stands in the middle of its sheet, and the last sheet may have empty
    places. Of drawings of that size, each is a sheet of its own, unchanged.
    """
    import numpy as np

    count, height, width = drawings.shape
    rows, columns = size[0] // height, size[1] // width
    sheets = np.full((-(-count // (rows * columns)), *size), pixels.PAPER, np.uint8)
    top, left = (size[0] - rows * height) // 2, (size[1] - columns * width) // 2
    for n, drawing in enumerate(drawings):
        sheet, place = divmod(n, rows * columns)
        row, column = divmod(place, columns)
        y, x = top + row * height, left + column * width
        sheets[sheet, y : y + height, x : x + width] = drawing
    return sheets
