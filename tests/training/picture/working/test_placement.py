import math

import cv2
import numpy as np
import pytest

from training.picture.working.placement import Placement, place

# A drawing of 8 x 12 pixels, 4 to a working pixel, one from the left and two from the top.
PLACED = Placement(scale=(4, 4), left=1, top=2)


def test_cells_are_those_that_the_middles_of_pixels_lie_in():
    assert PLACED.columns(12, of=5).tolist() == [1] * 4 + [2] * 4 + [3] * 4
    assert PLACED.rows(8, of=5).tolist() == [2] * 4 + [3] * 4


def test_what_lies_beyond_the_working_picture_belongs_to_its_edge():
    assert Placement(scale=(1, 1), left=-2, top=0).columns(6, of=3).tolist() == [0, 0, 0, 1, 2, 2]


def test_a_part_of_the_drawing_lies_where_the_drawing_does():
    part = PLACED.of_part(left=3, top=5)
    np.testing.assert_array_equal(part.columns(9, of=5), PLACED.columns(12, of=5)[3:])
    np.testing.assert_array_equal(part.rows(3, of=5), PLACED.rows(8, of=5)[5:])


def test_in_a_crop_of_the_working_picture_the_same_cells_have_smaller_numbers():
    crop = PLACED.of_crop(left=1, top=2)
    assert crop.columns(12, of=4).tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert crop.rows(8, of=3).tolist() == [0] * 4 + [1] * 4


@pytest.mark.parametrize(("scale", "left", "top"), [(4, 1, 2), (2.5, 0.6, 1.3), (0.5, 3, 0)])
def test_enlarging_keeps_a_slope_in_its_place(scale, left, top):
    placed = Placement(scale=(scale, scale), left=left, top=top)
    ramp = np.zeros((24, 32, 3), np.uint8)
    ramp[..., 0] = 8 * np.arange(32)
    ramp[..., 1] = 8 * np.arange(24)[:, np.newaxis]
    enlarged = placed.enlarged(ramp, (10, 14))
    assert enlarged.shape == (10, 14, 3)
    x = (np.arange(14) + 0.5) / scale + left - 0.5
    y = (np.arange(10) + 0.5) / scale + top - 0.5
    half_a_pixel = 8 * 0.5 / scale + 1  # and a level of rounding
    known = (x >= 0)[np.newaxis] & (y >= 0)[:, np.newaxis]
    assert np.abs(enlarged[..., 0] - 8.0 * x)[known].max() <= half_a_pixel
    assert np.abs(enlarged[..., 1] - 8.0 * y[:, np.newaxis])[known].max() <= half_a_pixel


def test_enlarging_repeats_the_edge():
    working = np.array([[[9] * 3, [200] * 3]], np.uint8)
    assert (
        Placement(scale=(2, 2), left=-4, top=-4).enlarged(working, (3, 4)).tolist()
        == [[[9] * 3] * 4] * 3
    )


@pytest.mark.parametrize(("scale", "left"), [(0, 0), (-1, 0), (math.nan, 0), (1, math.inf)])
def test_what_is_no_place_is_refused(scale, left):
    with pytest.raises(ValueError, match="expected finite numbers and a scale above 0"):
        Placement(scale=(scale, scale), left=left, top=0)


@pytest.mark.parametrize("shape", [(640, 320), (20, 30), (64, 64), (97, 1234)])
def test_what_is_painted_comes_back_in_its_place(shape):
    placement = place(shape, (64, 64))
    rows, columns = np.indices(shape)
    ramp = np.dstack([255 * rows / shape[0], 255 * columns / shape[1], 0 * rows])
    ramp = ramp.astype(np.float32)
    inside = placement.inside(shape)
    inner = inside[0].stop - inside[0].start, inside[1].stop - inside[1].start
    painted = cv2.resize(ramp, inner[::-1], interpolation=cv2.INTER_AREA)
    around = [(part.start, 64 - part.stop) for part in inside]
    painted = np.pad(painted, [*around, (0, 0)], mode="edge")
    back = placement.enlarged(np.uint8(np.round(painted)), shape)
    assert back.shape == (*shape, 3)
    # Half a pixel of the coarser picture: at the border nothing lies beyond to go on to, and a
    # drawing's pixels are whole; and rounding.
    coarser = [min(sides) for sides in zip(inner, shape, strict=True)]
    off = 0.5 * 255 / np.array([*coarser, np.inf]) + 3
    assert (np.abs(back - ramp) <= off).all()
