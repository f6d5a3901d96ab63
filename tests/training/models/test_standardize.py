import numpy as np
import tensorflow as tf

from training.models.standardize import Standardize


def test_each_channel_loses_its_mean_and_is_divided_by_its_deviation():
    layer = Standardize((1.0, -1.0), (0.5, 2.0))
    x = np.float32([[[[1.0, -1.0], [1.5, 3.0]]]])  # (N=1, H=1, W=2, C=2)
    np.testing.assert_array_equal(layer(x), [[[[0, 0], [1, 2]]]])


def test_the_constants_are_saved_as_weights_and_never_trained():
    layer = Standardize((0.25,), (0.5,))
    layer.build((None, None, None, 1))
    assert not layer.trainable_variables
    np.testing.assert_array_equal(np.concatenate(layer.get_weights()), [0.25, 0.5])
    other = Standardize((0.0,), (1.0,))
    other.build((None, None, None, 1))
    other.set_weights(layer.get_weights())
    np.testing.assert_array_equal(other(tf.ones((1, 1, 1, 1))), [[[[1.5]]]])


def test_it_comes_back_from_its_config():
    layer = Standardize((0.25,), (0.5,), name="standardize")
    assert Standardize.from_config(layer.get_config()).get_config() == layer.get_config()
