import numpy as np

from training.picture.beneath import layer_beneath
from training.pixels import under_ink


def test_below_the_ink_lies_the_nearest_colour():
    color = np.full((3, 7, 3), 255, np.uint8)
    color[:, :3], color[:, 4:] = (250, 0, 0), (0, 0, 250)
    lineart = np.full((3, 7), 255, np.uint8)
    lineart[:, 2:5] = 0
    layer = layer_beneath(under_ink(color, lineart), lineart)
    np.testing.assert_array_equal(layer[0, :3], [(250, 0, 0)] * 3)
    np.testing.assert_array_equal(layer[0, 4:], [(0, 0, 250)] * 3)


def test_a_sheet_of_ink_has_white_below():
    assert layer_beneath(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8)).min() == 255
