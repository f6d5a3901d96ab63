import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.picture.squares import fit, fit_extended


def test_a_wide_picture_is_centred_on_paper():
    picture = np.zeros((2, 4, 3), np.uint8)
    square = fit(picture, (4, 4))
    np.testing.assert_array_equal(square[:, 0, 0], [255, 0, 0, 255])
    assert square.shape == (4, 4, 3)


def test_a_high_picture_of_odd_width_is_centred_within_a_pixel():
    square = fit(np.zeros((4, 1), np.uint8), (4, 4))
    np.testing.assert_array_equal(square[0], [255, 0, 255, 255])


def test_shrinking_averages_areas():
    picture = np.array([[0, 255, 255, 255], [255, 255, 255, 255]] * 2, np.uint8)
    # 2 x 2 areas: three quarters of 255 is 191.25.
    np.testing.assert_array_equal(fit(picture, (2, 2)), [[191, 255], [191, 255]])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_any_picture_fits_any_square(height, width, size, in_color):
    shape = (height, width, 3) if in_color else (height, width)
    picture = np.zeros(shape, np.uint8)
    square = fit(picture, (size, size))
    assert square.shape == (size, size, *shape[2:])
    # Ink is neither lost nor invented: its share of the square is that of the picture.
    if size <= max(height, width):
        share = height * width / max(height, width) ** 2
        assert abs(np.mean(255 - square.astype(float)) / 255 - share) < 0.01


def test_the_extended_square_repeats_the_edge():
    picture = np.array([[10, 20]], np.uint8)
    np.testing.assert_array_equal(fit_extended(picture, (2, 2)), [[10, 20], [10, 20]])
    stretched = cv2.copyMakeBorder(np.arange(8, dtype=np.uint8).reshape(2, 4), 1, 1, 0, 0, 1)
    square = np.arange(8, dtype=np.uint8).reshape(2, 4)
    np.testing.assert_array_equal(fit_extended(square, (4, 4)), stretched)


def padded_first(picture, size):
    """What a square is by definition: padded as it is, then averaged over areas."""
    height, width = picture.shape[:2]
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.full((side, side, *picture.shape[2:]), 255, np.uint8)
    square[top : top + height, left : left + width] = picture
    return cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA)


def smooth(height, width):
    """Grey that changes along the longer side and slowly along the shorter."""
    along, across = (3, 0.5) if height > width else (0.5, 3)
    down, right = np.linspace(0, along, height)[:, None], np.linspace(0, across, width)[None]
    return np.round(100 + 60 * np.sin(down) * np.cos(right)).astype(np.uint8)


@pytest.mark.parametrize("shape", [(1000, 300), (3001, 1999), (4096, 40), (2100, 4200)])
def test_an_ordinary_picture_is_padded_first_to_the_byte(shape):
    picture = smooth(*shape)
    np.testing.assert_array_equal(fit(picture, (64, 64)), padded_first(picture, 64))


@pytest.mark.parametrize("shape", [(5000, 700), (700, 5001), (4097, 2000)])
def test_a_strip_differs_only_at_its_edges_by_half_a_pixel_of_them(shape):
    picture = smooth(*shape)
    fitted, expected = (
        fit(picture, (64, 64)).astype(int),
        padded_first(picture, 64).astype(int),
    )
    differs = np.abs(fitted - expected) > 4  # the slope of half a pixel
    across = differs.any(axis=0 if shape[0] > shape[1] else 1)
    assert across.sum() <= 2, "one line of pixels at either edge"
    # Half a pixel of paper in place of picture, or the reverse, at most.
    assert np.abs(fitted - expected).max() <= 0.5 * (255 - 40) + 4


@pytest.mark.parametrize("shape", [(1_000_000, 1), (1, 1_000_000), (30_000, 800, 3)])
def test_a_strip_never_becomes_a_square_at_its_own_size(shape):
    # 1 TB, or 2.7 GB: the first would fail, and the second take many times as long.
    picture = np.zeros(shape, np.uint8)
    square = fit(picture, (64, 64))
    assert square.shape == (64, 64, *shape[2:])
    assert 1 <= np.count_nonzero(square.min(axis=0 if shape[0] > shape[1] else 1) < 255) <= 128
    assert fit_extended(picture, (64, 64)).max() == 0, "the edge is repeated"


def test_on_a_rectangle_a_picture_is_as_large_as_fits_and_stands_in_the_middle():
    picture = np.zeros((2, 4, 3), np.uint8)
    np.testing.assert_array_equal(fit(picture, (4, 12))[2, :, 0], [255] * 2 + [0] * 8 + [255] * 2)
    np.testing.assert_array_equal(fit(picture, (6, 4))[:, 1, 0], [255] * 2 + [0] * 2 + [255] * 2)
    edge = np.array([[10, 20]], np.uint8)
    np.testing.assert_array_equal(fit_extended(edge, (1, 4)), [[10, 10, 20, 20]])
    np.testing.assert_array_equal(fit(edge, (1, 4)), [[255, 10, 20, 255]])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_any_picture_fits_any_paper(height, width, paper_height, paper_width):
    picture = np.full((height, width), 7, np.uint8)
    laid = fit(picture, (paper_height, paper_width))
    assert laid.shape == (paper_height, paper_width) and 7 <= laid.min() < 255
