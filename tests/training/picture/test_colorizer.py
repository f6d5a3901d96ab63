from types import SimpleNamespace

import numpy as np
import pytest

from training.models.unet import unet
from training.picture.colorizer import colorize_pixels, pad_with_paper, paint_pixels


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [((32, 32), (32, 32)), ((1, 1), (32, 32)), ((33, 70), (40, 72)), ((5, 40), (32, 40))],
)
def test_padding_reaches_the_next_multiple_and_never_less_than_the_minimum(drawn, expected):
    padded, _, _ = pad_with_paper(np.zeros(drawn, np.uint8), multiple=8, minimum=32)
    assert padded.shape == expected
    assert (padded == 0).sum() == drawn[0] * drawn[1]
    assert set(np.unique(padded)) <= {0, 255}


def test_pixels_are_scaled_painted_and_rounded():
    net = unet(width=4, depth=3, dropout=0.5, seed=0)
    lineart = np.random.default_rng(0).integers(0, 256, (3, 8, 16)).astype(np.uint8)
    unit = net(lineart[..., np.newaxis].astype(np.float64) / 127.5 - 1).numpy()
    expected = np.round((unit.astype(np.float64) + 1) * 127.5)
    painted = colorize_pixels(net, lineart, batch_size=2)
    assert painted.dtype == np.uint8
    # float32 may fall on the other side of a half.
    assert np.abs(painted - expected).max() <= 1
    assert (painted == expected).mean() > 0.99


class Hinted:
    """A generator that paints its hints as a layer, and grey where there are none."""

    inputs = ("lineart", "hints")
    layers = (SimpleNamespace(name="layer"),)

    def predict(self, inputs, *, batch_size, verbose):
        _, hints = inputs
        return hints[..., :3]


def hinted_drawing():
    drawing = np.full((1, 32, 64), 255, np.uint8)
    drawing[..., 20] = 0
    hints = np.zeros((1, 32, 64, 4), np.uint8)
    hints[:, 3:30, 5:40] = (200, 30, 90, 255)
    return drawing, hints


def test_hints_reach_the_generator_and_its_layer_lies_under_the_ink():
    drawing, hints = hinted_drawing()
    color = colorize_pixels(Hinted(), drawing, hints)
    expected = np.where(hints[..., 3:] > 0, hints[..., :3], 128)
    expected[..., 20, :] = 0
    np.testing.assert_array_equal(color, expected)
    np.testing.assert_array_equal(paint_pixels(Hinted(), drawing, hints)[0, 3, 20], (200, 30, 90))


def test_without_hints_a_generator_that_takes_them_is_given_none():
    drawing, _ = hinted_drawing()
    color = colorize_pixels(Hinted(), drawing)
    assert set(np.unique(color)) == {0, 128}
