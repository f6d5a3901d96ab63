"""Padding rules of sliding windows, by hand and as properties."""

import math

from hypothesis import given
from hypothesis import strategies as st

from conversion.mlprogram.windows import ceil_mode_extra, window_pads

lengths = st.integers(1, 40)


def pads(pad_type, size, extent, stride):
    before, after = window_pads(pad_type, None, sizes=[size], extents=[extent], strides=[stride])
    return before[0], after[0]


def test_same_padding_by_hand():
    # 5 pixels, windows of 4, stride 2: 3 windows cover (3 - 1) * 2 + 4 = 8 = 1 + 5 + 2.
    assert pads("same", 5, 4, 2) == (1, 2)
    assert pads("same_lower", 5, 4, 2) == (2, 1)
    # Nothing is padded where windows are narrower than their stride.
    assert pads("same", 6, 1, 2) == (0, 0)


@given(lengths, lengths, lengths)
def test_same_padding_makes_size_over_stride_windows(size, extent, stride):
    before, after = pads("same", size, extent, stride)
    assert 0 <= after - before <= 1
    windows = (size + before + after - extent) // stride + 1
    assert windows == math.ceil(size / stride)


@given(lengths, lengths, lengths)
def test_ceil_mode_loses_no_pixel_between_windows(size, extent, stride):
    extent = min(extent, size)
    (extra,) = ceil_mode_extra([0], [0], sizes=[size], extents=[extent], strides=[stride])
    windows = (size + extra - extent) // stride + 1
    assert windows == math.ceil((size - extent) / stride) + 1
    assert extra < stride
