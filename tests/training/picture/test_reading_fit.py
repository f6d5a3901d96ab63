import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.picture.reading import fit_square, fit_square_extended


def test_a_wide_picture_is_centred_on_paper():
    picture = np.zeros((2, 4, 3), np.uint8)
    square = fit_square(picture, 4)
    np.testing.assert_array_equal(square[:, 0, 0], [255, 0, 0, 255])
    assert square.shape == (4, 4, 3)


def test_a_high_picture_of_odd_width_is_centred_within_a_pixel():
    square = fit_square(np.zeros((4, 1), np.uint8), 4)
    np.testing.assert_array_equal(square[0], [255, 0, 255, 255])


def test_shrinking_averages_areas():
    picture = np.array([[0, 255, 255, 255], [255, 255, 255, 255]] * 2, np.uint8)
    # 2 x 2 areas: three quarters of 255 is 191.25.
    np.testing.assert_array_equal(fit_square(picture, 2), [[191, 255], [191, 255]])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_any_picture_fits_any_square(height, width, size, in_color):
    shape = (height, width, 3) if in_color else (height, width)
    picture = np.zeros(shape, np.uint8)
    square = fit_square(picture, size)
    assert square.shape == (size, size, *shape[2:])
    # Ink is neither lost nor invented: its share of the square is that of the picture.
    if size <= max(height, width):
        share = height * width / max(height, width) ** 2
        assert abs(np.mean(255 - square.astype(float)) / 255 - share) < 0.01


def test_the_extended_square_repeats_the_edge():
    picture = np.array([[10, 20]], np.uint8)
    np.testing.assert_array_equal(fit_square_extended(picture, 2), [[10, 20], [10, 20]])
    stretched = cv2.copyMakeBorder(np.arange(8, dtype=np.uint8).reshape(2, 4), 1, 1, 0, 0, 1)
    square = np.arange(8, dtype=np.uint8).reshape(2, 4)
    np.testing.assert_array_equal(fit_square_extended(square, 4), stretched)
