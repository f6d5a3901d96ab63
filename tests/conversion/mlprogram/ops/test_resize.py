"""Resizing, by hand, by the grids of the MIL definition, and against TensorFlow."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

# Products of float32 weights and numbers about 1.
FLOAT32_NOISE = 1e-5


def noise(*shape):
    return np.random.default_rng(6).normal(size=shape).astype(np.float32)


def sizes(height, width):
    return {"target_size_height": np.int32(height), "target_size_width": np.int32(width)}


def grid(mode, size, target):
    """Return the places that the MIL documentation of resize_bilinear gives, in float64."""
    i = np.arange(target, dtype=np.float64)
    if mode == "ALIGN_CORNERS" and target == 1:
        return np.array([(size - 1) / 2])
    if mode in ("STRICT_ALIGN_CORNERS", "ALIGN_CORNERS"):
        spacing = (size - 1) / (target - 1) if target > 1 else 0
        places = i * spacing
    elif mode == "DEFAULT":
        spacing = (size - size / target) / (target - 1) if target > 1 else 0
        places = i * spacing
    elif mode == "OFFSET_CORNERS":
        delta = max(1, size - 1) / target
        places = 0.5 * delta + i * delta
    else:
        spacing = size / target
        places = i * spacing + 0.5 * spacing - 0.5
    return np.minimum(size - 1, np.maximum(0, places))


def bilinear_by_definition(x, mode, height, width):
    rows, columns = grid(mode, x.shape[-2], height), grid(mode, x.shape[-1], width)
    flat = x.astype(np.float64).reshape(-1, *x.shape[-2:])
    out = [
        [[np.interp(c, range(x.shape[-1]), lines) for c in columns] for lines in _rows(image, rows)]
        for image in flat
    ]
    return np.array(out).reshape(*x.shape[:-2], height, width)


def _rows(image, places):
    """Return the image's lines at fractional places."""
    columns = [np.interp(places, range(len(column)), column) for column in image.T]
    return np.array(columns).T


def test_upsampling_repeats_each_pixel(run_op):
    x = np.array([[[[1, 2]]]], np.float32)
    y = run_op(
        "upsample_nearest_neighbor",
        x=x,
        scale_factor_height=np.int32(2),
        scale_factor_width=np.int32(2),
    )
    np.testing.assert_array_equal(y[0, 0], [[1, 1, 2, 2], [1, 1, 2, 2]])


def test_fractional_factors_round_the_size_down(run_op):
    y = run_op(
        "upsample_nearest_neighbor",
        x=np.array([[[1, 2, 3]]], np.float32),
        scale_factor_height=np.float32(1),
        scale_factor_width=np.float32(1.5),
    )
    np.testing.assert_array_equal(y, [[[1, 1, 2, 3]]])  # 4 pixels; floor(i * 3 / 4)


@pytest.mark.parametrize("shape", [(2, 3, 4), (1, 2, 3, 4), (1, 2, 2, 3, 4)])
@pytest.mark.parametrize("target", [(6, 4), (7, 9), (2, 3), (3, 4)])
def test_nearest_neighbours_are_whole_number_divisions(run_op, shape, target):
    x = noise(*shape)
    rows = [i * shape[-2] // target[0] for i in range(target[0])]
    columns = [i * shape[-1] // target[1] for i in range(target[1])]
    y = run_op("resize_nearest_neighbor", x=x, **sizes(*target))
    np.testing.assert_array_equal(y, x[..., rows, :][..., columns])


def test_one_line_of_each_sampling_mode(run_op):
    """Return the table in the documentation of resize_bilinear: 0 and 1 stretched to 5."""
    x = np.array([[[0, 1]]], np.float32)
    for mode, expected in {
        "UNALIGN_CORNERS": [0, 0.1, 0.5, 0.9, 1],
        "STRICT_ALIGN_CORNERS": [0, 0.25, 0.5, 0.75, 1],
        "ALIGN_CORNERS": [0, 0.25, 0.5, 0.75, 1],
        "DEFAULT": [0, 0.4, 0.8, 1, 1],
        "OFFSET_CORNERS": [0.1, 0.3, 0.5, 0.7, 0.9],
    }.items():
        y = run_op("resize_bilinear", x=x, sampling_mode=mode, **sizes(1, 5))
        np.testing.assert_allclose(y[0, 0], expected, atol=FLOAT32_NOISE, err_msg=mode)


@pytest.mark.parametrize(
    "mode",
    ["STRICT_ALIGN_CORNERS", "ALIGN_CORNERS", "DEFAULT", "OFFSET_CORNERS", "UNALIGN_CORNERS"],
)
@pytest.mark.parametrize("target", [(7, 9), (2, 3), (1, 6), (3, 1)])
@pytest.mark.parametrize("shape", [(2, 3, 5), (1, 2, 3, 5)])
def test_bilinear_follows_the_grid_of_each_mode(run_op, mode, target, shape):
    x = noise(*shape)
    y = run_op("resize_bilinear", x=x, sampling_mode=mode, **sizes(*target))
    expected = bilinear_by_definition(x, mode, *target)
    np.testing.assert_allclose(y, expected, atol=FLOAT32_NOISE)


@pytest.mark.parametrize("align_corners", [True, False])
def test_bilinear_upsampling_agrees_with_tensorflow(run_op, align_corners):
    import tensorflow as tf

    x = noise(1, 2, 3, 5)
    y = run_op(
        "upsample_bilinear",
        x=x,
        scale_factor_height=np.int32(2),
        scale_factor_width=np.float32(1.5),
        align_corners=align_corners,
    )
    expected = tf.raw_ops.ResizeBilinear(
        images=x.transpose(0, 2, 3, 1),
        size=[6, 7],
        align_corners=align_corners,
        half_pixel_centers=not align_corners,
    )
    np.testing.assert_allclose(y, np.moveaxis(expected.numpy(), 3, 1), atol=FLOAT32_NOISE)


def test_ios16_can_sample_at_corners_instead_of_centers(run_op):
    x = noise(1, 1, 2, 3)
    y = run_op(
        "upsample_bilinear",
        x=x,
        scale_factor_height=np.int32(2),
        scale_factor_width=np.int32(2),
        align_corners=False,
        half_pixel_centers=False,
    )
    np.testing.assert_allclose(y, bilinear_by_definition(x, "DEFAULT", 4, 6), atol=FLOAT32_NOISE)


def test_ios15_has_no_choice_of_centers(run_op):
    with pytest.raises(InvalidProgram, match="half_pixel_centers"):
        run_op("upsample_bilinear", opset="CoreML5", x=noise(1, 1, 2, 3), half_pixel_centers=True)


@pytest.mark.parametrize("target", [(0, 4), (4, -1), (4, 10**6)])
def test_impossible_sizes_are_refused(run_op, target):
    with pytest.raises(InvalidProgram, match="sizes from 1 to 16384"):
        run_op("resize_bilinear", x=noise(1, 1, 2, 3), **sizes(*target))


def test_an_unknown_sampling_mode_is_refused(run_op):
    with pytest.raises(InvalidProgram, match="'CENTERED'"):
        run_op("resize_bilinear", x=noise(1, 1, 2, 3), sampling_mode="CENTERED", **sizes(4, 4))
