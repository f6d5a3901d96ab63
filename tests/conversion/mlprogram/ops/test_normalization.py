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


@pytest.mark.parametrize("axes", [(-1,), (1, 2), (1,), (2, 0), None])
@pytest.mark.parametrize("affine", [False, True])
def test_layer_norm_over_any_axes(run_op, axes, affine):
    rng = np.random.default_rng(9)
    x = rng.normal(2, 3, (3, 4, 5)).astype(np.float32)
    named = tuple(range(3)) if axes is None else tuple(sorted(axis % 3 for axis in axes))
    mean, variance = x.mean(named, keepdims=True), x.var(named, keepdims=True)
    expected = (x - mean) / np.sqrt(variance + 1e-3)
    inputs = {} if axes is None else {"axes": np.array(axes, np.int32)}
    if affine:
        sizes = [x.shape[axis] for axis in named]
        inputs |= {key: rng.normal(size=sizes).astype(np.float32) for key in ("gamma", "beta")}
        aligned = [size if axis in named else 1 for axis, size in enumerate(x.shape)]
        expected = expected * inputs["gamma"].reshape(aligned) + inputs["beta"].reshape(aligned)
    y = run_op("layer_norm", x=x, epsilon=1e-3, **inputs)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_layer_norm_of_one_and_three(run_op):
    y = run_op("layer_norm", x=np.array([1, 3], np.float32), epsilon=0.0)
    np.testing.assert_allclose(y, [-1, 1], rtol=1e-6)


def test_l2_norm_makes_the_last_three_axes_a_unit_vector(run_op):
    x = np.array([3, 4], np.float32).reshape(1, 1, 2)
    np.testing.assert_allclose(run_op("l2_norm", x=x, epsilon=0.0), x / 5, rtol=1e-6)
    x = np.random.default_rng(1).normal(size=(2, 3, 4, 5)).astype(np.float32)
    expected = x / np.sqrt((x**2).sum((1, 2, 3), keepdims=True) + 1e-6)
    np.testing.assert_allclose(run_op("l2_norm", x=x), expected, rtol=1e-5)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_local_response_norm_agrees_with_tensorflow(run_op, size):
    import tensorflow as tf

    x = np.random.default_rng(1).normal(size=(2, 6, 3, 4)).astype(np.float32)
    y = run_op("local_response_norm", x=x, size=size, alpha=0.3, beta=0.75, k=2.0)
    radius, per_neighbour = size // 2, 0.3 / size
    expected = tf.nn.local_response_normalization(
        np.moveaxis(x, 1, -1), radius, 2.0, per_neighbour, 0.75
    )
    np.testing.assert_allclose(y, np.moveaxis(expected, -1, 1), rtol=1e-5)


def test_of_two_neighbours_the_other_comes_before(run_op):
    x = np.array([1, 2, 3], np.float32).reshape(1, 3, 1)
    y = run_op("local_response_norm", x=x, size=2, alpha=2.0, beta=1.0, k=0.0)
    np.testing.assert_allclose(y.ravel(), [1 / 1, 2 / 5, 3 / 13], rtol=1e-6)


@pytest.mark.parametrize("size", [6, 7, 8, 50, 51])
def test_neighbours_that_do_not_exist_count_as_zeros(run_op, size):
    x = np.array([1, 2, 3], np.float32).reshape(1, 3, 1)
    y = run_op("local_response_norm", x=x, size=size, alpha=float(size), beta=1.0, k=0.0)
    sums = [
        sum(
            n * n
            for place, n in enumerate((1, 2, 3))
            if -(size // 2) <= place - c <= (size - 1) // 2
        )
        for c in range(3)
    ]
    np.testing.assert_allclose(y.ravel(), np.array([1, 2, 3]) / sums, rtol=1e-5)
