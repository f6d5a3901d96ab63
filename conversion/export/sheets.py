"""Lay several drawings out on one sheet of paper, for models larger than the drawings."""

from typing import TYPE_CHECKING

from training import pixels

if TYPE_CHECKING:
    import numpy as np

Place = tuple[slice, slice]  # rows and columns of a sheet


def on_sheets(
    drawings: "np.ndarray", *, size: tuple[int, int], background: int = pixels.PAPER
) -> "np.ndarray":
    """Lay drawings in rows on sheets of paper, as many on each as it has room for.

    drawings: (N, H, W) uint8, or hints (N, H, W, 4), whose background is 0. size: height and width
    of a sheet, H and W at least. Returns (M, *size) or (M, *size, 4) uint8; the grid stands in the
    middle of its sheet, and the last sheet may have empty places. Of drawings of that size, each
    is a sheet of its own, unchanged.
    """
    import numpy as np

    places = places_on_sheets(len(drawings), drawings.shape[1:3], size=size)
    sheets = np.full((places[-1][0] + 1, *size, *drawings.shape[3:]), background, np.uint8)
    for drawing, (sheet, place) in zip(drawings, places, strict=True):
        sheets[sheet][place] = drawing
    return sheets


def places_on_sheets(
    count: int, drawing: tuple[int, ...], *, size: tuple[int, int]
) -> list[tuple[int, Place]]:
    """Return the sheet of each of `count` drawings, and where on it the drawing stands.

    drawing: height and width of one.
    """
    height, width = drawing
    rows, columns = size[0] // height, size[1] // width
    top, left = (size[0] - rows * height) // 2, (size[1] - columns * width) // 2
    places = []
    for n in range(count):
        sheet, position = divmod(n, rows * columns)
        row, column = divmod(position, columns)
        y, x = top + row * height, left + column * width
        places.append((sheet, (slice(y, y + height), slice(x, x + width))))
    return places
