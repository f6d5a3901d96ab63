import numpy as np
import pytest

from training.picture.distance import EXACT, depth, nearest_known


def brute_force(known):
    """The squared distance of every pixel to the nearest known one."""
    rows, columns = np.indices(known.shape)
    distances = [(rows - y) ** 2 + (columns - x) ** 2 for y, x in np.argwhere(known)]
    return np.min(distances, axis=0)


def test_a_pixel_is_as_deep_as_the_nearest_outside_is_far():
    mask = np.random.default_rng(0).random((13, 9)) < 0.8
    outside = ~np.pad(mask, 1)
    expected = np.sqrt(brute_force(outside))[1:-1, 1:-1]
    np.testing.assert_allclose(depth(mask, mask_size=EXACT), expected, rtol=1e-6)


def test_what_lies_beyond_the_border_is_outside():
    np.testing.assert_array_equal(depth(np.ones((1, 5), bool))[0], [1, 1, 1, 1, 1])


@pytest.mark.parametrize("mask_size", [3, 5])
def test_the_nearest_known_pixel_is_known_and_nearly_nearest(mask_size):
    known = np.random.default_rng(1).random((13, 9)) < 0.1
    index = nearest_known(known, mask_size=mask_size)
    assert known.ravel()[index].all()
    np.testing.assert_array_equal(index[known], np.flatnonzero(known))
    there = np.stack(np.divmod(index, known.shape[1]))
    found = np.hypot(*(there - np.indices(known.shape)))
    # A mask of 3 is off by 8 % at most (Borgefors 1986): another may be nearer by so much.
    assert (found <= 1.17 * np.sqrt(brute_force(known)) + 1e-6).all()


def test_where_all_is_known_each_is_its_own_nearest():
    known = np.ones((3, 4), bool)
    np.testing.assert_array_equal(nearest_known(known).ravel(), np.arange(12))
