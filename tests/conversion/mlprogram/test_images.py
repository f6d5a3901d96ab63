"""Pictures to tensors and back."""

import numpy as np
import pytest
from PIL import Image

from conversion.errors import InvalidInput
from conversion.mlprogram.images import to_picture, to_tensor
from conversion.mlprogram.interface import ImageFeature

RED, BLUE = (250, 10, 20), (1, 2, 200)


def feature(color):
    return ImageFeature("picture", "", color, width=3, height=2)


def colored():
    image = Image.new("RGB", (3, 2), RED)
    image.putpixel((2, 1), BLUE)  # x = 2, y = 1
    return image


def test_rgb_comes_as_channels_of_raw_values():
    tensor = to_tensor(colored(), feature=feature("RGB"))
    assert (tensor.shape, tensor.dtype) == ((1, 3, 2, 3), np.float32)
    np.testing.assert_array_equal(tensor[0, :, 0, 0], RED)
    np.testing.assert_array_equal(tensor[0, :, 1, 2], BLUE)


def test_bgr_comes_in_reverse_order():
    tensor = to_tensor(colored(), feature=feature("BGR"))
    np.testing.assert_array_equal(tensor[0, :, 1, 2], BLUE[::-1])


def test_greys_come_as_one_channel():
    image = Image.fromarray(np.array([[0, 128, 255], [1, 2, 3]], np.uint8))
    tensor = to_tensor(image, feature=feature("GRAYSCALE"))
    np.testing.assert_array_equal(tensor, [[[[0, 128, 255], [1, 2, 3]]]])


@pytest.mark.parametrize("color", ["RGB", "BGR"])
def test_a_colour_picture_survives_the_way_there_and_back(color):
    tensor = to_tensor(colored(), feature=feature(color))
    back = to_picture(tensor, feature=feature(color))
    assert back.mode == "RGBA"  # as coremltools makes of Core ML's pixel buffers
    np.testing.assert_array_equal(np.asarray(back)[..., :3], np.asarray(colored()))
    np.testing.assert_array_equal(np.asarray(back)[..., 3], 255)


def test_float_greys_keep_their_fractions():
    image = Image.fromarray(np.array([[0.25, -1, 3], [0, 0, 0]], np.float32))
    tensor = to_tensor(image, feature=feature("GRAYSCALE_FLOAT16"))
    back = to_picture(tensor, feature=feature("GRAYSCALE_FLOAT16"))
    assert back.mode == "F"
    np.testing.assert_array_equal(np.asarray(back), np.asarray(image))


def test_values_are_rounded_to_nearest_and_clipped_and_nan_is_black():
    tensor = np.array([[[[-3, 0.4, 0.6], [254.6, 300, np.nan]]]], np.float32)
    picture = to_picture(tensor, feature=feature("GRAYSCALE"))
    np.testing.assert_array_equal(np.asarray(picture), [[0, 0, 1], [255, 255, 0]])
    endless = np.array([[[[np.inf, -np.inf, 2.5], [3.5, 0, 0]]]], np.float32)
    picture = to_picture(endless, feature=feature("GRAYSCALE"))
    np.testing.assert_array_equal(np.asarray(picture), [[255, 0, 2], [4, 0, 0]])


@pytest.mark.parametrize("color", ["RGB", "GRAYSCALE"])
def test_pixels_equal_the_picture_they_are_of(color):
    picture = colored() if color == "RGB" else colored().convert("L")
    by_pixels = to_tensor(np.asarray(picture), feature=feature(color))
    np.testing.assert_array_equal(by_pixels, to_tensor(picture, feature=feature(color)))


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (3, 2)),
        Image.new("RGBA", (3, 2)),
        Image.new("RGB", (2, 3)),
        np.zeros((2, 3, 4), np.uint8),
        np.zeros((2, 3, 3), np.float32),
        "picture.png",
    ],
)
def test_other_pictures_are_refused_and_nothing_is_resized(picture):
    with pytest.raises(InvalidInput, match="expected .*; received .*nothing is resized"):
        to_tensor(picture, feature=feature("RGB"))
