import dataclasses

import numpy as np
import pytest

from conversion.errors import InvalidInput
from conversion.export.feeds import encode, feeds
from conversion.interface import (
    Port,
    Ports,
    byte_interface,
    image_interface,
    tensor_interface,
)
from training import pixels

SIZE = (2, 3)
HINTED = Ports(hints=True, layer=True)


def port(**changes: object) -> Port:
    usual = Port(
        name="lineart",
        kind="tensor",
        shape=(1, 2, 3, 1),
        layout="NHWC",
        dtype="float32",
        colors="gray",
        scale=0.5,
        bias=-10.0,
    )
    return dataclasses.replace(usual, **changes)


@pytest.fixture
def hints() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (*SIZE, 4), np.uint8)


def test_a_pixel_becomes_pixel_times_scale_plus_bias():
    lineart = np.array([[0, 20, 255], [1, 2, 3]], np.uint8)
    value = encode(lineart, port())
    assert (value.shape, value.dtype) == ((1, 2, 3, 1), np.float32)
    np.testing.assert_array_equal(value[0, ..., 0], [[-10, 0, 117.5], [-9.5, -9, -8.5]])


def test_a_byte_is_rounded_and_kept_in_its_range():
    lineart = np.array([[0, 1, 254], [255, 2, 3]], np.uint8)
    bytes_ = encode(lineart, port(dtype="uint8", scale=1.01, bias=-0.6))
    assert bytes_.dtype == np.uint8
    # -0.6, 0.41, 255.94; 256.95, 1.42, 2.43
    np.testing.assert_array_equal(bytes_[0, ..., 0], [[0, 0, 255], [255, 1, 2]])


def test_colours_fade_with_their_mask_where_a_port_says_so():
    hints = np.array([[[20, 40, 255, 255], [20, 40, 255, 51], [20, 40, 255, 0]]], np.uint8)
    value = encode(hints, port(shape=(1, 1, 3, 4), colors="rgb_mask"))
    # 0, 10, 117.5 times 1, 0.2 and 0
    expected = [[0, 10, 117.5, 1], [0, 2, 23.5, 0.2], [0, 0, 0, 0]]
    np.testing.assert_allclose(value[0, 0], expected, rtol=1e-6)
    first = encode(hints, port(shape=(1, 4, 1, 3), colors="rgb_mask", layout="NCHW"))
    np.testing.assert_array_equal(first[0, :, 0].T, value[0, 0])


def test_float_tensors_are_what_the_network_was_trained_on(hints):
    lineart = np.arange(6, dtype=np.uint8).reshape(SIZE)
    given = feeds(tensor_interface(SIZE, HINTED), lineart, hints)
    assert list(given) == ["lineart", "hints"]
    ONE_ROUNDING = 2**-22
    expected = pixels.hints_to_unit_range(hints)[np.newaxis]
    np.testing.assert_allclose(given["hints"], expected, atol=ONE_ROUNDING)


def test_bytes_are_passed_on_as_they_are(hints):
    given = feeds(byte_interface(SIZE, HINTED), np.zeros(SIZE, np.uint8), hints)
    np.testing.assert_array_equal(given["hints"][0], hints)
    assert given["hints"].dtype == np.uint8


def test_core_ml_takes_hints_as_two_pictures(hints):
    lineart = np.zeros(SIZE, np.uint8)
    given = feeds(image_interface(SIZE, HINTED), lineart, hints)
    assert list(given) == ["lineart", "hint_color", "hint_mask"]
    np.testing.assert_array_equal(given["hint_color"], hints[..., :3])
    np.testing.assert_array_equal(given["hint_mask"], hints[..., 3])


def test_no_hints_are_a_mask_of_zeros():
    given = feeds(image_interface(SIZE, HINTED), np.zeros(SIZE, np.uint8))
    assert not given["hint_mask"].any()


@pytest.mark.parametrize(
    ("lineart", "hints", "said"),
    [
        ((3, 2), (2, 3, 4), r"'lineart': expected a picture of \(2, 3\) .* received \(3, 2\)"),
        ((2, 3), (2, 3, 3), r"'hints': expected a picture of \(2, 3, 4\) .* \(2, 3, 3\)"),
    ],
)
def test_pictures_of_another_size_are_refused(lineart, hints, said):
    interface = tensor_interface(SIZE, HINTED)
    with pytest.raises(InvalidInput, match=said):
        feeds(interface, np.zeros(lineart, np.uint8), np.zeros(hints, np.uint8))


def test_hints_are_refused_where_none_are_taken(hints):
    with pytest.raises(InvalidInput, match="takes line art alone; received hints. Leave them out"):
        feeds(tensor_interface(SIZE), np.zeros(SIZE, np.uint8), hints)
