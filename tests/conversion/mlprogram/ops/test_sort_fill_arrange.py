"""Sorting, filling, rearranging: by hand and against NumPy and TensorFlow."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram, OverBudget


def noise(*shape):
    return np.random.default_rng(12).normal(size=shape).astype(np.float32)


def test_topk_of_five(run_op):
    x = np.array([3, 1, 5, 2, 4], np.float32)
    values, places = run_op("topk", x=x, k=2)
    np.testing.assert_array_equal(values, [5, 4])
    np.testing.assert_array_equal(places, [2, 4])
    values, places = run_op("topk", x=x, k=2, ascending=True, output_indices_dtype="uint16")
    np.testing.assert_array_equal(values, [1, 2])
    np.testing.assert_array_equal(places, np.array([1, 3], np.uint16))
    assert places.dtype == np.uint16
    np.testing.assert_array_equal(run_op("topk", x=x, k=1, return_indices=False), [5])


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.uint8, np.int16, np.uint16, np.int32])
def test_topk_of_all_elements_sorts_every_type(run_op, dtype):
    x = np.random.default_rng(1).permutation(100).astype(dtype).reshape(4, 25)
    values, _ = run_op("topk", x=x, k=-1, axis=0)
    assert values.dtype == dtype
    np.testing.assert_array_equal(values, np.sort(x, axis=0)[::-1])


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize("axis", [0, -1])
def test_argsort_agrees_with_numpy(run_op, ascending, axis):
    x = np.random.default_rng(1).integers(0, 4, (5, 6)).astype(np.float32)
    y = run_op("argsort", x=x, axis=axis, ascending=ascending)
    np.testing.assert_array_equal(y, np.argsort(x if ascending else -x, axis, kind="stable"))


@pytest.mark.parametrize("computed", [(), ("shape",)])
def test_fill_makes_a_tensor_of_one_value(run_op, computed):
    shape = np.array([2, 3], np.int32)
    y = run_op("fill", shape=shape, value=np.array(7, np.int32), computed=computed)
    np.testing.assert_array_equal(y, np.full((2, 3), 7, np.int32))
    assert run_op("fill", shape=shape).dtype == np.float32


def test_fill_like_takes_the_shape_alone(run_op):
    y = run_op("fill_like", ref_tensor=np.zeros((2, 1), np.int32), value=np.float32(1.5))
    np.testing.assert_array_equal(y, np.full((2, 1), 1.5, np.float32))


def test_shape_is_a_vector(run_op):
    np.testing.assert_array_equal(run_op("shape", x=noise(4, 1, 3)), [4, 1, 3])


@pytest.mark.parametrize("bounds", [(0, 5, 1), (2, 9, 3), (5, -5, -2)])
@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_range_agrees_with_numpy(run_op, bounds, dtype):
    start, end, step = (np.array(bound, dtype) for bound in bounds)
    y = run_op("range_1d", start=start, end=end, step=step, computed=("end",))
    np.testing.assert_array_equal(y, np.arange(*bounds, dtype=dtype))


@pytest.mark.parametrize("axis", [-1, 0, 1, -2])
@pytest.mark.parametrize("computed", [(), ("indices", "one_hot_vector_size")])
def test_one_hot_agrees_with_tensorflow(run_op, axis, computed):
    import tensorflow as tf

    indices = np.array([[0, 2, 1], [3, 9, -1]], np.int32)
    y = run_op(
        "one_hot", indices=indices, one_hot_vector_size=np.int32(4), axis=axis,
        on_value=np.float32(2), off_value=np.float32(-1), computed=computed,
    )  # fmt: skip
    tf_axis = axis if axis >= -1 else axis + 3
    np.testing.assert_array_equal(y, tf.one_hot(indices, 4, 2.0, -1.0, axis=tf_axis))


def test_one_hot_of_ones_by_default(run_op):
    y = run_op("one_hot", indices=np.array([1], np.int32), one_hot_vector_size=np.int32(3))
    np.testing.assert_array_equal(y, np.array([[0, 1, 0]], np.int32))


def test_non_zero_lists_places(run_op):
    y = run_op("non_zero", x=np.array([[0, 3], [-1, 0]], np.float32))
    np.testing.assert_array_equal(y, np.array([[0, 1], [1, 0]], np.int32))


def test_tile_repeats(run_op):
    x = noise(2, 3)
    y = run_op("tile", x=x, reps=np.array([2, 3], np.int32))
    np.testing.assert_array_equal(y, np.tile(x, (2, 3)))


@pytest.mark.parametrize("axes", [None, (0,), (-1, 0)])
def test_reverse_is_numpys_flip(run_op, axes):
    x = noise(2, 3, 4)
    named = {} if axes is None else {"axes": np.array(axes, np.int32)}
    np.testing.assert_array_equal(run_op("reverse", x=x, **named), np.flip(x, axes))


@pytest.mark.parametrize(("seq_axis", "batch_axis"), [(1, 0), (0, 1), (2, 1), (-1, 0)])
def test_reverse_sequence_agrees_with_tensorflow(run_op, seq_axis, batch_axis):
    import tensorflow as tf

    x = noise(4, 4, 4)
    lengths = np.array([1, 3, 4, 0], np.int32)
    y = run_op("reverse_sequence", x=x, lengths=lengths, seq_axis=seq_axis, batch_axis=batch_axis)
    expected = tf.reverse_sequence(x, lengths, seq_axis=seq_axis % 3, batch_axis=batch_axis)
    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
def test_cumsum_agrees_with_tensorflow(run_op, exclusive, reverse):
    import tensorflow as tf

    x = noise(3, 5)
    y = run_op("cumsum", x=x, axis=-1, exclusive=exclusive, reverse=reverse)
    expected = tf.cumsum(x, -1, exclusive, reverse)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("lower", "upper"), [(0, -1), (-1, 0), (0, 0), (1, 2), (-1, -1)])
@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.bool_])
def test_band_part_agrees_with_tensorflow(run_op, lower, upper, dtype):
    import tensorflow as tf

    x = np.ones((2, 4, 5), dtype)
    y = run_op("band_part", x=x, lower=lower, upper=upper)
    np.testing.assert_array_equal(y, tf.linalg.band_part(x, lower, upper))


def test_space_to_batch_and_back_agree_with_tensorflow(run_op):
    import tensorflow as tf

    x, blocks = noise(2, 3, 4, 7), np.array([2, 3], np.int32)
    borders = np.array([[1, 1], [0, 2]], np.int32)
    spread = run_op("space_to_batch", x=x, block_shape=blocks, paddings=borders)
    expected = tf.space_to_batch(np.moveaxis(x, 1, -1), blocks, borders)
    np.testing.assert_array_equal(spread, np.moveaxis(expected, -1, 1))
    y = run_op("batch_to_space", x=spread, block_shape=blocks, crops=borders)
    np.testing.assert_array_equal(y, x)
    expected = tf.batch_to_space(np.moveaxis(spread, 1, -1), blocks, borders)
    np.testing.assert_array_equal(y, np.moveaxis(expected, -1, 1))


def test_pixel_unshuffle_undoes_pixel_shuffle(run_op):
    x = noise(2, 8, 3, 5)
    shuffled = run_op("pixel_shuffle", x=x, upscale_factor=2)
    np.testing.assert_array_equal(run_op("pixel_unshuffle", x=shuffled, downscale_factor=2), x)
    with pytest.raises(InvalidProgram, match="does not divide"):
        run_op("pixel_unshuffle", x=x, downscale_factor=2)


def test_reshape_like_takes_axes_of_references(run_op):
    x = noise(6, 10)
    y = run_op(
        "reshape_like",
        x=x,
        ref_tensors=[noise(2, 3, 4), noise(1, 5, 2)],
        begins=[np.int32(0), np.int32(1)],
        ends=[np.int32(2), np.int32(0)],
        end_masks=[np.bool_(False), np.bool_(True)],
    )
    np.testing.assert_array_equal(y, x.reshape(2, 3, 5, 2))


@pytest.mark.parametrize("opset", ["CoreML6", "CoreML7"])
def test_reshape_to_a_computed_shape(run_op, opset):
    x = noise(2, 6)
    shape = np.array([3, -1], np.int32)
    y = run_op("reshape", x=x, shape=shape, computed=("shape",), opset=opset)
    np.testing.assert_array_equal(y, x.reshape(3, 4))


def test_a_computed_zero_is_the_size_counted_from_the_right(run_op):
    x = noise(2, 6)
    shape = np.array([1, 0, -1], np.int32)
    y = run_op("reshape", x=x, shape=shape, computed=("shape",), opset="CoreML7")
    np.testing.assert_array_equal(y, x.reshape(1, 2, 6))


@pytest.mark.parametrize(
    ("axis", "shape"), [(1, (2, 12)), (0, (1, 24)), (-1, (6, 4)), (3, (24, 1))]
)
def test_flatten_makes_a_matrix(run_op, axis, shape):
    x = noise(2, 3, 4)
    np.testing.assert_array_equal(run_op("flatten2d", x=x, axis=axis), x.reshape(shape))


def test_pads_may_be_computed(run_op):
    x = noise(2, 3)
    y = run_op("pad", x=x, pad=np.array([1, 0, 2, 3], np.int32), computed=("pad",))
    np.testing.assert_array_equal(y, np.pad(x, ((1, 0), (2, 3))))


def test_a_damaged_number_of_classes_is_refused(run_op):
    with pytest.raises(OverBudget, match="wants 16.0 GiB"):
        run_op("one_hot", indices=np.array([1], np.int32), one_hot_vector_size=np.int32(2**31 - 1))
    with pytest.raises(InvalidProgram, match="one_hot_vector_size: expected 0 or more"):
        run_op("one_hot", indices=np.array([1], np.int32), one_hot_vector_size=np.int32(-1))
