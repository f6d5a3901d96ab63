import numpy as np

from training.models.hints.pixels import (
    DepthToSpace,
    narrowed,
    neighbourhood_maximum,
    neighbourhood_mean,
)


def test_depth_to_space_lays_four_channels_out_row_by_row():
    x = np.arange(1, 5, dtype=np.float32).reshape(1, 1, 1, 4)
    np.testing.assert_array_equal(DepthToSpace()(x)[0, ..., 0], [[1, 2], [3, 4]])


def test_a_neighbourhood_has_the_same_maximum_in_training_and_after_it():
    x = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype(np.float32) - 5
    trained, deployed = (neighbourhood_maximum(x, training=training) for training in (True, False))
    np.testing.assert_array_equal(trained, deployed)
    np.testing.assert_array_equal(deployed[0, 0, 0], x[0, :2, :2].max((0, 1)))
    np.testing.assert_array_equal(deployed[1, 2, 2], x[1, 1:4, 1:4].max((0, 1)))


def test_a_neighbourhood_has_the_same_mean_in_training_and_after_it():
    x = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype(np.float32)
    trained, deployed = (neighbourhood_mean(x, training=training) for training in (True, False))
    np.testing.assert_allclose(trained, deployed, atol=1e-6)
    np.testing.assert_allclose(deployed[0, 0, 0], x[0, :2, :2].mean((0, 1)), atol=1e-6)


def test_narrowed_paper_is_as_open_as_the_least_open_of_four():
    paper = np.float32([[1, 1, 1, 0], [1, 1, 1, 1]]).reshape(1, 2, 4, 1)
    np.testing.assert_array_equal(narrowed(paper)[0, 0, :, 0], [1, 0])
