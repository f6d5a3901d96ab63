"""Convolutions, by hand, by loops over the definition, and against TensorFlow."""

import itertools

import numpy as np
import pytest

from conversion.errors import InvalidProgram

# Sums of at most 100 float32 products of numbers about 1.
FLOAT32_NOISE = 1e-4


def noise(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def conv_by_definition(x, weight, *, strides, dilations, before, after, groups=1):
    """Return the MIL definition, one output pixel after another, in float64."""
    padded = np.pad(x.astype(np.float64), [(0, 0), (0, 0), *zip(before, after, strict=True)])
    kernel = weight.shape[2:]
    extents = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
    sizes = [(n - e) // s + 1 for n, e, s in zip(padded.shape[2:], extents, strides, strict=True)]
    out = np.zeros((x.shape[0], weight.shape[0], *sizes))
    per_group_in, per_group_out = weight.shape[1], weight.shape[0] // groups
    for channel in range(weight.shape[0]):
        first = channel // per_group_out * per_group_in
        for place in itertools.product(*map(range, sizes)):
            window = padded[:, first : first + per_group_in]
            for axis, (p, s, d, e) in enumerate(
                zip(place, strides, dilations, extents, strict=True)
            ):
                window = window.take(range(p * s, p * s + e, d), axis=axis + 2)
            total = (window * weight[channel]).sum(axis=tuple(range(1, window.ndim)))
            out[(slice(None), channel, *place)] = total
    return out


def conv_transpose_by_definition(x, weight, *, strides, dilations, groups=1):
    """Return the sum of all stamps of the kernel, nothing cropped, in float64."""
    kernel, per_group = weight.shape[2:], weight.shape[1]
    sizes = [
        (n - 1) * s + (k - 1) * d + 1
        for n, s, k, d in zip(x.shape[2:], strides, kernel, dilations, strict=True)
    ]
    out = np.zeros((x.shape[0], per_group * groups, *sizes))
    for place in itertools.product(*map(range, x.shape[2:])):
        for tap in itertools.product(*map(range, kernel)):
            target = [
                p * s + t * d for p, s, t, d in zip(place, strides, tap, dilations, strict=True)
            ]
            for channel in range(x.shape[1]):
                group = channel // (x.shape[1] // groups)
                stamp = np.outer(
                    x[(slice(None), channel, *place)], weight[(channel, slice(None), *tap)]
                )
                out[(slice(None), slice(group * per_group, (group + 1) * per_group), *target)] += (
                    stamp
                )
    return out


def test_a_kernel_is_laid_over_the_image_without_being_flipped(run_op):
    x = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3)  # 0 1 2 / 3 4 5
    weight = np.array([[[[1, 10]]]], np.float32)
    y = run_op("conv", x=x, weight=weight, bias=np.array([100], np.float32))
    np.testing.assert_array_equal(y[0, 0], [[110, 121], [143, 154]])


def test_same_padding_with_stride_two_puts_the_odd_pixel_after(run_op):
    x = np.array([[[1, 2, 3, 4]]], np.float32)  # 1-D; 3 taps need 1 more pixel
    weight = np.ones((1, 1, 3), np.float32)
    two = np.array([2], np.int32)
    y = run_op("conv", x=x, weight=weight, strides=two, pad_type="same")
    np.testing.assert_array_equal(y[0, 0], [6, 7])  # 1+2+3, 3+4+0
    y = run_op("conv", x=x, weight=weight, strides=two, pad_type="same_lower")
    np.testing.assert_array_equal(y[0, 0], [3, 9])  # 0+1+2, 2+3+4


@pytest.mark.parametrize("pad_type", ["valid", "same", "same_lower", "custom"])
@pytest.mark.parametrize(("strides", "dilations"), [((1, 1), (1, 1)), ((2, 3), (1, 2))])
@pytest.mark.parametrize("groups", [1, 2])
def test_conv_is_its_definition(run_op, pad_type, strides, dilations, groups):
    x, weight, bias = noise(2, 4, 9, 11), noise(6, 4 // groups, 4, 3), noise(6)
    extents = [(k - 1) * d + 1 for k, d in zip((4, 3), dilations, strict=True)]
    totals = [
        max(0, (-(-n // s) - 1) * s + e - n)
        for n, s, e in zip((9, 11), strides, extents, strict=True)
    ]
    small, large = [t // 2 for t in totals], [t - t // 2 for t in totals]
    before, after = {
        "valid": ([0, 0], [0, 0]),
        "same": (small, large),
        "same_lower": (large, small),
        "custom": ([1, 0], [2, 3]),
    }[pad_type]
    y = run_op(
        "conv",
        x=x,
        weight=weight,
        bias=bias,
        strides=np.array(strides, np.int32),
        pad_type=pad_type,
        pad=np.array([1, 2, 0, 3], np.int32),
        dilations=np.array(dilations, np.int32),
        groups=np.int32(groups),
    )
    expected = conv_by_definition(
        x, weight, strides=strides, dilations=dilations, before=before, after=after, groups=groups
    )
    np.testing.assert_allclose(y, expected + bias[:, None, None], atol=FLOAT32_NOISE)


def test_conv_takes_volumes_and_depthwise_filters(run_op):
    x, weight = noise(1, 3, 4, 5, 6), noise(6, 1, 2, 3, 2)
    y = run_op("conv", x=x, weight=weight, groups=np.int32(3))
    ones, none = (1, 1, 1), (0, 0, 0)
    expected = conv_by_definition(
        x, weight, strides=ones, dilations=ones, before=none, after=none, groups=3
    )
    np.testing.assert_allclose(y, expected, atol=FLOAT32_NOISE)


def test_same_convolutions_agree_with_tensorflow(run_op):
    import tensorflow as tf

    x, weight = noise(1, 3, 9, 14), noise(5, 3, 4, 4)
    y = run_op("conv", x=x, weight=weight, strides=np.array([2, 2], np.int32), pad_type="same")
    expected = tf.nn.conv2d(x.transpose(0, 2, 3, 1), weight.transpose(2, 3, 1, 0), 2, "SAME")
    np.testing.assert_allclose(y, np.moveaxis(expected.numpy(), 3, 1), atol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pad_type": "around"},
        {"strides": np.array([0, 1], np.int32)},
        {"strides": np.array([1], np.int32)},
        {"dilations": np.array([1, -1], np.int32)},
        {"groups": np.int32(2)},
        {"groups": np.int32(0)},
        {"pad_type": "custom", "pad": np.array([1, 1], np.int32)},
        {"pad_type": "custom", "pad": np.array([1, 1, -1, 0], np.int32)},
        {"bias": np.zeros(4, np.float32)},
        {"weight": noise(5, 3, 4)},
        {"filters": noise(5, 3, 4, 4)},
    ],
)
def test_conv_refuses_what_contradicts_itself(run_op, wrong):
    with pytest.raises(InvalidProgram, match="expected"):
        run_op("conv", **{"x": noise(1, 3, 9, 14), "weight": noise(5, 3, 4, 4), **wrong})


def test_a_transposed_convolution_stamps_its_kernel(run_op):
    x = np.array([[[1, 2]]], np.float32)
    weight = np.array([[[1, 10, 100]]], np.float32)
    y = run_op("conv_transpose", x=x, weight=weight, strides=np.array([2], np.int32))
    np.testing.assert_array_equal(y[0, 0], [1, 10, 102, 20, 200])


@pytest.mark.parametrize(("strides", "dilations"), [((1, 1), (1, 1)), ((2, 3), (2, 1))])
@pytest.mark.parametrize("groups", [1, 2])
def test_conv_transpose_is_its_definition_cropped(run_op, strides, dilations, groups):
    x, weight, bias = noise(2, 4, 3, 5), noise(4, 3, 3, 4), noise(3 * groups)
    full = conv_transpose_by_definition(
        x, weight, strides=strides, dilations=dilations, groups=groups
    )
    full += bias[:, None, None]
    keywords = {
        "x": x,
        "weight": weight,
        "bias": bias,
        "strides": np.array(strides, np.int32),
        "dilations": np.array(dilations, np.int32),
        "groups": np.int32(groups),
    }
    valid = run_op("conv_transpose", **keywords)
    np.testing.assert_allclose(valid, full, atol=FLOAT32_NOISE)
    pad = np.array([1, 0, 0, 2], np.int32)
    custom = run_op("conv_transpose", **keywords, pad_type="custom", pad=pad)
    np.testing.assert_allclose(custom, full[:, :, 1:, :-2], atol=FLOAT32_NOISE)


@pytest.mark.parametrize("kernel", [2, 3, 4, 5])
@pytest.mark.parametrize("sizes", [(6, 10), (5, 9), None])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_conv_transpose_agrees_with_tensorflow(run_op, kernel, sizes, padding):
    import tensorflow as tf

    if padding == "VALID":  # sizes that a valid convolution maps to 3 and 5
        sizes = tuple(2 * (n - 1) + kernel + odd for n, odd in ((3, 1), (5, 0)))
    x, weight = noise(1, 4, 3, 5), noise(4, 3, kernel, kernel)
    shape = [1, *(sizes or (6, 10)), 3]
    expected = tf.nn.conv2d_transpose(
        x.transpose(0, 2, 3, 1), weight.transpose(2, 3, 1, 0), shape, 2, padding
    )
    named = {} if sizes is None else {"output_shape": np.array([1, 3, *sizes], np.int32)}
    y = run_op(
        "conv_transpose",
        x=x,
        weight=weight,
        strides=np.array([2, 2], np.int32),
        pad_type=padding.lower(),
        **named,
    )
    np.testing.assert_allclose(y, np.moveaxis(expected.numpy(), 3, 1), atol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"output_shape": np.array([1, 3, 99, 10], np.int32)},
        {"output_shape": np.array([1, 2, 6, 10], np.int32)},
        {"output_shape": np.array([1, 3, 0, 10], np.int32)},
        {"pad_type": "same_lower"},
        {"weight": noise(3, 3, 4, 4)},
        {"pad_type": "custom", "pad": np.array([9, 9, 9, 9], np.int32)},
        {"groups": np.int32(3)},
    ],
)
def test_conv_transpose_refuses_what_contradicts_itself(run_op, wrong):
    given = {"x": noise(1, 4, 3, 5), "weight": noise(4, 3, 4, 4), "pad_type": "same"}
    given["strides"] = np.array([2, 2], np.int32)
    with pytest.raises(InvalidProgram, match="expected"):
        run_op("conv_transpose", **{**given, **wrong})
