"""Element-wise operations, by hand and against NumPy in float64."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram, UnsupportedOps

# A few units in the last place of float32.
FLOAT32_NOISE = 2e-6


def noise(*shape):
    return np.random.default_rng(4).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("add", [5, 1]),
        ("sub", [1, -5]),
        ("mul", [6, -6]),
        ("real_div", [1.5, -2 / 3]),
        ("pow", [9, -8]),
        ("maximum", [3, 3]),
        ("minimum", [2, -2]),
        ("equal", [False, False]),
        ("not_equal", [True, True]),
        ("greater", [True, False]),
        ("greater_equal", [True, False]),
        ("less", [False, True]),
        ("less_equal", [False, True]),
    ],
)
def test_each_operation_of_three_and_two_and_of_minus_two_and_three(run_op, name, expected):
    y = run_op(name, x=np.array([3, -2], np.float32), y=np.array([2, 3], np.float32))
    np.testing.assert_allclose(y, expected, rtol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("add", np.add),
        ("sub", np.subtract),
        ("mul", np.multiply),
        ("real_div", np.divide),
        ("maximum", np.maximum),
        ("minimum", np.minimum),
        ("equal", np.equal),
        ("not_equal", np.not_equal),
        ("greater", np.greater),
        ("greater_equal", np.greater_equal),
        ("less", np.less),
        ("less_equal", np.less_equal),
    ],
)
@pytest.mark.parametrize("shapes", [((2, 3, 5), (3, 1)), ((4, 1), (2, 1, 3)), ((3,), ())])
def test_binary_operations_broadcast_as_numpy_does(run_op, name, reference, shapes):
    x, y = noise(*shapes[0]), noise(*shapes[1])  # both begin with the same numbers: some are equal
    expected = reference(x.astype(np.float64), y)
    np.testing.assert_allclose(run_op(name, x=x, y=y), expected, rtol=FLOAT32_NOISE)


def test_powers_broadcast_as_numpy_does(run_op):
    x, y = np.abs(noise(2, 3, 5)), noise(3, 1)
    np.testing.assert_allclose(run_op("pow", x=x, y=y), x.astype(np.float64) ** y, rtol=1e-5)


@pytest.mark.parametrize("name", ["add", "sub", "mul", "maximum", "minimum"])
def test_integers_stay_integers(run_op, name):
    y = run_op(name, x=np.array([7, -7], np.int32), y=np.array(2, np.int32))
    assert y.dtype == np.int32


def test_division_of_integers_is_refused_rather_than_guessed(run_op):
    with pytest.raises(UnsupportedOps, match="int32"):
        run_op("real_div", x=np.array([7], np.int32), y=np.array([2], np.int32))


def test_select_takes_a_where_the_condition_holds(run_op):
    y = run_op(
        "select",
        cond=np.array([[True, False, True]]),
        a=np.array([[1], [2]], np.float32),
        b=np.array([-1, -2, -3], np.float32),
    )
    np.testing.assert_array_equal(y, [[1, -2, 1], [2, -2, 2]])


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("abs", {}, [0.25, 4]),
        ("exp", {}, [1.2840254, 54.598150]),
        ("log", {}, [-1.3862944, 1.3862944]),
        ("sqrt", {}, [0.5, 2]),
        ("rsqrt", {}, [2, 0.5]),
        ("rsqrt", {"epsilon": np.float32(2)}, [2 / 3, 0.40824829]),
        ("inverse", {}, [1 / 0.2501, 1 / 4.0001]),
        ("inverse", {"epsilon": np.float32(0)}, [4, 0.25]),
        ("square", {}, [0.0625, 16]),
        ("clip", {"alpha": np.float32(0.5), "beta": np.float32(3)}, [0.5, 3]),
    ],
)
def test_each_function_of_a_quarter_and_four(run_op, name, inputs, expected):
    y = run_op(name, x=np.array([0.25, 4], np.float32), **inputs)
    np.testing.assert_allclose(y, expected, rtol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("abs", np.abs),
        ("exp", np.exp),
        ("log", np.log),
        ("sqrt", np.sqrt),
        ("rsqrt", lambda x: 1 / np.sqrt(x + 1e-12)),
        ("inverse", lambda x: 1 / (x + 1e-4)),
        ("square", np.square),
    ],
)
def test_functions_agree_with_numpy_on_any_shape(run_op, name, reference):
    x = np.abs(noise(2, 3, 1, 5)) + np.float32(0.01)
    y = run_op(name, x=x)
    np.testing.assert_allclose(y, reference(x.astype(np.float64)), rtol=1e-5, atol=FLOAT32_NOISE)


def test_absolute_values_have_no_sign(run_op):
    np.testing.assert_array_equal(run_op("abs", x=np.array([-3, 0, 2], np.float32)), [3, 0, 2])


def test_the_epsilon_of_log_keeps_zero_finite(run_op):
    # log of the smallest positive float32, 2^-149, as MIL's own value inference has it.
    y = run_op("log", x=np.zeros(1, np.float32))
    np.testing.assert_allclose(y, [-103.27893], rtol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("dtype", "expected", "numpy_dtype"),
    [
        ("int32", [-1, 0, 2], np.int32),
        ("bool", [True, False, True], np.bool_),
        ("fp32", [-1.75, 0, 2.5], np.float32),
        ("int8", [-1, 0, 2], np.int8),
    ],
)
def test_cast_truncates_towards_zero(run_op, dtype, expected, numpy_dtype):
    y = run_op("cast", x=np.array([-1.75, 0, 2.5], np.float32), dtype=dtype)
    assert y.dtype == numpy_dtype
    np.testing.assert_array_equal(y, expected)


def test_cast_refuses_an_unknown_type_with_the_known_ones(run_op):
    with pytest.raises(InvalidProgram, match="fp16.*'float'"):
        run_op("cast", x=np.zeros(1, np.float32), dtype="float")


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("exp2", [-1, 0, 3], [0.5, 1, 8]),
        ("erf", [-1, 0, 1], [-0.8427008, 0, 0.8427008]),
    ],
)
def test_powers_of_two_and_the_error_function(run_op, name, x, expected):
    np.testing.assert_allclose(run_op(name, x=np.array(x, np.float32)), expected, rtol=1e-6)


def test_threshold_is_a_lower_bound(run_op):
    y = run_op("threshold", x=np.array([-2, 0.5, 3], np.float32), alpha=1.0)
    np.testing.assert_array_equal(y, [1, 1, 3])


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.int16, np.uint16, np.int32, np.uint8])
def test_select_chooses_among_values_of_every_type(run_op, dtype):
    a, b = np.array([1, 0, 1], dtype), np.array([0, 1, 0], dtype)
    y = run_op("select", cond=np.array([True, False, False]), a=a, b=b)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, np.array([1, 1, 0], dtype))
