"""Cut a large drawing into overlapping tiles of the model's size, and blend what it paints.

NurieKit holds the same rule in Swift. All weights and pixels are integers and their sums are exact
in float64, so that both languages blend to the same bytes: see docs/decisions/0014-tiling.md.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from training import pixels
from training.errors import ConfigError, PictureError


@dataclass(frozen=True)
class Axis:
    """Where tiles begin along one side of a drawing, and how they fade into each other."""

    length: int  # pixels of the drawing
    tile: int  # pixels of the model
    overlap: int  # pixels that neighbours share at least, and the width of the fade

    def __post_init__(self) -> None:
        if self.length < 1:
            raise PictureError(f"expected a drawing of 1 pixel or more, received {self.length}.")
        if self.tile < 1:
            raise ConfigError(f"tile: expected 1 pixel or more, received {self.tile}.")
        if not 0 <= self.overlap <= self.tile // 2:
            raise ConfigError(
                f"overlap: expected 0 to {self.tile // 2}, half of a tile of {self.tile} pixels, "
                f"received {self.overlap}."
            )

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """First pixel of each tile. Only a side shorter than a tile is overhung, at its end."""
        if self.length <= self.tile:
            return (0,)
        # The fewest tiles of which no two neighbours share less than the overlap.
        count = -(-(self.length - self.overlap) // (self.tile - self.overlap))
        return tuple(i * (self.length - self.tile) // (count - 1) for i in range(count))

    @property
    def covered(self) -> int:
        """Pixels from the first tile's begin to the last one's end: the length, or one tile."""
        return max(self.length, self.tile)

    @property
    def weights(self) -> np.ndarray:
        """How much each pixel of a tile counts: up by 1 a pixel to the overlap, and down again."""
        pixel = np.arange(self.tile)
        ramp = max(self.overlap, 1)
        return np.minimum(np.minimum(pixel + 1, self.tile - pixel), ramp)


@dataclass(frozen=True)
class TilePlan:
    """The tiles of one drawing: every row of the first axis with every column of the second."""

    rows: Axis
    columns: Axis

    @property
    def corners(self) -> list[tuple[int, int]]:
        """Top and left pixel of each tile, row by row."""
        return [(top, left) for top in self.rows.starts for left in self.columns.starts]


def plan_tiles(height: int, width: int, *, tile: int, overlap: int | None = None) -> TilePlan:
    """Plan the tiles of a drawing of `height` x `width` pixels.

    tile: side of the model's picture. overlap: 0 to tile // 2; default tile // 4.
    Raises ConfigError, PictureError.
    """
    shared = tile // 4 if overlap is None else overlap
    return TilePlan(rows=Axis(height, tile, shared), columns=Axis(width, tile, shared))


def even_length(length: int, *, tile: int, overlap: int) -> int:
    """Return the least length from `length` up over which tiles step by just tile - overlap.

    A drawing padded with paper to it is cut where a network's own grid is, if that divides tile
    and overlap: a network of strides paints the same lines otherwise when they move by one pixel.
    Raises ConfigError, PictureError.
    """
    axis = Axis(length, tile, overlap)
    return tile + (len(axis.starts) - 1) * (tile - overlap)


def cut_tiles(lineart: np.ndarray, plan: TilePlan) -> np.ndarray:
    """Return the tiles of a drawing (H, W) uint8, padded with paper: (N, tile, tile) uint8.

    Raises PictureError for a drawing of another size than the plan's.
    """
    expected = (plan.rows.length, plan.columns.length)
    if lineart.shape != expected or lineart.dtype != np.uint8:
        raise PictureError(
            f"expected a drawing of {expected} as uint8, the plan's size, received {lineart.shape} "
            f"{lineart.dtype}. Plan the tiles of this drawing."
        )
    tile = plan.rows.tile
    padded = np.full((plan.rows.covered, plan.columns.covered), pixels.PAPER, np.uint8)
    padded[: expected[0], : expected[1]] = lineart
    return np.stack([padded[top : top + tile, left : left + tile] for top, left in plan.corners])


def blend_tiles(painted: np.ndarray, plan: TilePlan) -> np.ndarray:
    """Put painted tiles together, faded into each other where they overlap.

    painted: (N, tile, tile, 3) uint8, in the order of `cut_tiles`. Returns (H, W, 3) uint8: the
    mean of the tiles that cover a pixel, by weight; halves round to even.
    Raises PictureError for tiles that are not the plan's.
    """
    tile = plan.rows.tile
    expected = (len(plan.corners), tile, tile, 3)
    if painted.shape != expected or painted.dtype != np.uint8:
        raise PictureError(
            f"expected painted tiles of {expected} as uint8, received {painted.shape} "
            f"{painted.dtype}. Paint the tiles that cut_tiles returned, in their order."
        )
    weight = np.outer(plan.rows.weights, plan.columns.weights).astype(np.float64)
    weight = weight[..., np.newaxis]  # (tile, tile, 1)
    total = np.zeros((plan.rows.covered, plan.columns.covered, 3))
    weights = np.zeros((plan.rows.covered, plan.columns.covered, 1))
    for (top, left), picture in zip(plan.corners, painted, strict=True):
        here = np.s_[top : top + tile, left : left + tile]
        total[here] += weight * picture
        weights[here] += weight
    blended = np.round(total / weights).astype(np.uint8)
    return blended[: plan.rows.length, : plan.columns.length]
