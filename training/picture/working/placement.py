"""Where a drawing stands in the working picture that a net is given, and the way there and back."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Placement:
    """drawing = (working - offset) x scale, for places measured from the corner, in pixels.

    Raises ValueError unless all numbers are finite and the scale is above 0.
    """

    # Pixels of the drawing that a pixel of the working picture is high and wide: nearly one number,
    # but for what a strip loses where its short side is rounded to whole pixels.
    scale: tuple[float, float]
    left: float  # of the drawing in the working picture, in its pixels
    top: float

    def __post_init__(self) -> None:
        numbers = (*self.scale, self.left, self.top)
        if not (all(map(math.isfinite, numbers)) and min(self.scale) > 0):
            raise ValueError(f"expected finite numbers and a scale above 0, received {self}.")

    @property
    def cell_area(self) -> float:
        """Pixels of the drawing that a pixel of the working picture holds."""
        return self.scale[0] * self.scale[1]

    def inside(self, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """Rows and columns of the working picture that a drawing of `shape` (H, W) takes.

        For a placement that `place` made: whole pixels.
        """
        height, width = (round(side / scale) for side, scale in zip(shape, self.scale, strict=True))
        top, left = round(self.top), round(self.left)
        return slice(top, top + height), slice(left, left + width)

    def of_part(self, *, left: int, top: int) -> "Placement":
        """Return the placement of a part of the drawing that begins at that column and row.

        To enlarge by: its cells are those of the whole drawing but for rounding, where the middle
        of a pixel lies on the border of two.
        """
        down, across = self.scale
        return Placement(
            scale=self.scale, left=self.left + left / across, top=self.top + top / down
        )

    def of_crop(self, *, left: int, top: int) -> "Placement":
        """Return the drawing's placement in a part of the working picture that begins there."""
        return Placement(scale=self.scale, left=self.left - left, top=self.top - top)

    def columns(self, width: int, *, of: int) -> np.ndarray:
        """Return the column of the working picture that each one of the drawing lies in.

        width: of the drawing. of: the width of the working picture; what lies beyond its sides
        belongs to its outermost columns. Returns (width,) int64.
        """
        return _cells(width, scale=self.scale[1], offset=self.left, of=of)

    def rows(self, height: int, *, of: int) -> np.ndarray:
        """Do as `columns` for rows."""
        return _cells(height, scale=self.scale[0], offset=self.top, of=of)

    def enlarged(self, working: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        """Bring the part of a working picture that shows the drawing to the drawing's size.

        working: (h, w, 3) uint8. shape: (H, W) of the drawing; what lies beyond the working
        picture's sides repeats its edge. Bilinear where it grows, averaged where it shrinks.
        Returns (H, W, 3) uint8, in its place to half a pixel.
        """
        import cv2

        down, across = self.scale
        first_row, rows, top = _span(shape[0], scale=down, offset=self.top)
        first_column, columns, left = _span(shape[1], scale=across, offset=self.left)
        part = working[
            np.clip(np.arange(first_row, first_row + rows), 0, len(working) - 1)[:, np.newaxis],
            np.clip(np.arange(first_column, first_column + columns), 0, working.shape[1] - 1),
        ]
        method = cv2.INTER_LINEAR if max(self.scale) >= 1 else cv2.INTER_AREA
        whole = cv2.resize(part, None, fx=across, fy=down, interpolation=method)
        return whole[top : top + shape[0], left : left + shape[1]]


def place(drawing: tuple[int, ...], size: tuple[int, int]) -> Placement:
    """Place a drawing, (H, W), in the middle of a working picture of `size`, as large as fits.

    Its shape is kept, in whole pixels, of which no side has less than one.
    """
    scale = min(whole / side for whole, side in zip(size, drawing, strict=True))
    height, width = (max(1, round(side * scale)) for side in drawing)
    return Placement(
        scale=(drawing[0] / height, drawing[1] / width),
        top=(size[0] - height) // 2,
        left=(size[1] - width) // 2,
    )


def _span(length: int, *, scale: float, offset: float) -> tuple[int, int, int]:
    """Return the first cell, how many, and the pixel of the enlarged ones that is the first.

    One cell more on each side than the drawing covers, which its outermost pixels lean on.
    """
    first = math.floor(offset) - 1
    begin = round((offset - first) * scale)
    cells = math.ceil((begin + length) / scale) + 1
    return first, cells, begin


def _cells(length: int, *, scale: float, offset: float, of: int) -> np.ndarray:
    places = np.floor((np.arange(length) + 0.5) / scale + offset)
    return np.clip(places, 0, of - 1).astype(np.int64)
