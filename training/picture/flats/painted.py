"""What a net painted of a drawing, what it was given, and where in it the drawing lies."""

from dataclasses import dataclass

import numpy as np

from training.picture.working.placement import Placement
from training.pixels import PAPER

CLEAN_INK = 0.08  # share of a cell under ink: above it, what the layer says there is not trusted


@dataclass(frozen=True, kw_only=True)
class Painted:
    """A layer, whose pixels are called cells: each is wider than many of the drawing's.

    Raises ValueError where layer and working picture are not of one size.
    """

    layer: np.ndarray  # (h, w, 3) uint8: the colours below the ink
    working: np.ndarray  # (h, w) uint8: the line art that it was painted for, paper 255
    placement: Placement  # of the drawing in the working picture

    def __post_init__(self) -> None:
        if self.layer.shape != (*self.working.shape, 3):
            raise ValueError(
                "expected a layer (h, w, 3) of its working picture (h, w), received "
                f"{self.layer.shape} and {self.working.shape}."
            )

    def clean(self) -> np.ndarray:
        """Tell in which cells the layer is to be trusted: (h x w,) bool, row by row."""
        return self.working.reshape(-1) >= PAPER * (1 - CLEAN_INK)
