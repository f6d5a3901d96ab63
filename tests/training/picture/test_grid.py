import numpy as np
import pytest

from training.picture.grid import picture_grid


def flat(*levels: int, height: int = 2, width: int = 3) -> np.ndarray:
    """One uniform picture per level: (N, H, W, 3)."""
    return np.stack([np.full((height, width, 3), level, np.uint8) for level in levels])


def test_rows_are_drawings_and_columns_are_kinds_between_white_gutters():
    grid = picture_grid({"lineart": flat(1, 2), "painted": flat(3, 4)})
    W = 255
    expected = [
        [W, W, W, W, W, W, W, W, W],
        [W, 1, 1, 1, W, 3, 3, 3, W],
        [W, 1, 1, 1, W, 3, 3, 3, W],
        [W, W, W, W, W, W, W, W, W],
        [W, 2, 2, 2, W, 4, 4, 4, W],
        [W, 2, 2, 2, W, 4, 4, 4, W],
        [W, W, W, W, W, W, W, W, W],
    ]
    assert grid.dtype == np.uint8
    for channel in range(3):
        np.testing.assert_array_equal(grid[..., channel], expected)


def test_pixels_and_channels_keep_their_places():
    pictures = np.arange(2 * 2 * 3 * 3, dtype=np.uint8).reshape(2, 2, 3, 3)
    grid = picture_grid({"lineart": pictures, "color": pictures + 100})
    np.testing.assert_array_equal(grid[4:6, 5:8], pictures[1] + 100)


def test_gutters_grow_with_the_pictures():
    grid = picture_grid({"lineart": flat(0, height=32, width=64)})
    assert grid.shape == (32 + 2 * 4, 64 + 2 * 4, 3)


def test_columns_of_different_shape_are_refused_by_name():
    with pytest.raises(ValueError, match="painted"):
        picture_grid({"lineart": flat(1, 2), "painted": flat(1)})
