"""Gathering and scattering, by hand, against NumPy and against TensorFlow."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram, UnsupportedOps


def noise(*shape):
    return np.random.default_rng(11).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("computed", [(), ("indices",)])
@pytest.mark.parametrize("dtype", [np.int32, np.uint16, np.int8])
def test_gather_takes_rows_and_columns(run_op, computed, dtype):
    x = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    indices = np.array([1, 0], dtype)
    rows = run_op("gather", x=x, indices=indices, computed=computed)
    np.testing.assert_array_equal(rows, [[4, 5, 6], [1, 2, 3]])
    columns = run_op("gather", x=x, indices=indices, axis=-1, computed=computed)
    np.testing.assert_array_equal(columns, [[2, 1], [5, 4]])


def test_negative_places_count_from_the_end(run_op):
    x = np.array([10, 20, 30], np.float32)
    np.testing.assert_array_equal(run_op("gather", x=x, indices=np.array([-1], np.int32)), [30])


@pytest.mark.parametrize(
    ("axis", "batch_dims", "indices_shape"),
    [
        (0, 0, (2, 3)),
        (2, 0, ()),
        (1, 1, (2, 4)),
        (2, 1, (2, 4, 3)),
        (3, 2, (2, 3, 6)),
        (2, 2, (2, 3)),
    ],
)
def test_gather_agrees_with_tensorflow(run_op, axis, batch_dims, indices_shape):
    import tensorflow as tf

    x = noise(2, 3, 4, 5)
    indices = np.random.default_rng(1).integers(0, x.shape[axis], indices_shape).astype(np.int32)
    y = run_op("gather", x=x, indices=indices, axis=axis, batch_dims=batch_dims)
    np.testing.assert_array_equal(y, tf.gather(x, indices, axis=axis, batch_dims=batch_dims))


def test_batches_beyond_the_axis_are_refused(run_op):
    with pytest.raises(InvalidProgram, match="batch_dims"):
        run_op("gather", x=noise(2, 3), indices=np.zeros((2, 1), np.int32), axis=0, batch_dims=1)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_gather_along_axis_is_take_along_axis(run_op, axis):
    x = noise(3, 4, 5)
    indices = np.random.default_rng(2).integers(-3, 3, (3, 4, 5)).astype(np.int32)
    y = run_op("gather_along_axis", x=x, indices=indices, axis=axis)
    np.testing.assert_array_equal(y, np.take_along_axis(x, indices, axis))


@pytest.mark.parametrize("batch_dims", [0, 1])
def test_gather_nd_agrees_with_tensorflow(run_op, batch_dims):
    import tensorflow as tf

    x = noise(2, 3, 4)
    indices = np.random.default_rng(3).integers(0, 2, (2, 5, 2)).astype(np.int32)
    y = run_op("gather_nd", x=x, indices=indices, batch_dims=batch_dims)
    np.testing.assert_array_equal(y, tf.gather_nd(x, indices, batch_dims=batch_dims))


def test_scatter_adds_rows_of_the_definition(run_op):
    data = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    updates = np.array([[5, 6, 7], [8, 9, 10]], np.float32)
    y = run_op("scatter", data=data, indices=np.array([1, 0], np.int32), updates=updates)
    np.testing.assert_array_equal(y, [[9, 11, 13], [9, 11, 13]])


FUNCTIONS = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "max": np.maximum,
    "min": np.minimum,
}


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("mode", ["update", *FUNCTIONS])
def test_scatter_in_every_mode(run_op, axis, mode):
    data, indices = noise(4, 5, 6) + 3, np.array([2, 0, -1], np.int32)
    shape = list(data.shape)
    shape[axis] = 3
    updates = np.random.default_rng(4).uniform(0.5, 2, shape).astype(np.float32)
    expected = np.moveaxis(data.copy(), axis, 0)
    for place, update in zip(indices, np.moveaxis(updates, axis, 0), strict=True):
        expected[place] = update if mode == "update" else FUNCTIONS[mode](expected[place], update)
    y = run_op("scatter", data=data, indices=indices, updates=updates, axis=axis, mode=mode)
    # A quotient is a product with a rounded reciprocal.
    np.testing.assert_allclose(y, np.moveaxis(expected, 0, axis), rtol=3e-7)


@pytest.mark.parametrize("mode", ["update", *FUNCTIONS])
def test_scatter_along_axis_in_every_mode(run_op, mode):
    data = noise(3, 4) + 3
    indices = np.array([[0, 3], [2, 1], [1, -1]], np.int32)
    updates = np.random.default_rng(5).uniform(0.5, 2, (3, 2)).astype(np.float32)
    expected = data.copy()
    for row in range(3):
        for column in range(2):
            place = row, indices[row, column]
            new = updates[row, column]
            expected[place] = new if mode == "update" else FUNCTIONS[mode](expected[place], new)
    y = run_op("scatter_along_axis", data=data, indices=indices, updates=updates, axis=1, mode=mode)
    np.testing.assert_allclose(y, expected, rtol=3e-7)


def test_scatter_nd_agrees_with_tensorflow(run_op):
    import tensorflow as tf

    data, updates = noise(4, 5, 6), noise(2, 3, 6)
    indices = np.array([[[0, 1], [3, 4], [2, 2]], [[0, 1], [1, 1], [2, 0]]], np.int32)
    y = run_op("scatter_nd", data=data, indices=indices, updates=updates)
    expected = tf.tensor_scatter_nd_add(data, indices, updates)
    np.testing.assert_allclose(y, expected, rtol=1e-6)


def test_modes_that_do_not_exist_are_refused(run_op):
    one = np.zeros(1, np.int32)
    with pytest.raises(InvalidProgram, match="'xor'"):
        run_op("scatter", data=one, indices=one, updates=one, mode="xor")
    with pytest.raises(UnsupportedOps, match="whole numbers"):
        run_op("scatter", data=one, indices=one, updates=one + 1, mode="div")
