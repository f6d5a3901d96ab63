from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from benchmarks.own.lessons import BATCH, teach
from benchmarks.own.nets import RANGES

SIDE, PICTURES, STEPS = 16, 6, 13


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> tuple[Path, np.ndarray]:
    """A folder of bright noise, and the same as values of 0 to 1."""
    folder = tmp_path_factory.mktemp("given")
    shape = (PICTURES, SIDE, SIDE, 3)
    pixels = np.random.default_rng(0).integers(100, 256, shape, np.uint8)
    for n, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{n}.png")
    return folder, pixels.astype(np.float32) / 255


@pytest.fixture
def net(monkeypatch) -> keras.Model:
    """One layer, too bright and of other colours than it is given."""
    picture = keras.Input((None, None, 3))
    layer = keras.layers.Conv2D(3, 1, kernel_initializer="ones")
    model = keras.Model(picture, layer(picture))
    monkeypatch.setitem(RANGES, one_layer, ((0, 1), (0, 1)))
    return model


def one_layer(side: int | None) -> keras.Model:
    """What `teach` looks the values of the net up by."""
    raise NotImplementedError


def test_it_comes_nearer_to_what_it_is_given_in_exactly_so_many_steps(given, net):
    folder, values = given
    assert STEPS * BATCH % PICTURES  # no whole number of times through the pictures
    before = np.abs(net(values) - values).mean()
    teach(net, one_layer, folder, side=SIDE, steps=STEPS)
    assert int(net.optimizer.iterations) == STEPS
    assert np.abs(net(values) - values).mean() < 0.99 * before


def test_no_steps_leave_a_net_as_it_is(given, net):
    folder, _ = given
    teach(net, one_layer, folder, side=SIDE, steps=0)
    kernel, offset = net.get_weights()
    assert (kernel == 1).all() and (offset == 0).all()
