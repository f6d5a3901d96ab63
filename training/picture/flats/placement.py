"""Where a drawing lies in the working picture that a net is given."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Placement:
    """drawing = (working - offset) x scale, for places measured from the corner, in pixels.

    Raises ValueError unless scale is more than 0 and all three are finite.
    """

    scale: float  # pixels of the drawing that a pixel of the working picture is wide
    left: float  # of the drawing in the working picture, in its pixels
    top: float

    def __post_init__(self) -> None:
        numbers = (self.scale, self.left, self.top)
        if not (all(map(math.isfinite, numbers)) and self.scale > 0):
            raise ValueError(f"expected finite numbers and a scale above 0, received {self}.")

    def of_part(self, *, left: int, top: int) -> "Placement":
        """Return the placement of a part of the drawing that begins at that column and row."""
        return Placement(
            scale=self.scale, left=self.left + left / self.scale, top=self.top + top / self.scale
        )

    def of_crop(self, *, left: int, top: int) -> "Placement":
        """Return the drawing's placement in a part of the working picture that begins there."""
        return Placement(scale=self.scale, left=self.left - left, top=self.top - top)

    def columns(self, width: int, *, of: int) -> np.ndarray:
        """Return the column of the working picture that each one of the drawing lies in.

        width: of the drawing. of: the width of the working picture; what lies beyond its sides
        belongs to its outermost columns. Returns (width,) int64.
        """
        return self._cells(width, self.left, of)

    def rows(self, height: int, *, of: int) -> np.ndarray:
        """Do as `columns` for rows."""
        return self._cells(height, self.top, of)

    def enlarged(self, working: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        """Enlarge the part of a working picture that shows the drawing, bilinearly.

        working: (h, w, 3) uint8. shape: (H, W) of the drawing; what lies beyond the working
        picture's sides repeats its edge. Returns (H, W, 3) uint8, in its place to half a pixel.
        """
        import cv2

        first_row, rows, top = self._span(self.top, shape[0])
        first_column, columns, left = self._span(self.left, shape[1])
        part = working[
            np.clip(np.arange(first_row, first_row + rows), 0, len(working) - 1)[:, np.newaxis],
            np.clip(np.arange(first_column, first_column + columns), 0, working.shape[1] - 1),
        ]
        whole = cv2.resize(part, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_LINEAR)
        return whole[top : top + shape[0], left : left + shape[1]]

    def _span(self, offset: float, length: int) -> tuple[int, int, int]:
        """Return the first cell, how many, and the pixel of the enlarged ones that is the first.

        One cell more on each side than the drawing covers, which its outermost pixels lean on.
        """
        first = math.floor(offset) - 1
        begin = round((offset - first) * self.scale)
        cells = math.ceil((begin + length) / self.scale) + 1
        return first, cells, begin

    def _cells(self, length: int, offset: float, of: int) -> np.ndarray:
        places = np.floor((np.arange(length) + 0.5) / self.scale + offset)
        return np.clip(places, 0, of - 1).astype(np.int64)
