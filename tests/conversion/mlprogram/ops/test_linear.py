"""Matrix products, by hand and against NumPy in float64."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

# Sums of at most 6 float32 products of numbers about 1.
FLOAT32_NOISE = 1e-5


def noise(*shape):
    return np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32)


def test_linear_multiplies_by_the_transposed_weight_and_adds_the_bias(run_op):
    weight, bias = np.array([[1, 2], [3, 4], [5, 6]], np.float32), np.array([0, 0, 9], np.float32)
    y = run_op("linear", x=np.array([[1, 10]], np.float32), weight=weight, bias=bias)
    np.testing.assert_array_equal(y, [[21, 43, 74]])


@pytest.mark.parametrize("shape", [(6,), (3, 6), (2, 3, 6)])
def test_linear_agrees_with_numpy(run_op, shape):
    x, weight = noise(*shape), noise(4, 6)
    expected = x.astype(np.float64) @ weight.T
    np.testing.assert_allclose(run_op("linear", x=x, weight=weight), expected, atol=FLOAT32_NOISE)


def test_linear_refuses_a_weight_that_is_no_matrix(run_op):
    with pytest.raises(InvalidProgram, match="rank 2"):
        run_op("linear", x=noise(3, 6), weight=noise(4, 6, 1))


def test_matmul_of_two_small_matrices(run_op):
    y = run_op("matmul", x=np.array([[1, 2]], np.float32), y=np.array([[3], [4]], np.float32))
    np.testing.assert_array_equal(y, [[11]])


@pytest.mark.parametrize(
    ("left", "right"),
    [((4, 3), (3, 2)), ((10, 4, 3), (5, 10, 3, 2)), ((3,), (5, 3, 2)), ((5, 4, 3), (3,))],
)
@pytest.mark.parametrize("transpose_x", [False, True])
@pytest.mark.parametrize("transpose_y", [False, True])
def test_matmul_agrees_with_numpy(run_op, left, right, transpose_x, transpose_y):
    x, y = noise(*left), noise(*right)
    # Given swapped, so that the product stays possible; a vector cannot be.
    swapped_x = np.swapaxes(x, -1, -2) if transpose_x and x.ndim > 1 else x
    swapped_y = np.swapaxes(y, -1, -2) if transpose_y and y.ndim > 1 else y
    product = run_op(
        "matmul", x=swapped_x, y=swapped_y, transpose_x=transpose_x, transpose_y=transpose_y
    )
    np.testing.assert_allclose(product, x.astype(np.float64) @ y, atol=FLOAT32_NOISE)


@pytest.mark.parametrize("types", [(np.int32, np.float32), (np.float32, np.int32)])
def test_whole_numbers_times_floats(run_op, types):
    x, y = np.array([[1, 2]], types[0]), np.array([[3], [4]], types[1])
    for given in ({"x": x, "y": y}, {"x": x, "y": y.T, "transpose_y": True}):
        np.testing.assert_array_equal(run_op("matmul", **given), np.array([[11]], np.float32))
