"""Pools, by hand and by loops over the definition."""

import itertools

import numpy as np
import pytest

from conversion.errors import InvalidProgram, UnsupportedOps

# Sums of at most 20 float32 numbers about 1.
FLOAT32_NOISE = 1e-6


def ints(*numbers):
    return np.array(numbers, np.int32)


def noise(*shape):
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def windows(x, *, kernel, strides, before, after):
    """Return every window of x, NaN where it lies in padding: (N, C, *D, *K)."""
    padded = np.pad(
        x.astype(np.float64),
        [(0, 0), (0, 0), *zip(before, after, strict=True)],
        constant_values=np.nan,
    )
    view = np.lib.stride_tricks.sliding_window_view(padded, kernel, (2, 3))
    return view[:, :, :: strides[0], :: strides[1]]


def test_the_largest_of_each_window_wins_and_padding_never_does(run_op):
    x = -np.arange(1, 6, dtype=np.float32).reshape(1, 1, 5)
    y = run_op(
        "max_pool", x=x, kernel_sizes=ints(3), strides=ints(2), pad_type="custom", pad=ints(1, 1)
    )
    np.testing.assert_array_equal(y[0, 0], [-1, -2, -4])


def test_padding_counts_as_zeros_in_a_mean_unless_it_is_excluded(run_op):
    x = np.array([[[6, 12, 18]]], np.float32)
    keywords = {"kernel_sizes": ints(3), "strides": ints(2), "pad_type": "same"}
    included = run_op("avg_pool", x=x, **keywords)
    np.testing.assert_allclose(included[0, 0], [6, 10])
    excluded = run_op("avg_pool", x=x, exclude_padding_from_average=True, **keywords)
    np.testing.assert_allclose(excluded[0, 0], [9, 15])


def test_ceil_mode_adds_a_window_whose_extra_pixels_do_not_count(run_op):
    x = np.array([[[2, 4, 6, 8, 10, 12]]], np.float32)
    keywords = {"kernel_sizes": ints(3), "strides": ints(2), "pad_type": "valid"}
    assert run_op("avg_pool", x=x, **keywords).shape == (1, 1, 2)
    y = run_op("avg_pool", x=x, ceil_mode=True, **keywords)
    np.testing.assert_allclose(y[0, 0], [4, 8, 11])
    y = run_op("max_pool", x=x, ceil_mode=True, **keywords)
    np.testing.assert_allclose(y[0, 0], [6, 10, 12])


@pytest.mark.parametrize("pad_type", ["valid", "same", "same_lower", "custom"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 3)])
def test_pools_are_their_definition(run_op, pad_type, strides):
    x, kernel = noise(2, 3, 8, 11), (4, 3)
    totals = [
        max(0, (-(-n // s) - 1) * s + k - n)
        for n, s, k in zip((8, 11), strides, kernel, strict=True)
    ]
    small, large = [t // 2 for t in totals], [t - t // 2 for t in totals]
    before, after = {
        "valid": ([0, 0], [0, 0]),
        "same": (small, large),
        "same_lower": (large, small),
        "custom": ([1, 0], [2, 1]),
    }[pad_type]
    seen = windows(x, kernel=kernel, strides=strides, before=before, after=after)
    keywords = {
        "x": x,
        "kernel_sizes": ints(*kernel),
        "strides": ints(*strides),
        "pad_type": pad_type,
        "pad": ints(1, 2, 0, 1),
    }
    np.testing.assert_allclose(run_op("max_pool", **keywords), np.nanmax(seen, (-1, -2)))
    mean = run_op("avg_pool", **keywords)
    np.testing.assert_allclose(mean, np.nan_to_num(seen).mean((-1, -2)), atol=FLOAT32_NOISE)
    mean = run_op("avg_pool", **keywords, exclude_padding_from_average=True)
    np.testing.assert_allclose(mean, np.nanmean(seen, (-1, -2)), atol=FLOAT32_NOISE)


def test_ceil_mode_means_are_those_of_what_lies_inside_input_and_padding(run_op):
    x, kernel, stride, pad = noise(1, 2, 8, 11), 4, 3, 1
    y = run_op(
        "avg_pool",
        x=x,
        kernel_sizes=ints(kernel, kernel),
        strides=ints(stride, stride),
        pad_type="custom",
        pad=ints(pad, pad, pad, pad),
        ceil_mode=True,
    )
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    for i, j in itertools.product(range(y.shape[2]), range(y.shape[3])):
        window = padded[:, :, i * stride :, j * stride :][:, :, :kernel, :kernel]
        np.testing.assert_allclose(y[:, :, i, j], window.mean((2, 3)), atol=FLOAT32_NOISE)
    assert y.shape == (1, 2, 3, 4)


def test_windows_wholly_in_padding_are_not_guessed_at(run_op):
    with pytest.raises(UnsupportedOps, match="less than the kernel"):
        run_op(
            "max_pool",
            x=noise(1, 1, 4, 4),
            kernel_sizes=ints(2, 2),
            pad_type="custom",
            pad=ints(2, 0, 0, 0),
        )


@pytest.mark.parametrize("kernel", [ints(0, 2), ints(2), ints(-1, 1)])
def test_impossible_kernels_are_refused(run_op, kernel):
    with pytest.raises(InvalidProgram, match="kernel_sizes: expected 2 numbers"):
        run_op("avg_pool", x=noise(1, 1, 4, 4), kernel_sizes=kernel, pad_type="valid")


def test_l2_pool_of_one_to_four_with_padding_before(run_op):
    x = np.array([[1, 2], [3, 4]], np.float32).reshape(1, 1, 2, 2)
    y = run_op("l2_pool", x=x, kernel_sizes=np.array([2, 2], np.int32), pad_type="same_lower")
    np.testing.assert_allclose(y.ravel(), np.sqrt([1, 5, 10, 30]), rtol=1e-6)


def test_l2_pool_is_the_root_of_summed_squares(run_op):
    x = np.random.default_rng(3).normal(size=(2, 3, 9)).astype(np.float32)
    y = run_op(
        "l2_pool", x=x, kernel_sizes=np.array([3], np.int32), strides=np.array([2], np.int32),
        pad_type="valid",
    )  # fmt: skip
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), 3, axis=2)[:, :, ::2]
    np.testing.assert_allclose(y, np.sqrt((windows**2).sum(-1)), rtol=1e-5)
