import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from training.picture.regions.flood import CLOSED, OPEN, flood

PICTURES = arrays(
    np.int32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(-1, 2)
)


def pixel_by_pixel(labels):
    """The same flood as its docstring has it, one pixel after the other."""
    labels = labels.copy()
    front = [tuple(place) for place in np.argwhere(labels > 0)]
    while front:
        reached = []
        for step in ((0, -1), (0, 1), (-1, 0), (1, 0)):
            for place in front:
                y, x = np.add(place, step)
                inside = 0 <= y < labels.shape[0] and 0 <= x < labels.shape[1]
                if inside and labels[y, x] == OPEN:
                    labels[y, x] = labels[place]
                    reached.append((y, x))
        front = reached
    return labels


def test_two_seeds_meet_half_way():
    np.testing.assert_array_equal(
        flood(np.array([[1, 0, 0, 0, 0, 2]], np.int32)), [[1] * 3 + [2] * 3]
    )


def test_the_turn_to_the_left_comes_first():
    # The pixel between is reached by both in one round: from its right it is taken.
    np.testing.assert_array_equal(flood(np.array([[1, 0, 2]], np.int32)), [[1, 2, 2]])


def test_what_is_closed_is_gone_round_and_corners_are_no_way():
    labels = np.array([[1, -1, 0], [0, -1, 0], [0, 0, 0]], np.int32)
    np.testing.assert_array_equal(flood(labels), [[1, -1, 1], [1, -1, 1], [1, 1, 1]])
    shut = np.array([[1, -1], [-1, 0]], np.int32)
    np.testing.assert_array_equal(flood(shut), shut)


@settings(deadline=None, max_examples=60)
@given(PICTURES)
def test_it_is_the_flood_that_is_written_down(labels):
    before = labels.copy()
    np.testing.assert_array_equal(flood(labels), pixel_by_pixel(labels))
    np.testing.assert_array_equal(labels, before)
    np.testing.assert_array_equal(flood(labels) == CLOSED, labels == CLOSED)
