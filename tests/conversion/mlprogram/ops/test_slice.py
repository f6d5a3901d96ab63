"""Slices and windows, by hand and against NumPy; at constant places and at computed ones."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

X = np.arange(60, dtype=np.float32).reshape(3, 4, 5)
KINDS = pytest.mark.parametrize("computed", [(), ("begin", "end", "size")])


def places(*numbers):
    return np.array(numbers, np.int32)


@KINDS
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"begin": places(1, 0, 2), "end": places(3, 2, 5)}, X[1:3, 0:2, 2:5]),
        ({"begin": places(0, -1, -1), "end": places(3, 0, -4), "stride": places(2, -1, -2)},
         X[0:3:2, -1:0:-1, -1:-4:-2]),
        ({"begin": places(2, 9, 1), "end": places(0, 9, 9), "stride": places(-1, -2, 1),
          "begin_mask": [False, True, False], "end_mask": [True, True, False]},
         X[2::-1, ::-2, 1:9]),
        ({"begin": places(-1, 1, 0), "end": places(0, 0, 5),
          "squeeze_mask": [True, True, False]}, X[-1, 1, 0:5]),
    ],
)  # fmt: skip
def test_slice_by_index_is_numpys_slice(run_op, inputs, expected, computed):
    masks = {key: np.array(mask) for key, mask in inputs.items() if "mask" in key}
    y = run_op("slice_by_index", x=X, computed=computed, **{**inputs, **masks})
    np.testing.assert_array_equal(y, expected)


@KINDS
@pytest.mark.parametrize(
    ("begin", "size", "expected"),
    [
        (places(1, 0, 2), places(2, 4, 1), X[1:3, :, 2:3]),
        (places(-2, -1, 0), places(2, 1, -1), X[-2:, -1:, :]),
    ],
)
def test_slice_by_size_counts_elements(run_op, begin, size, expected, computed):
    y = run_op("slice_by_size", x=X, begin=begin, size=size, computed=computed)
    np.testing.assert_array_equal(y, expected)


@KINDS
def test_slice_update_replaces_what_the_slice_returns(run_op, computed):
    update = -np.ones((2, 2, 3), np.float32)
    begin, end, stride = places(0, 3, 1), places(2, 0, 4), places(1, -2, 1)
    y = run_op(
        "slice_update", x=X, update=update, begin=begin, end=end, stride=stride, computed=computed
    )
    expected = X.copy()
    expected[0:2, 3:0:-2, 1:4] = update
    np.testing.assert_array_equal(y, expected)


def test_slice_update_of_a_squeezed_axis(run_op):
    update = np.array([7, 8, 9, 10, 11], np.float32)
    squeeze = np.array([True, True, False])
    y = run_op(
        "slice_update", x=X, update=update, begin=places(1, -1, 0), end=places(0, 0, 5),
        squeeze_mask=squeeze,
    )  # fmt: skip
    expected = X.copy()
    expected[1, -1] = update
    np.testing.assert_array_equal(y, expected)


def test_a_stride_of_zero_is_refused(run_op):
    with pytest.raises(InvalidProgram, match="no zero"):
        run_op("slice_by_index", x=X, begin=places(0, 0, 0), end=places(1, 1, 1),
               stride=places(1, 0, 1))  # fmt: skip


def test_places_of_another_rank_are_refused(run_op):
    with pytest.raises(InvalidProgram, match="3 axes"):
        run_op("slice_by_index", x=X, begin=places(0), end=places(1))


@pytest.mark.parametrize(("axis", "size", "stride"), [(0, 2, 1), (1, 3, 1), (-1, 2, 2), (2, 5, 3)])
def test_sliding_windows_agree_with_numpy(run_op, axis, size, stride):
    y = run_op("sliding_windows", x=X, axis=axis, size=size, stride=stride)
    windows = np.lib.stride_tricks.sliding_window_view(X, size, axis=axis)  # (..., windows, size)
    axis %= 3
    picked = np.take(windows, np.arange(0, windows.shape[axis], stride), axis=axis)
    np.testing.assert_array_equal(y, np.moveaxis(picked, -1, axis + 1))


def test_crop_drops_borders(run_op):
    x = X[np.newaxis]
    y = run_op("crop", x=x, crop_height=places(1, 0), crop_width=places(2, 1))
    np.testing.assert_array_equal(y, x[:, :, 1:, 2:-1])
