"""Logic, rounding and division with a remainder, by hand and against NumPy."""

import numpy as np
import pytest

TRUTHS = np.array([False, False, True, True]), np.array([False, True, False, True])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("logical_and", [False, False, False, True]),
        ("logical_or", [False, True, True, True]),
        ("logical_xor", [False, True, True, False]),
    ],
)
def test_truth_tables(run_op, name, expected):
    x, y = TRUTHS
    np.testing.assert_array_equal(run_op(name, x=x, y=y), expected)
    # Numbers other than 0 are true.
    z = run_op(name, x=x.astype(np.float32) * 3, y=-2 * y.astype(np.float32))
    np.testing.assert_array_equal(z, expected)


def test_not(run_op):
    np.testing.assert_array_equal(run_op("logical_not", x=TRUTHS[1]), [True, False, True, False])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ceil", [-1, 0, 1, 2, 3]),
        ("floor", [-2, -1, 0, 1, 2]),
        ("round", [-2, 0, 0, 2, 2]),
        ("sign", [-1, -1, 1, 1, 1]),
    ],
)
def test_rounding(run_op, name, expected):
    x = np.array([-1.5, -0.5, 0.5, 1.5, 2.5], np.float32)
    np.testing.assert_array_equal(run_op(name, x=x), expected)


@pytest.mark.parametrize("name", ["ceil", "floor", "round"])
def test_whole_numbers_are_rounded_already(run_op, name):
    x = np.array([-3, 0, 7], np.int32)
    np.testing.assert_array_equal(run_op(name, x=x), x)


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
@pytest.mark.parametrize(("name", "reference"), [("floor_div", np.floor_divide), ("mod", np.mod)])
def test_division_with_a_remainder_of_every_sign(run_op, name, reference, dtype):
    x = np.array([7, -7, 7, -7, 6, -6, 0], dtype)
    y = np.array([3, 3, -3, -3, 3, 3, 3], dtype)
    by_hand = {"floor_div": [2, -3, -3, 2, 2, -2, 0], "mod": [1, 2, -2, -1, 0, 0, 0]}[name]
    result = run_op(name, x=x, y=y)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, by_hand)
    rng = np.random.default_rng(8)
    x, y = rng.integers(-50, 50, 200).astype(dtype), rng.integers(1, 9, 200).astype(dtype)
    y *= rng.choice([-1, 1], 200).astype(dtype)
    np.testing.assert_array_equal(run_op(name, x=x, y=y), reference(x, y))


def test_the_remainder_of_a_fraction(run_op):
    y = run_op("mod", x=np.array([5.5, -5.5], np.float32), y=np.array([2, 2], np.float32))
    np.testing.assert_array_equal(y, [1.5, 0.5])
