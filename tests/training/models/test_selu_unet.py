import cv2
import keras
import numpy as np
import pytest

from training.models.initializers import keras_lecun_init, pix2pix_init, selu_init
from training.models.selu_unet import selu_unet
from training.models.standardize import UNCHANGED, PictureStatistics

# Of every layer, over all its channels and a batch of drawings. The first layer has 16 filters
# drawn at random, and neighbouring pixels are alike: its variance differs by a third between draws.
FARTHEST_MEAN = 0.15
VARIANCES = (0.5, 1.5)


def drawings(size, count=8):
    """Black lines on white paper, as line art is: mostly +1."""
    rng = np.random.default_rng(0)
    pictures = np.full((count, size, size), 255, np.uint8)
    for picture in pictures:
        for _ in range(12):
            ends = [tuple(int(v) for v in rng.integers(0, size, 2)) for _ in range(2)]
            cv2.line(picture, *ends, 0, max(1, size // 48))
        cv2.circle(picture, (size // 2, size // 2), size // 3, 0, max(1, size // 48))
    return (pictures / 127.5 - 1).astype(np.float32)[..., np.newaxis]


def net(size, *, width=16, depth=None, init=selu_init, output_init=pix2pix_init, **settings):
    lineart = drawings(size)
    statistics = PictureStatistics(
        mean=(float(lineart.mean()), 0, 0, 0), deviation=(float(lineart.std()), 1, 1, 1)
    )
    defaults = {"dropout": 0.0, "seed": 0, "statistics": statistics}
    return selu_unet(
        width=width,
        depth=depth or size.bit_length() - 1,
        size=size,
        init=init,
        output_init=output_init,
        **defaults | settings,
    )


def convolved(network, size, training=False):
    """Every convolution's output but the last one's, by name: what each SELU is given."""
    names = [
        layer.name
        for layer in network.layers
        if layer.name.endswith("_conv") and layer.name != "last_conv"
    ]
    outputs = keras.Model(network.input, [network.get_layer(name).output for name in names])
    pictures = outputs(drawings(size), training=training)
    return {name: picture.numpy() for name, picture in zip(names, pictures, strict=True)}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("size", [64, 256])
def test_every_layer_begins_with_mean_0_and_variance_1(size, seed):
    outputs = convolved(net(size, seed=seed), size)
    assert len(outputs) == 2 * (size.bit_length() - 1) - 1  # the whole encoder and decoder
    for name, x in outputs.items():
        assert abs(x.mean()) < FARTHEST_MEAN, name
        assert VARIANCES[0] < x.var() < VARIANCES[1], name


def test_alpha_dropout_keeps_mean_and_variance():
    network = net(64, dropout=0.2)
    assert sum(isinstance(layer, keras.layers.AlphaDropout) for layer in network.layers) == 3
    for name, x in convolved(network, 64, training=True).items():
        assert abs(x.mean()) < FARTHEST_MEAN, name
        assert VARIANCES[0] < x.var() < VARIANCES[1], name


def test_alpha_dropout_is_off_where_nobody_trains():
    network = net(32, width=4, dropout=0.2)
    lineart = drawings(32)
    np.testing.assert_array_equal(network(lineart), network(lineart))
    assert np.abs(network(lineart, training=True) - network(lineart)).max() > 1e-4


def test_the_weights_of_2017_let_the_signal_fade():
    outputs = convolved(net(64, init=pix2pix_init), 64)
    assert outputs["down_5_conv"].var() < 1e-3


def test_a_picture_without_standardising_is_far_from_mean_0_inside():
    raw = convolved(net(64, statistics=UNCHANGED), 64)["down_0_conv"]
    standard = convolved(net(64), 64)["down_0_conv"]
    # The mean over pixels of one channel: paper of +1 everywhere moves each filter its own way.
    assert np.abs(raw.mean((0, 1, 2))).mean() > 5 * np.abs(standard.mean((0, 1, 2))).mean()


def test_the_output_begins_calm_and_with_keras_lecun_normal_saturated():
    color = net(64)(drawings(64)).numpy()
    assert color.shape == (8, 64, 64, 3)
    assert np.abs(color).max() <= 1
    assert (np.abs(color) > 0.9).mean() < 0.01
    wild = net(64, init=keras_lecun_init, output_init=keras_lecun_init)(drawings(64)).numpy()
    assert (np.abs(wild) > 0.9).mean() > 0.2


def test_other_sizes_than_that_of_training_are_coloured_too():
    assert net(32, width=2)(drawings(64)).shape == (8, 64, 64, 3)


def test_the_seed_decides_every_weight():
    first, second, other = (net(32, width=2, seed=seed) for seed in (3, 3, 4))
    for a, b, c in zip(first.weights, second.weights, other.weights, strict=True):
        np.testing.assert_array_equal(a, b)
        if "kernel" in a.path:
            assert not np.array_equal(a, c)


def test_skips_join_layers_of_equal_size_in_reverse_order():
    network = net(32, width=4)
    shapes = [[t.shape for t in layer.input] for layer in network.layers if "skip" in layer.name]
    assert [(up[-1], down[-1]) for up, down in shapes] == [(32, 32), (16, 16), (8, 8), (4, 4)]
