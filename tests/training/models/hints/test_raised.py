import numpy as np

from tests.training.models.hints.drawn import BLUE, RED
from training.models.hints.pixels import neighbourhood_maximum
from training.models.hints.raised import apart, lowered, raised, reached


def held(*colors):
    """A row of colours, (1, 1, W, 6); None is a place that none reached."""
    share = np.float32([color is not None for color in colors]).reshape(1, 1, -1, 1)
    row = np.float32([color or (0, 0, 0) for color in colors]).reshape(1, 1, -1, 3)
    return raised(row, share)


def test_colours_come_back_and_are_0_where_none_was():
    row = held(RED, None, (0.25, -0.5, 0.0))
    np.testing.assert_array_equal(lowered(row)[0, 0], [RED, (0, 0, 0), (0.25, -0.5, 0.0)])
    np.testing.assert_array_equal(reached(row)[0, 0, :, 0], [1, 0, 1])


def test_a_maximum_passes_by_where_none_is_and_holds_the_middle_of_several():
    around = neighbourhood_maximum(held(RED, None, None, RED, None, BLUE), training=False)
    np.testing.assert_array_equal(lowered(around)[0, 0, :2], [RED, RED])
    np.testing.assert_array_equal(lowered(around)[0, 0, 4], (np.add(RED, BLUE)) / 2)
    np.testing.assert_array_equal(apart(around)[0, 0, 4], np.abs(np.subtract(RED, BLUE)))
    assert not np.any(apart(around)[0, 0, :3])
    assert not np.any(apart(held(None, RED)))
