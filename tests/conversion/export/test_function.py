from pathlib import Path

import numpy as np
import pytest

from conversion.export.function import byte_function, image_function, tensor_function
from conversion.export.size import size_of
from conversion.interface import LINEART_TO_COLOR, Ports
from training import pixels
from training.run.checkpoint import Checkpoint, find_checkpoint
from training.run.restoring import load_generator

# Both sides compute in float32; a compiled graph may sum in another order.
ROUNDING = 1e-5
HINTED = Ports(hints=True, layer=True)


@pytest.fixture(scope="module")
def checkpoint(tiny_run: Path) -> Checkpoint:
    return find_checkpoint(tiny_run)


@pytest.fixture(scope="module")
def lineart() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.where(rng.random((1, 32, 32, 1)) < 0.2, -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def generator(checkpoint: Checkpoint):
    return load_generator(checkpoint)


@pytest.fixture(scope="module")
def expected(generator, lineart: np.ndarray) -> np.ndarray:
    return generator(lineart, training=False).numpy()


def test_the_size_is_that_of_the_training(checkpoint: Checkpoint):
    assert size_of(checkpoint) == (32, 32)


def test_the_tensor_function_is_the_generator_without_dropout(generator, lineart, expected):
    function = tensor_function(generator, LINEART_TO_COLOR, size=(32, 32))
    result, again = function(lineart), function(lineart)
    assert list(result) == ["color"]
    np.testing.assert_allclose(result["color"], expected, atol=ROUNDING)
    # Not bit by bit: with oneDNN on AVX-512 two calls have differed by 7e-7 (decision 4).
    np.testing.assert_allclose(again["color"], result["color"], atol=ROUNDING)
    # The tiny checkpoint has dropout 0.5 in its decoder: two calls in training differ far more.
    one, other = (generator(lineart, training=True).numpy() for _ in range(2))
    assert np.abs(one - other).max() > 1000 * ROUNDING


def test_the_image_function_returns_pixels_with_the_channels_first(generator, lineart, expected):
    color = image_function(generator, LINEART_TO_COLOR, size=(32, 32))(lineart).numpy()
    assert color.shape == (1, 3, 32, 32)
    np.testing.assert_allclose(
        color.transpose(0, 2, 3, 1), (expected + 1) * 127.5, atol=127.5 * ROUNDING
    )
    assert color.min() >= 0
    assert color.max() <= 255


def test_a_net_with_hints_takes_them_in_each_kind_and_returns_its_layer(hinted_runs):
    hinted = load_generator(find_checkpoint(hinted_runs["mobile"]))
    hinted.get_layer("guess_conv").bias.assign_add(np.full(12, 1.2))
    rng = np.random.default_rng(0)
    lines = rng.integers(0, 256, (1, 32, 32, 1), np.uint8)
    rgba = rng.integers(0, 256, (1, 32, 32, 4), np.uint8)
    unit = [pixels.to_unit_range(lines), pixels.hints_to_unit_range(rgba)]
    layer = hinted(unit, training=False).numpy()
    assert np.abs(layer).max() > 1  # not bounded
    of_tensors = tensor_function(hinted, HINTED, size=(32, 32))(*unit)["layer"]
    np.testing.assert_allclose(of_tensors, layer, atol=10 * ROUNDING)
    ONE_GREY_LEVEL = 1
    of_bytes = byte_function(hinted, HINTED, size=(32, 32))(lines, rgba)["layer"].numpy()
    painted = pixels.to_uint8(layer).astype(int)
    np.testing.assert_allclose(of_bytes.astype(int), painted, atol=ONE_GREY_LEVEL, rtol=0)
    # Colours where no hint is are anybody's: Core ML's picture has some everywhere.
    color, mask = pixels.to_unit_range(rgba[..., :3]), rgba[..., 3:] / np.float32(255)
    of_pictures = image_function(hinted, HINTED, size=(32, 32))(unit[0], color, mask).numpy()
    expected = np.clip((layer + 1) * 127.5, 0, 255).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(of_pictures, expected, atol=127.5 * 10 * ROUNDING)


@pytest.mark.parametrize("shape", [(2, 32, 32, 1), (1, 64, 64, 1)], ids=["batch", "size"])
def test_batch_and_size_are_fixed(generator, shape):
    function = tensor_function(generator, LINEART_TO_COLOR, size=(32, 32))
    with pytest.raises((TypeError, ValueError)):
        function(np.ones(shape, np.float32))
