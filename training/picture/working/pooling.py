"""Shrink a picture without losing what is small: the darkest of each block, and its hints."""

import numpy as np

from training.picture.reading import HINT_FROM

_MOST = 0.5  # of a block: what covers less of it belongs to the block beside, if that has it
_ALIKE = 32  # uint8, in any channel: one brush


def darkest_of_blocks(lineart: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return the darkest pixel of each of (h, w) blocks that part a drawing (H, W) uint8 evenly.

    Along a side that has no more pixels than blocks, nothing is done.
    """
    for axis, blocks in enumerate(shape):
        if blocks < lineart.shape[axis]:
            lineart = np.minimum.reduceat(lineart, _starts(lineart.shape[axis], blocks), axis=axis)
    return lineart


def hints_of_blocks(hints: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Bring hints to another size: none is lost, and each has a colour that was drawn.

    hints: (H, W, 4) uint8 RGBA; a hint is where alpha is at least half. Returns (h, w, 4), `shape`:
    a block has a hint where hints cover half of it, or any of it while no block beside it has one
    like that. Its colour is that of the hint nearest to the middle of the block. alpha 255 where a
    hint is, else all channels 0.
    """
    import cv2

    larger = [max(sides) for sides in zip(hints.shape, shape, strict=False)]
    if tuple(larger) != hints.shape[:2]:
        hints = cv2.resize(hints, larger[::-1], interpolation=cv2.INTER_NEAREST)
    height, width = hints.shape[:2]
    rows, columns = _starts(height, shape[0]), _starts(width, shape[1])
    pooled = np.zeros((*shape, 4), np.uint8)
    covered = np.zeros(shape)
    block_of_column = np.repeat(np.arange(shape[1]), np.diff(columns, append=width))
    across = (np.arange(width) + 0.5 - (block_of_column + 0.5) * width / shape[1]) ** 2
    for row, (top, end) in enumerate(zip(rows, [*rows[1:], height], strict=True)):
        band = hints[top:end]
        given = band[..., 3] >= HINT_FROM
        if not given.any():
            continue
        down = (np.arange(top, end) + 0.5 - (row + 0.5) * height / shape[0]) ** 2
        away = np.where(given, down[:, np.newaxis], np.inf)
        nearest = away.argmin(axis=0)  # row of each column
        total = away.min(axis=0) + across
        # Sorted by block, then by distance: the first of each block stands where the block begins.
        first = np.lexsort((total, block_of_column))[columns]
        hinted = np.isfinite(total[first])
        pooled[row, hinted] = band[nearest[first], first][hinted]
        area = (end - top) * np.diff(columns, append=width)
        covered[row] = np.add.reduceat(given.sum(axis=0), columns) / area
    pooled[..., 3] = 255
    pooled[~_kept(pooled, covered)] = 0
    return pooled


def _kept(pooled: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """Tell which blocks keep their hint. pooled: (h, w, 4); covered: (h, w), in [0, 1]."""
    height, width = covered.shape
    most = covered >= _MOST
    framed = np.pad(pooled[..., :3].astype(np.int16), ((1, 1), (1, 1), (0, 0)))
    beside = np.pad(most, 1)
    spare = np.zeros_like(most)
    for down in range(3):
        for right in range(3):
            there = slice(down, down + height), slice(right, right + width)
            unlike = np.abs(framed[there] - pooled[..., :3]).max(axis=-1)
            spare |= beside[there] & (unlike <= _ALIKE)
    return most | ((covered > 0) & ~spare)


def _starts(pixels: int, blocks: int) -> np.ndarray:
    """Return the first pixel of each block along a side with at least as many pixels."""
    return np.arange(blocks) * pixels // blocks
