"""Lay pictures of several drawings out in one grid: a row a drawing, a column a kind."""

from collections.abc import Mapping

import numpy as np

from training import pixels

GUTTER_SHARE = 1 / 16  # of the width of a picture; never less than 1 pixel


def picture_grid(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return one picture with white gutters between and around its cells.

    columns: kind -> uint8 (N, H, W, 3), in the order of the columns; row n shows drawing n.
    Returns uint8 (H', W', 3). Raises ValueError where the columns differ in shape.
    """
    shapes = {name: column.shape for name, column in columns.items()}
    if len(set(shapes.values())) != 1:
        raise ValueError(f"expected columns of one shape, received {shapes}.")
    table = np.stack(list(columns.values()), axis=1)  # (N, columns, H, W, 3)
    rows, across, height, width, channels = table.shape
    gutter = max(1, round(width * GUTTER_SHARE))
    # Every cell carries its gutter above and to its left; the last ones stand below and right.
    cells = ((0, 0), (0, 0), (gutter, 0), (gutter, 0), (0, 0))
    framed = np.pad(table, cells, constant_values=pixels.PAPER)
    sheet = framed.transpose(0, 2, 1, 3, 4).reshape(
        rows * (height + gutter), across * (width + gutter), channels
    )
    return np.pad(sheet, ((0, gutter), (0, gutter), (0, 0)), constant_values=pixels.PAPER)
