import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import pixels
from training.errors import DataError


def test_white_is_plus_one_black_is_minus_one_and_the_middle_is_zero():
    unit = pixels.to_unit_range(np.array([255, 0], np.uint8))
    np.testing.assert_array_equal(unit, np.array([1, -1], np.float32))
    assert unit.dtype == np.float32
    assert 127.5 * pixels.SCALE + pixels.BIAS == 0


def test_every_grey_level_survives_the_round_trip():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(pixels.to_uint8(pixels.to_unit_range(levels)), levels)


def test_values_outside_the_range_are_clipped():
    np.testing.assert_array_equal(pixels.to_uint8(np.array([-1.5, 1.5])), [0, 255])


@given(st.floats(-1, 1, width=32))
def test_rounding_is_never_more_than_half_a_level_away(value):
    level = int(pixels.to_uint8(np.array([value], np.float32))[0])
    # Half a level, and the float32 spacing near 255 in units of a level.
    assert abs((float(value) + 1) * 127.5 - level) <= 0.5 + 2**-15


def test_tensors_and_arrays_agree():
    levels = np.arange(256, dtype=np.uint8)
    unit = pixels.tensor_to_unit_range(levels).numpy()
    np.testing.assert_array_equal(unit, pixels.to_unit_range(levels))


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_no_colour(broken):
    with pytest.raises(DataError, match="NaN or infinity"):
        pixels.to_uint8(np.array([0.0, broken], np.float32))


def test_a_layer_lies_under_ink_by_the_product_rounded():
    layer, lineart = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    picture = pixels.under_ink(layer.astype(np.uint8)[..., None], lineart.astype(np.uint8))
    exact = layer * lineart / 255
    np.testing.assert_array_equal(picture[..., 0], np.floor(exact + 0.5))
    tensor = pixels.tensor_under_ink(
        layer.astype(np.uint8)[..., None], lineart.astype(np.uint8)[..., None]
    )
    np.testing.assert_array_equal(tensor, picture)


def test_hints_have_their_colour_where_the_mask_is_and_nothing_elsewhere():
    hints = np.array([[255, 0, 0, 255], [9, 9, 9, 0]], np.uint8)
    np.testing.assert_array_equal(
        pixels.hints_to_unit_range(hints), np.float32([[1, -1, -1, 1], [0, 0, 0, 0]])
    )


def test_hints_survive_the_round_trip():
    hints = np.array([[255, 0, 7, 255], [200, 30, 90, 255], [0, 0, 0, 0]], np.uint8)
    np.testing.assert_array_equal(pixels.hints_to_uint8(pixels.hints_to_unit_range(hints)), hints)


def test_hints_are_shown_on_white_paper():
    hints = np.array([[200, 30, 90, 255], [0, 0, 0, 0]], np.uint8)
    np.testing.assert_array_equal(pixels.on_paper(hints), [[200, 30, 90], [255, 255, 255]])
