import numpy as np
import pytest
from PIL import Image

from training import pixels
from training.models.ink import UnderInk, under_ink
from training.models.unet import unet


def test_black_ink_hides_the_colour_and_white_paper_changes_nothing():
    layer = np.float32([0.5, -0.5, 1.0]).reshape(1, 1, 1, 3).repeat(2, 2)
    lineart = np.float32([1, -1]).reshape(1, 1, 2, 1)
    color = UnderInk()(layer, lineart).numpy()[0, 0]
    np.testing.assert_array_equal(color, [[0.5, -0.5, 1.0], [-1, -1, -1]])


@pytest.mark.parametrize("cover", [0, 64, 128, 200, 255])
def test_half_covered_pixels_are_what_pillow_composes(cover):
    rgb = (240, 100, 20)
    canvas = Image.new("RGBA", (1, 1), (*rgb, 255))
    expected = Image.alpha_composite(canvas, Image.new("RGBA", (1, 1), (0, 0, 0, cover)))
    layer = pixels.to_unit_range(np.uint8(rgb).reshape(1, 1, 1, 3))
    lineart = pixels.to_unit_range(np.uint8([255 - cover]).reshape(1, 1, 1, 1))
    color = pixels.to_uint8(UnderInk()(layer, lineart).numpy())[0, 0, 0]
    # Pillow rounds within its own arithmetic: one grey level.
    assert np.abs(color.astype(int) - np.array(expected.getpixel((0, 0))[:3])).max() <= 1


def test_a_generator_under_ink_draws_exact_lines_untrained():
    net = under_ink(unet(width=2, depth=3, dropout=0.5, seed=0))
    lineart = np.ones((1, 8, 16, 1), np.float32)
    lineart[:, 3, :, 0] = -1
    color = net(lineart).numpy()
    assert color.shape == (1, 8, 16, 3)
    np.testing.assert_array_equal(color[0, 3], np.full((16, 3), -1))
    assert np.abs(color[0, :3]).max() < 1


def test_it_keeps_every_layer_of_the_generator_within_reach():
    plain = unet(width=2, depth=3, dropout=0.5, seed=0)
    names = [layer.name for layer in plain.layers]
    assert [layer.name for layer in under_ink(plain).layers][: len(names)] == names
