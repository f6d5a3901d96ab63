"""Resampling, affine maps, boxes and resizes: by hand, SciPy and TensorFlow."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from conversion.errors import InvalidProgram, OverBudget, UnsupportedOps

FLOAT32_NOISE = 1e-4
# How SciPy names what stands outside.
SCIPY = {"border": "nearest", "reflection": "mirror", "symmetric": "reflect"}


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def resample(run_op, x, coordinates, **more):
    given = {
        "sampling_mode": "bilinear", "padding_mode": "constant", "padding_value": 0.0,
        "coordinates_mode": "unnormalized", "align_corners": True, **more,
    }  # fmt: skip
    return run_op("resample", x=x, coordinates=coordinates, computed=("coordinates",), **given)


@pytest.mark.parametrize("padding_mode", SCIPY)
@pytest.mark.parametrize("sampling_mode", ["bilinear", "nearest"])
def test_resample_agrees_with_scipy(run_op, padding_mode, sampling_mode):
    x = noise(1, 1, 5, 7)
    places = np.random.default_rng(1).uniform(-9, 15, (1, 4, 6, 2)).astype(np.float32)
    y = resample(run_op, x, places, sampling_mode=sampling_mode, padding_mode=padding_mode)
    rows_and_columns = np.moveaxis(places[0].astype(np.float64), -1, 0)[::-1]
    order = int(sampling_mode == "bilinear")
    expected = map_coordinates(x[0, 0], rows_and_columns, order=order, mode=SCIPY[padding_mode])
    np.testing.assert_allclose(y[0, 0], expected, atol=FLOAT32_NOISE)


def test_a_constant_stands_outside_and_mixes_at_the_border(run_op):
    x = np.array([[[[2, 4]]]], np.float32)
    places = np.array([[[[-5, 0], [-0.5, 0], [0.5, 0], [1.5, 0]]]], np.float32)
    y = resample(run_op, x, places, padding_value=10.0)
    np.testing.assert_allclose(y.ravel(), [10, 6, 3, 7])


@pytest.mark.parametrize(
    ("mode", "align_corners", "places"),
    [
        ("normalized_minus_one_to_one", True, [-1, 0, 1]),
        ("normalized_zero_to_one", True, [0, 0.5, 1]),
        ("normalized_zero_to_one", False, [1 / 6, 0.5, 5 / 6]),
    ],
)
def test_units_of_coordinates(run_op, mode, align_corners, places):
    x = np.array([[[[1, 2, 3]]]], np.float32)
    vertical = 0.0 if mode == "normalized_minus_one_to_one" else 0.5
    coordinates = np.array([[[[place, vertical] for place in places]]], np.float32)
    y = resample(
        run_op, x, coordinates, coordinates_mode=mode, align_corners=align_corners,
        padding_mode="border",
    )  # fmt: skip
    np.testing.assert_allclose(y.ravel(), [1, 2, 3], atol=FLOAT32_NOISE)


@pytest.mark.parametrize("matrices", [1, 2])
def test_affine_identity_and_mirror(run_op, matrices):
    x = noise(2, 3, 4, 5)
    matrix = np.array([[1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, 1, 0]], np.float32)[:matrices]
    y = run_op(
        "affine", x=x, transform_matrix=matrix, output_height=4, output_width=5,
        sampling_mode="bilinear", padding_mode="constant", padding_value=0.0,
        coordinates_mode="normalized_minus_one_to_one", align_corners=True,
    )  # fmt: skip
    np.testing.assert_allclose(y[0], x[0], atol=FLOAT32_NOISE)
    expected = x[1] if matrices == 1 else x[1, :, :, ::-1]
    np.testing.assert_allclose(y[1], expected, atol=FLOAT32_NOISE)


PICTURE = np.arange(1, 17, dtype=np.float32).reshape(1, 1, 4, 4)


@pytest.mark.parametrize(("size", "expected"), [(1, [8.5]), (2, [6, 7, 10, 11])])
def test_a_box_from_corner_to_corner(run_op, size, expected):
    boxes = np.array([[1, 1, 2, 2]], np.float32)
    y = run_op(
        "crop_resize", x=PICTURE, boxes=boxes, target_height=size, target_width=size,
        sampling_mode="ALIGN_CORNERS",
    )  # fmt: skip
    np.testing.assert_allclose(y.ravel(), expected)
    roi = boxes.reshape(1, 1, 4, 1, 1)
    older = run_op(
        "crop_resize", opset="CoreML6", x=PICTURE, roi=roi, target_height=size,
        target_width=size, sampling_mode="ALIGN_CORNERS",
    )  # fmt: skip
    np.testing.assert_array_equal(older, y.reshape(1, 1, 1, size, size))


def test_boxes_agree_with_tensorflow(run_op):
    import tensorflow as tf

    x = noise(3, 2, 6, 8)
    boxes = np.random.default_rng(2).uniform(-0.2, 1.2, (5, 4)).astype(np.float32)
    images = np.array([2, 0, 1, 1, 2], np.int32)
    y = run_op(
        "crop_resize", x=x, boxes=boxes, box_indices=images, target_height=3, target_width=4,
        normalized_coordinates=True, sampling_mode="ALIGN_CORNERS", pad_value=-7.0,
    )  # fmt: skip
    expected = tf.image.crop_and_resize(
        np.moveaxis(x, 1, -1), boxes, images, (3, 4), extrapolation_value=-7.0
    )
    np.testing.assert_allclose(y, np.moveaxis(expected, -1, 1), atol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("mode", "box"),
    [
        ("CORNERS_HEIGHT_FIRST", [0, 1, 2, 3]),
        ("CORNERS_WIDTH_FIRST", [1, 0, 3, 2]),
        ("CENTER_SIZE_HEIGHT_FIRST", [1, 2, 2, 2]),
        ("CENTER_SIZE_WIDTH_FIRST", [2, 1, 2, 2]),
    ],
)
def test_one_box_in_every_notation(run_op, mode, box):
    y = run_op(
        "crop_resize", x=PICTURE, boxes=np.array([box], np.float32), target_height=3,
        target_width=3, box_coordinate_mode=mode, sampling_mode="STRICT_ALIGN_CORNERS",
    )  # fmt: skip
    np.testing.assert_allclose(y[0, 0], PICTURE[0, 0, :3, 1:], atol=FLOAT32_NOISE)


@pytest.mark.parametrize("mode", ["DEFAULT", "UNALIGN_CORNERS", "OFFSET_CORNERS"])
def test_a_box_of_the_whole_picture_is_resize_bilinear(run_op, mode):
    x = noise(1, 2, 4, 4)
    sizes = {"target_size_height": 6, "target_size_width": 3}
    expected = run_op("resize_bilinear", x=x, sampling_mode=mode, **sizes)
    boxes = np.array([[0, 0, 3, 3]], np.float32)
    y = run_op("crop_resize", x=x, boxes=boxes, target_height=6, target_width=3, sampling_mode=mode)
    np.testing.assert_allclose(y, expected, atol=FLOAT32_NOISE)


def test_every_box_of_four_numbers_is_cut_from_every_picture(run_op):
    x = noise(2, 3, 4, 4)
    roi = np.array([[0, 0, 1, 1], [1, 1, 2, 2]], np.float32).reshape(2, 1, 4, 1, 1)
    y = run_op(
        "crop_resize", opset="CoreML5", x=x, roi=roi, target_height=2, target_width=2,
        sampling_mode="ALIGN_CORNERS",
    )  # fmt: skip
    expected = np.stack([x[:, :, :2, :2], x[:, :, 1:3, 1:3]])
    np.testing.assert_allclose(y, expected, atol=FLOAT32_NOISE)


def test_unknown_names_are_refused(run_op):
    boxes = np.zeros((1, 4), np.float32)
    with pytest.raises(InvalidProgram, match="box_coordinate_mode"):
        run_op("crop_resize", x=PICTURE, boxes=boxes, box_coordinate_mode="POLAR")
    with pytest.raises(InvalidProgram, match="sampling_mode"):
        run_op("crop_resize", x=PICTURE, boxes=boxes, sampling_mode="POLAR")
    places = np.zeros((1, 1, 1, 2), np.float32)
    for name in ("sampling_mode", "padding_mode", "coordinates_mode"):
        with pytest.raises(InvalidProgram, match=name):
            resample(run_op, PICTURE, places, **{name: "polar"})


@pytest.mark.parametrize("computed", [(), ("shape",)])
@pytest.mark.parametrize("mode", ["LINEAR", "NEAREST_NEIGHBOR"])
def test_resize_keeps_sizes_of_zero(run_op, computed, mode):
    x = np.array([0, 1], np.float32).reshape(1, 1, 1, 2)
    y = run_op(
        "resize", x=x, shape=np.array([1, 0, 5], np.int32), resized_dims=np.uint32(2),
        interpolation_mode=mode, computed=computed,
    )  # fmt: skip
    expected = [0, 0.4, 0.8, 1, 1] if mode == "LINEAR" else [0, 0, 0, 1, 1]
    np.testing.assert_allclose(y, np.array(expected, np.float32).reshape(1, 1, 1, 5), atol=1e-6)


def test_resize_of_more_than_pictures_is_refused(run_op):
    with pytest.raises(UnsupportedOps, match="last two axes"):
        run_op("resize", x=PICTURE, shape=np.array([2, 4, 4]), resized_dims=3)


def test_pictures_larger_than_any_are_refused(run_op):
    with pytest.raises(InvalidProgram, match="target sizes"):
        run_op("crop_resize", x=PICTURE, boxes=np.zeros((1, 4), np.float32), target_height=2**30)
    with pytest.raises(OverBudget, match="wants 98304.0 GiB"):
        run_op(
            "affine", x=PICTURE, transform_matrix=np.zeros((1, 6), np.float32),
            output_height=2**20, output_width=2**20, sampling_mode="bilinear",
            padding_mode="constant", padding_value=0.0,
            coordinates_mode="normalized_minus_one_to_one", align_corners=True,
        )  # fmt: skip
