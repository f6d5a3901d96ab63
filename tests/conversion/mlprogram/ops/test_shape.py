"""Operations that move values: by hand and against NumPy and TensorFlow, always exactly."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram


def ints(*numbers):
    return np.array(numbers, np.int32)


def counted(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


same = np.testing.assert_array_equal


@pytest.mark.parametrize(
    ("shape", "expected"), [((6, 4), (6, 4)), ((-1, 3), (8, 3)), ((0, -1, 2), (2, 6, 2))]
)
def test_reshape_keeps_the_order(run_op, shape, expected):
    for opset in ("CoreML5", "CoreML6"):
        y = run_op("reshape", opset=opset, x=counted(2, 3, 4), shape=ints(*shape))
        same(y, counted(2, 3, 4).reshape(expected))


def test_zeros_in_reshape_count_from_the_right_since_ios_17(run_op):
    # The example in the documentation of iOS17 reshape.
    y = run_op("reshape", opset="CoreML7", x=counted(2, 50), shape=ints(1, 0, -1, 0))
    assert y.shape == (1, 1, 2, 50)


def test_zeros_in_reshape_need_equal_ranks_before_ios_17(run_op):
    with pytest.raises(InvalidProgram, match="before iOS 17"):
        run_op("reshape", opset="CoreML6", x=counted(2, 50), shape=ints(1, 0, -1, 0))


@pytest.mark.parametrize("shape", [(5, 5), (-1, 5), (-1, -1), (-2, 12), ()])
def test_reshape_refuses_another_number_of_elements(run_op, shape):
    for opset in ("CoreML6", "CoreML7"):
        with pytest.raises(InvalidProgram, match="expected 24 elements"):
            run_op("reshape", opset=opset, x=counted(2, 3, 4), shape=ints(*shape))


def test_transpose_permutes_and_takes_negative_axes(run_op):
    x = counted(2, 3, 4)
    same(run_op("transpose", x=x, perm=ints(2, 0, 1)), x.transpose(2, 0, 1))
    same(run_op("transpose", x=x, perm=ints(-1, 0, -2)), x.transpose(2, 0, 1))
    assert run_op("transpose", x=x, perm=ints(2, 0, 1))[3, 1, 2] == x[1, 2, 3]


def test_axes_that_do_not_exist_are_refused(run_op):
    with pytest.raises(InvalidProgram, match="axes of 3"):
        run_op("transpose", x=counted(2, 3, 4), perm=ints(0, 1, 3))


def test_expand_dims_counts_axes_of_the_result(run_op):
    assert run_op("expand_dims", x=counted(2, 3), axes=ints(0, -1)).shape == (1, 2, 3, 1)
    same(run_op("expand_dims", x=counted(2, 3), axes=ints(1)), counted(2, 3)[:, np.newaxis])


def test_squeeze_drops_ones_and_ignores_other_sizes(run_op):
    x = counted(1, 2, 1, 3, 1)
    assert run_op("squeeze", x=x).shape == (2, 3)
    same(run_op("squeeze", x=x, axes=ints(0, -1)), x[0, ..., 0])
    assert run_op("squeeze", x=x, axes=ints(1, 2)).shape == (1, 2, 3, 1)
    assert run_op("squeeze", x=x, axes=ints(1)).shape == x.shape


@pytest.mark.parametrize(
    ("begin", "end", "stride", "index"),
    [
        ((0, 1, 2), (2, 4, 6), (1, 1, 1), np.s_[0:2, 1:4, 2:6]),
        ((0, -3, 5), (2, -1, 0), (1, 1, -2), np.s_[0:2, -3:-1, 5:0:-2]),
        ((1, 0, 1), (9, 9, 9), (1, 2, 3), np.s_[1:9, 0:9:2, 1:9:3]),
    ],
)
def test_slices_are_numpys(run_op, begin, end, stride, index):
    x = counted(2, 4, 7)
    y = run_op("slice_by_index", x=x, begin=ints(*begin), end=ints(*end), stride=ints(*stride))
    same(y, x[index])


def test_masked_ends_reach_the_border_in_either_direction(run_op):
    x = counted(3, 5)
    y = run_op(
        "slice_by_index",
        x=x,
        begin=ints(9, 1),
        end=ints(9, 2),
        stride=ints(-1, 2),
        begin_mask=np.array([True, False]),
        end_mask=np.array([True, True]),
    )
    same(y, x[::-1, 1::2])


@pytest.mark.parametrize("begin", [0, 2, -1, -2])
def test_a_squeezed_axis_is_indexed(run_op, begin):
    x = counted(3, 4)
    y = run_op(
        "slice_by_index",
        x=x,
        begin=ints(begin, 1),
        end=ints(0, 3),
        squeeze_mask=np.array([True, False]),
    )
    same(y, x[begin, 1:3])


def test_a_stride_of_zero_is_refused(run_op):
    with pytest.raises(InvalidProgram, match="stride"):
        run_op("slice_by_index", x=counted(3), begin=ints(0), end=ints(1), stride=ints(0))


def test_slice_by_size_takes_what_remains_for_minus_one(run_op):
    x = counted(3, 4, 5)
    y = run_op("slice_by_size", x=x, begin=ints(1, 0, -3), size=ints(-1, 2, 3))
    same(y, x[1:, :2, 2:])


def test_split_cuts_equal_or_given_pieces(run_op):
    x = counted(2, 6)
    for piece, expected in zip(
        run_op("split", x=x, axis=np.int32(-1), num_splits=np.int32(3)),
        np.split(x, 3, axis=1),
        strict=True,
    ):
        same(piece, expected)
    first, second = run_op("split", x=x, axis=np.int32(1), split_sizes=ints(1, 5))
    same(first, x[:, :1])
    same(second, x[:, 1:])


@pytest.mark.parametrize(
    "wrong", [{"num_splits": np.int32(4)}, {"split_sizes": ints(1, 4)}, {"num_splits": np.int32(0)}]
)
def test_pieces_that_do_not_add_up_are_refused(run_op, wrong):
    with pytest.raises(InvalidProgram, match="expected"):
        run_op("split", x=counted(2, 6), axis=np.int32(1), **wrong)


def test_concat_joins_or_interleaves(run_op):
    one, two = np.array([[1, 2], [3, 4]], np.float32), np.array([[5, 6], [7, 8]], np.float32)
    axis = np.int32(0)
    same(run_op("concat", values=[one, two], axis=axis), [[1, 2], [3, 4], [5, 6], [7, 8]])
    y = run_op("concat", values=[one, two], axis=axis, interleave=True)
    same(y, [[1, 2], [5, 6], [3, 4], [7, 8]])


def test_concat_agrees_with_numpy_on_unequal_sizes(run_op):
    parts = [counted(2, 1, 3), counted(2, 4, 3), counted(2, 2, 3)]
    same(run_op("concat", values=parts, axis=np.int32(-2)), np.concatenate(parts, 1))


def test_interleaving_takes_turns_along_any_axis(run_op):
    parts = [counted(2, 3, 4), -counted(2, 3, 4)]
    y = run_op("concat", values=parts, axis=np.int32(1), interleave=True)
    same(y[:, 0::2], parts[0])
    same(y[:, 1::2], parts[1])
    with pytest.raises(InvalidProgram, match="equal shapes"):
        run_op("concat", values=[counted(2, 1), counted(2, 2)], axis=np.int32(1), interleave=True)


def test_concat_of_scalars_is_a_vector(run_op):
    same(run_op("concat", values=[np.float32(3), np.float32(4)], axis=np.int32(0)), [3, 4])


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_stack_agrees_with_numpy(run_op, axis):
    parts = [counted(2, 3), -counted(2, 3)]
    same(run_op("stack", values=parts, axis=np.int32(axis)), np.stack(parts, axis))


def test_padding_of_a_row_by_each_mode(run_op):
    x = np.array([1, 2, 3], np.float32)
    for mode, expected in {
        "constant": [9, 9, 1, 2, 3, 9],
        "reflect": [3, 2, 1, 2, 3, 2],
        "replicate": [1, 1, 1, 2, 3, 3],
    }.items():
        y = run_op("pad", x=x, pad=ints(2, 1), mode=mode, constant_val=np.float32(9))
        same(y, expected)


@pytest.mark.parametrize(("mode", "numpy_mode"), [("reflect", "reflect"), ("replicate", "edge")])
def test_the_last_axes_are_padded_as_numpy_pads(run_op, mode, numpy_mode):
    x = counted(2, 3, 4, 5)
    y = run_op("pad", x=x, pad=ints(1, 2, 3, 4), mode=mode)
    same(y, np.pad(x, [(0, 0), (0, 0), (1, 2), (3, 4)], numpy_mode))


def test_integers_are_padded_with_integers(run_op):
    same(run_op("pad", x=ints(1, 2), pad=ints(0, 1), constant_val=np.int32(7)), [1, 2, 7])


@pytest.mark.parametrize(
    ("pad", "mode"), [((1, 2, 3), "constant"), ((-1, 0), "constant"), ((0, 3), "reflect")]
)
def test_impossible_padding_is_refused(run_op, pad, mode):
    with pytest.raises(InvalidProgram, match="pad"):
        run_op("pad", x=counted(3), pad=ints(*pad), mode=mode)


def test_an_unknown_padding_mode_is_refused(run_op):
    with pytest.raises(InvalidProgram, match="'circular'"):
        run_op("pad", x=counted(3), pad=ints(1, 1), mode="circular")


def test_depth_to_space_and_pixel_shuffle_order_channels_differently(run_op):
    x = np.arange(8, dtype=np.float32).reshape(1, 8, 1, 1)  # two channels of 2 x 2
    y = run_op("depth_to_space", x=x, block_size=np.int32(2))
    same(y[0], [[[0, 2], [4, 6]], [[1, 3], [5, 7]]])
    y = run_op("pixel_shuffle", x=x, upscale_factor=np.int32(2))
    same(y[0], [[[0, 1], [2, 3]], [[4, 5], [6, 7]]])


def test_depth_to_space_agrees_with_tensorflow_and_space_to_depth_undoes_it(run_op):
    import tensorflow as tf

    x = counted(2, 18, 3, 5)
    y = run_op("depth_to_space", x=x, block_size=np.int32(3))
    expected = tf.nn.depth_to_space(x.transpose(0, 2, 3, 1), 3)
    same(y, np.moveaxis(expected.numpy(), 3, 1))
    same(run_op("space_to_depth", x=y, block_size=np.int32(3)), x)


def test_space_to_depth_takes_blocks_in_reading_order(run_op):
    y = run_op("space_to_depth", x=counted(1, 1, 2, 2), block_size=np.int32(2))
    same(y[0, :, 0, 0], [0, 1, 2, 3])


def test_pixel_shuffle_agrees_with_its_definition(run_op):
    x = counted(2, 8, 3, 5)
    y = run_op("pixel_shuffle", x=x, upscale_factor=np.int32(2))
    for c, h, w in np.ndindex(2, 6, 10):
        assert y[1, c, h, w] == x[1, 4 * c + 2 * (h % 2) + w % 2, h // 2, w // 2]


def test_blocks_that_do_not_fit_are_refused(run_op):
    with pytest.raises(InvalidProgram, match="does not divide"):
        run_op("space_to_depth", x=counted(1, 1, 3, 4), block_size=np.int32(2))
    with pytest.raises(InvalidProgram, match="block size"):
        run_op("depth_to_space", x=counted(1, 4, 3, 4), block_size=np.int32(0))
