"""Trigonometric and hyperbolic functions, by hand and against NumPy in float64."""

import numpy as np
import pytest

# A few units in the last place of float32, of values up to 4.
FLOAT32_NOISE = 2e-6


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("sin", np.pi / 6, 0.5),
        ("cos", np.pi / 3, 0.5),
        ("tan", np.pi / 4, 1),
        ("asin", 0.5, np.pi / 6),
        ("acos", 0.5, np.pi / 3),
        ("atan", 1, np.pi / 4),
        ("sinh", np.log(2), 0.75),
        ("cosh", np.log(2), 1.25),
        ("atanh", 0.6, np.log(2)),
    ],
)
def test_angles_of_known_values(run_op, name, x, expected):
    y = run_op(name, x=np.array([x], np.float32))
    np.testing.assert_allclose(y, [expected], rtol=FLOAT32_NOISE)


@pytest.mark.parametrize("name", ["sin", "cos", "tan", "sinh", "cosh", "atan"])
def test_functions_agree_with_numpy(run_op, name):
    x = np.linspace(-1.4, 1.4, 57, dtype=np.float32)
    references = {"atan": np.arctan}
    expected = references.get(name, getattr(np, name, None))(x.astype(np.float64))
    np.testing.assert_allclose(run_op(name, x=x), expected, rtol=1e-5, atol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("name", "reference"), [("asin", np.arcsin), ("acos", np.arccos), ("atanh", np.arctanh)]
)
def test_inverses_agree_with_numpy(run_op, name, reference):
    x = np.linspace(-0.95, 0.95, 39, dtype=np.float32)
    expected = reference(x.astype(np.float64))
    np.testing.assert_allclose(run_op(name, x=x), expected, rtol=1e-5, atol=FLOAT32_NOISE)
