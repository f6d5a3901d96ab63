"""Normalizations, by hand and by their formulas in float64."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

# float32 statistics of about 40 numbers about 1.
FLOAT32_NOISE = 1e-5


def noise(*shape):
    return np.random.default_rng(2).normal(1, 2, shape).astype(np.float32)


def by_channel(vector, ndim):
    return vector.astype(np.float64).reshape(1, -1, *[1] * (ndim - 2))


def test_batch_norm_uses_the_given_statistics(run_op):
    x = np.array([[[1, 3], [10, 20]]], np.float32)
    mean, variance = np.array([1, 10], np.float32), np.array([4, 25], np.float32)
    y = run_op("batch_norm", x=x, mean=mean, variance=variance, epsilon=np.float32(0))
    np.testing.assert_allclose(y, [[[0, 1], [0, 2]]], atol=FLOAT32_NOISE)


@pytest.mark.parametrize("shape", [(2, 3, 5), (2, 3, 5, 7), (1, 3, 2, 3, 4)])
def test_batch_norm_is_its_formula(run_op, shape):
    x, (mean, beta, gamma) = noise(*shape), noise(3, 3)
    variance = np.array([0.5, 1, 4], np.float32)
    y = run_op(
        "batch_norm",
        x=x,
        mean=mean,
        variance=variance,
        gamma=gamma,
        beta=beta,
        epsilon=np.float32(0.01),
    )
    m, v, g, b = (by_channel(p, x.ndim) for p in (mean, variance, gamma, beta))
    np.testing.assert_allclose(y, g * (x - m) / np.sqrt(v + 0.01) + b, atol=FLOAT32_NOISE)


def test_instance_norm_takes_the_statistics_of_each_image_and_channel(run_op):
    x = np.array([[[1, 3], [10, 10]], [[-4, 4], [0, 2]]], np.float32)
    y = run_op("instance_norm", x=x, epsilon=np.float32(0))
    np.testing.assert_allclose(y[1], [[-1, 1], [-1, 1]], atol=FLOAT32_NOISE)
    np.testing.assert_allclose(y[0, 0], [-1, 1], atol=FLOAT32_NOISE)


@pytest.mark.parametrize("shape", [(2, 3, 11), (2, 3, 5, 7)])
def test_instance_norm_is_its_formula(run_op, shape):
    x, (beta, gamma) = noise(*shape), noise(2, 3)
    y = run_op("instance_norm", x=x, gamma=gamma, beta=beta, epsilon=np.float32(0.1))
    axes = tuple(range(2, x.ndim))
    wide = x.astype(np.float64)
    mean, variance = wide.mean(axes, keepdims=True), wide.var(axes, keepdims=True)
    expected = by_channel(gamma, x.ndim) * (wide - mean) / np.sqrt(variance + 0.1)
    np.testing.assert_allclose(y, expected + by_channel(beta, x.ndim), atol=FLOAT32_NOISE)


def test_instance_norm_of_one_pixel_is_its_offset(run_op):
    beta = np.array([5, -1], np.float32)
    y = run_op("instance_norm", x=noise(1, 2, 1, 1), beta=beta)
    np.testing.assert_array_equal(y[0, :, 0, 0], beta)


def test_the_default_epsilon_is_mils(run_op):
    x = np.array([[[-1e-3, 1e-3]]], np.float32)
    y = run_op("instance_norm", x=x)
    np.testing.assert_allclose(y[0, 0, 1], 1e-3 / np.sqrt(1e-6 + 1e-5), rtol=1e-4)


@pytest.mark.parametrize("name", ["instance_norm", "batch_norm"])
def test_parameters_for_another_number_of_channels_are_refused(run_op, name):
    given = {"mean": np.ones(3, np.float32), "variance": np.ones(3, np.float32)}
    with pytest.raises(InvalidProgram, match="one number for each channel"):
        run_op(
            name,
            x=noise(1, 3, 4, 4),
            gamma=np.ones(4, np.float32),
            **(given if name == "batch_norm" else {}),
        )
