import keras
import numpy as np
import pytest

from training.models.unet import unet


def tiny(depth=5, dropout=0.5, seed=0):
    return unet(width=4, depth=depth, dropout=dropout, seed=seed)


def test_the_reference_net_has_the_parameters_of_pix2pix():
    # 54.41 M at width 64 and depth 8, as pix2pix counts with one line art channel of input.
    assert round(unet(width=64, depth=8, dropout=0.5, seed=0).count_params() / 1e6, 2) == 54.41


def test_a_picture_keeps_its_size_and_gains_three_channels_in_the_unit_range():
    lineart = np.random.default_rng(0).uniform(-1, 1, (2, 32, 64, 1)).astype(np.float32)
    color = tiny()(lineart).numpy()
    assert color.shape == (2, 32, 64, 3)
    assert np.abs(color).max() <= 1


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_every_depth_halves_the_picture_that_often(depth):
    net = tiny(depth=depth)
    strides = [layer.strides for layer in net.layers if isinstance(layer, keras.layers.Conv2D)]
    down = [layer for layer in net.layers if type(layer) is keras.layers.Conv2D]
    assert len(down) == depth
    assert set(strides) == {(2, 2)}
    assert net(np.zeros((1, 2**depth, 2**depth, 1), np.float32)).shape == (1, 2**depth, 2**depth, 3)


def test_the_one_pixel_bottleneck_still_carries_the_drawing():
    # Batch norm of one pixel at batch 1 returns its bias whatever the drawing; ours must not.
    net = tiny()
    bottleneck = keras.Model(net.input, net.get_layer("innermost_conv").output)
    rng = np.random.default_rng(0)
    a, b = (rng.uniform(-1, 1, (1, 32, 32, 1)).astype(np.float32) for _ in range(2))
    assert bottleneck(a).shape == (1, 1, 1, 32)
    assert np.abs(bottleneck(a) - bottleneck(b)).max() > 1e-3


def test_skips_join_layers_of_equal_size_in_reverse_order():
    net = tiny()
    shapes = [[tuple(t.shape) for t in layer.input] for layer in net.layers if "skip" in layer.name]
    channels = [(up[-1], down[-1]) for up, down in shapes]
    assert channels == [(32, 32), (16, 16), (8, 8), (4, 4)]


def test_dropout_works_in_training_only_and_in_three_blocks():
    net = tiny()
    x = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 1)).astype(np.float32)
    np.testing.assert_array_equal(net(x, training=False), net(x, training=False))
    assert np.abs(net(x, training=True) - net(x, training=False)).max() > 1e-3
    assert sum("dropout" in layer.name for layer in net.layers) == 3
    assert not any("dropout" in layer.name for layer in tiny(dropout=0.0).layers)


def test_the_seed_decides_every_weight():
    first, second, other = tiny(seed=3), tiny(seed=3), tiny(seed=4)
    for a, b, c in zip(first.weights, second.weights, other.weights, strict=True):
        np.testing.assert_array_equal(a, b)
        if "kernel" in a.path:
            assert not np.array_equal(a, c)


def test_weights_begin_as_in_pix2pix():
    kernel = unet(width=32, depth=3, dropout=0, seed=0).get_layer("down_1_conv").kernel.numpy()
    assert abs(kernel.std() - 0.02) < 0.001  # 32,768 draws: the error of the estimate is 0.0001
    assert abs(kernel.mean()) < 0.001
