"""Reductions, by hand and against NumPy in float64."""

import numpy as np
import pytest

# Sums of 30 float32 numbers about 1.
FLOAT32_NOISE = 1e-5
REFERENCES = {
    "reduce_mean": np.mean,
    "reduce_sum": np.sum,
    "reduce_max": np.max,
    "reduce_min": np.min,
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reduce_mean", [2, 5]),
        ("reduce_sum", [6, 15]),
        ("reduce_max", [3, 6]),
        ("reduce_min", [1, 4]),
    ],
)
def test_rows_of_one_two_three_and_four_five_six(run_op, name, expected):
    x = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    np.testing.assert_allclose(run_op(name, x=x, axes=np.array([1], np.int32)), expected)


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("axes", [None, (0,), (-1,), (1, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize("keep_dims", [False, True])
def test_reductions_agree_with_numpy(run_op, name, axes, keep_dims):
    x = np.random.default_rng(5).normal(size=(2, 3, 4, 5)).astype(np.float32)
    named = {} if axes is None else {"axes": np.array(axes, np.int32)}
    y = run_op(name, x=x, keep_dims=keep_dims, **named)
    expected = REFERENCES[name](x.astype(np.float64), axis=axes, keepdims=keep_dims)
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected, rtol=FLOAT32_NOISE, atol=FLOAT32_NOISE)
