"""Activations, by hand and against SciPy."""

import numpy as np
import pytest
import scipy.special

from conversion.errors import InvalidProgram

# A few units in the last place of float32.
FLOAT32_NOISE = 2e-6


@pytest.fixture(scope="module")
def x():
    """Both signs, zero, and far values, over two images, three channels and an odd shape."""
    rng = np.random.default_rng(0)
    values = rng.normal(0, 3, (2, 3, 5, 7)).astype(np.float32)
    values[0, 0, 0] = [0, -0.5, 0.5, 30, -30, 6, 7]
    return values


def agree(received, expected):
    np.testing.assert_allclose(received, expected, rtol=FLOAT32_NOISE, atol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("relu", {}, [0, 0, 2, 8]),
        ("relu6", {}, [0, 0, 2, 6]),
        ("leaky_relu", {"alpha": np.float32(0.25)}, [-0.5, 0, 2, 8]),
        ("elu", {"alpha": np.float32(2)}, [2 * (np.exp(-2) - 1), 0, 2, 8]),
        ("sigmoid", {}, [0.11920292, 0.5, 0.88079708, 0.99966465]),
        ("silu", {}, [-0.23840584, 0, 1.76159416, 7.9973172]),
        ("softplus", {}, [0.12692801, 0.69314718, 2.12692801, 8.00033540]),
        ("tanh", {}, [-0.96402758, 0, 0.96402758, 0.99999977]),
        ("gelu", {}, [-0.04550026, 0, 1.95449974, 8]),
    ],
)
def test_each_activation_of_minus_two_zero_two_and_eight(run_op, name, inputs, expected):
    agree(run_op(name, x=np.array([-2, 0, 2, 8], np.float32), **inputs), expected)


@pytest.mark.parametrize(
    ("name", "inputs", "reference"),
    [
        ("relu", {}, lambda x: np.where(x > 0, x, 0)),
        ("relu6", {}, lambda x: np.clip(x, 0, 6)),
        ("leaky_relu", {"alpha": np.float32(0.2)}, lambda x: np.where(x >= 0, x, x / 5)),
        ("elu", {"alpha": np.float32(1.5)}, lambda x: np.where(x > 0, x, 1.5 * np.expm1(x))),
        ("sigmoid", {}, scipy.special.expit),
        ("silu", {}, lambda x: x * scipy.special.expit(x)),
        ("softplus", {}, lambda x: np.logaddexp(0, x)),
        ("tanh", {}, np.tanh),
        ("gelu", {}, lambda x: x * scipy.special.ndtr(x)),
        ("gelu", {"mode": "SIGMOID_APPROXIMATION"}, lambda x: x * scipy.special.expit(1.702 * x)),
        (
            "gelu",
            {"mode": "TANH_APPROXIMATION"},
            lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
        ),
    ],
)
def test_each_activation_agrees_with_its_formula_in_float64(run_op, x, name, inputs, reference):
    agree(run_op(name, x=x, **inputs), reference(x.astype(np.float64)))


def test_an_unknown_gelu_is_refused(run_op, x):
    with pytest.raises(InvalidProgram, match="'FAST'"):
        run_op("gelu", x=x, mode="FAST")


def test_prelu_scales_each_channel_by_its_own_slope(run_op):
    x = np.full((1, 2, 1, 3), -1, np.float32)
    x[0, :, 0, 2] = 5
    y = run_op("prelu", x=x, alpha=np.array([0.5, 3], np.float32))
    np.testing.assert_array_equal(y[0, :, 0], [[-0.5, -0.5, 5], [-3, -3, 5]])


def test_prelu_agrees_with_numpy_for_any_rank(run_op, x):
    alpha = np.array([0.1, -2, 3], np.float32)
    for ndim in (3, 4):
        part = x[..., 0] if ndim == 3 else x
        slope = alpha.reshape(1, 3, *[1] * (ndim - 2))
        agree(run_op("prelu", x=part, alpha=alpha), np.where(part > 0, part, slope * part))


def test_prelu_refuses_one_slope_too_few(run_op, x):
    with pytest.raises(InvalidProgram, match="each channel"):
        run_op("prelu", x=x, alpha=np.ones(2, np.float32))


def test_softmax_of_equal_values_is_their_share(run_op):
    np.testing.assert_allclose(run_op("softmax", x=np.zeros((1, 4), np.float32)), [[0.25] * 4])


@pytest.mark.parametrize("axis", [0, 1, -2, -1])
def test_softmax_agrees_with_scipy_on_every_axis(run_op, x, axis):
    y = run_op("softmax", x=x, axis=np.int32(axis))
    agree(y, scipy.special.softmax(x.astype(np.float64), axis=axis))


def test_softmax_goes_along_the_last_axis_by_default(run_op, x):
    agree(run_op("softmax", x=x).sum(-1), np.ones((2, 3, 5)))


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("clamped_relu", {"alpha": 0.5, "beta": 1.5}, [-1, 0, 1.5]),
        ("linear_activation", {"alpha": 2.0, "beta": 1.0}, [-3, 1, 5]),
        ("linear_activation", {"alpha": 2.0}, [-4, 0, 4]),
        ("scaled_tanh", {"alpha": 2.0, "beta": 0.5}, [-1.5231884, 0, 1.5231884]),
        ("sigmoid_hard", {}, [0.1, 0.5, 0.9]),
        ("sigmoid_hard", {"alpha": 1.0, "beta": 0.0}, [0, 0, 1]),
        ("softsign", {}, [-2 / 3, 0, 2 / 3]),
        ("thresholded_relu", {"alpha": -0.5}, [0, 0, 2]),
        ("thresholded_relu", {}, [0, 0, 2]),
    ],
)
def test_activations_of_minus_two_zero_and_two(run_op, name, inputs, expected):
    y = run_op(name, x=np.array([-2, 0, 2], np.float32), **inputs)
    np.testing.assert_allclose(y, expected, rtol=1e-6, atol=1e-7)


def test_softplus_parametric_has_factors_for_each_channel(run_op):
    x = np.random.default_rng(2).normal(size=(2, 3, 4, 5)).astype(np.float32)
    alpha, beta = np.array([1, 2, 0.5], np.float32), np.array([1, 0.5, -1], np.float32)
    a, b = (n.astype(np.float64).reshape(3, 1, 1) for n in (alpha, beta))
    y = run_op("softplus_parametric", x=x, alpha=alpha, beta=beta)
    np.testing.assert_allclose(y, a * np.logaddexp(0, b * x), rtol=1e-5, atol=1e-6)


def test_factors_of_another_number_of_channels_are_refused(run_op):
    x = np.zeros((1, 3, 2), np.float32)
    two = np.ones(2, np.float32)
    with pytest.raises(InvalidProgram, match="one number for each channel"):
        run_op("softplus_parametric", x=x, alpha=two, beta=two)
