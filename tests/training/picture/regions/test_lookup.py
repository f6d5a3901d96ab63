import numpy as np

from training.picture.regions.lookup import looked_up

TABLE = np.array([5, 7, 9], np.int32)


def test_every_number_is_replaced_in_pictures_of_several_bands():
    numbers = np.random.default_rng(0).integers(0, 3, (700, 900), np.int32)
    np.testing.assert_array_equal(looked_up(TABLE, numbers), TABLE[numbers])


def test_a_picture_may_be_replaced_in_its_place():
    numbers = np.array([[0, 2], [1, 1]], np.int32)
    assert looked_up(TABLE, numbers, out=numbers) is numbers
    np.testing.assert_array_equal(numbers, [[5, 9], [7, 7]])
