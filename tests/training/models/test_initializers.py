import keras
import numpy as np
import pytest
import tensorflow as tf

from training.models.initializers import (
    LEAKY_RELU_INITS,
    SELU_INITS,
    down_taps,
    up_taps,
    wide_taps,
)


def ones(x):
    """A picture of ones: a convolution with a kernel of ones counts the taps that meet data."""
    return np.ones((1, x, x, 1), np.float32)


@pytest.mark.parametrize("side", [2, 3, 4, 5, 7, 8, 64])
def test_taps_of_a_strided_convolution_are_those_that_meet_data(side):
    counted = tf.nn.conv2d(ones(side), np.ones((4, 4, 1, 1), np.float32), 2, "SAME")
    # The taps of a row and of a column are counted apart and multiplied: exact, for a square.
    assert down_taps(side) == pytest.approx(float(tf.reduce_mean(counted)), rel=1e-6)


@pytest.mark.parametrize("side", [1, 2, 3, 8, 32])
def test_taps_of_a_transposed_convolution_are_those_that_meet_data(side):
    counted = tf.nn.conv2d_transpose(
        ones(side), np.ones((4, 4, 1, 1), np.float32), (1, 2 * side, 2 * side, 1), 2, "SAME"
    )
    assert up_taps(side) == pytest.approx(float(tf.reduce_mean(counted)), rel=1e-6)


@pytest.mark.parametrize("side", [3, 5, 8])
def test_taps_of_the_last_convolutions_leave_the_zeros_around_out(side):
    padded = np.pad(ones(side), ((0, 0), (1, 1), (1, 1), (0, 0)))
    counted = tf.nn.conv2d(padded, np.ones((4, 4, 1, 1), np.float32), 1, "VALID")
    assert wide_taps(side) == pytest.approx(float(tf.reduce_mean(counted)), rel=1e-6)


def test_two_by_two_to_one_pixel_has_four_taps():
    assert down_taps(2) == 4


@pytest.mark.parametrize(
    ("inits", "name", "variance"),
    [
        (SELU_INITS, "fan-in", 1 / (9 * 32)),
        (LEAKY_RELU_INITS, "fan-in", 2 / (1.04 * 9 * 32)),
        (SELU_INITS, "normal", 0.02**2),
        # What Keras takes for the inputs of a transposed convolution: 16 taps of 8 *outputs*.
        (SELU_INITS, "lecun", 1 / (16 * 8)),
    ],
)
def test_the_variance_of_the_weights(inits, name, variance):
    layer = keras.layers.Conv2DTranspose(
        8, 4, kernel_initializer=inits[name](0, taps=9, channels=32)
    )
    layer.build((None, None, None, 32))
    # 4,096 draws: the standard error of a variance is 2 %.
    assert layer.kernel.numpy().var() == pytest.approx(variance, rel=0.08)
