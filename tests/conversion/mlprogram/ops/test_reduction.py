"""Reductions, by hand and against NumPy in float64."""

import numpy as np
import pytest
from scipy.special import logsumexp

# Sums and products of 120 float32 numbers about 1.
FLOAT32_NOISE = 2e-5
REFERENCES = {
    "reduce_mean": np.mean,
    "reduce_sum": np.sum,
    "reduce_max": np.max,
    "reduce_min": np.min,
    "reduce_prod": np.prod,
    "reduce_l1_norm": lambda x, **k: np.sum(np.abs(x), **k),
    "reduce_l2_norm": lambda x, **k: np.sqrt(np.sum(x * x, **k)),
    "reduce_sum_square": lambda x, **k: np.sum(x * x, **k),
    "reduce_log_sum": lambda x, **k: np.log(np.sum(x, **k)),
    "reduce_log_sum_exp": logsumexp,
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reduce_mean", [2, 5]),
        ("reduce_sum", [6, 15]),
        ("reduce_max", [3, 6]),
        ("reduce_min", [1, 4]),
        ("reduce_prod", [6, 120]),
        ("reduce_l1_norm", [6, 15]),
        ("reduce_l2_norm", [3.7416575, 8.774964]),
        ("reduce_sum_square", [14, 77]),
        ("reduce_log_sum", [1.7917595, 2.7080503]),
        ("reduce_log_sum_exp", [3.407606, 6.407606]),
    ],
)
def test_rows_of_one_two_three_and_four_five_six(run_op, name, expected):
    x = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    y = run_op(name, x=x, axes=np.array([1], np.int32))
    np.testing.assert_allclose(y, expected, rtol=1e-6)


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("axes", [None, (0,), (-1,), (1, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize("keep_dims", [False, True])
def test_reductions_agree_with_numpy(run_op, name, axes, keep_dims):
    # Positive, for the logarithms; about 1, so that no product of 120 numbers overflows.
    x = np.random.default_rng(5).uniform(0.6, 1.4, size=(2, 3, 4, 5)).astype(np.float32)
    named = {} if axes is None else {"axes": np.array(axes, np.int32)}
    y = run_op(name, x=x, keep_dims=keep_dims, **named)
    expected = REFERENCES[name](x.astype(np.float64), axis=axes, keepdims=keep_dims)
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected, rtol=FLOAT32_NOISE, atol=FLOAT32_NOISE)


@pytest.mark.parametrize(("name", "reference"), [("argmax", np.argmax), ("argmin", np.argmin)])
@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("keep_dims", [False, True])
def test_places_of_extremes_agree_with_numpy(run_op, name, reference, axis, keep_dims):
    # Few values, so that there are equals: the first one counts.
    x = np.random.default_rng(6).integers(0, 3, (4, 5, 6)).astype(np.float32)
    y = run_op(f"reduce_{name}", x=x, axis=axis, keep_dims=keep_dims)
    assert y.dtype == np.int32
    np.testing.assert_array_equal(y, reference(x, axis=axis, keepdims=keep_dims))


def test_places_may_be_sixteen_bits_wide(run_op):
    y = run_op("reduce_argmax", x=np.array([3, 9, 1], np.float32), output_dtype="uint16")
    assert (y.dtype, y.tolist()) == (np.uint16, 1)
