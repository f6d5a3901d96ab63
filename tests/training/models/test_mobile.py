import keras
import numpy as np
import pytest
import tensorflow as tf

from training.models.mobile import mobile
from training.settings.networks import MOBILE_STRIDE

# Of issue 14: what a phone is asked for.
MOST_PARAMETERS = 2_500_000
MOST_MACS = 1.3e9  # at 256 x 256


def macs_at(net, side):
    """Multiplications of all convolutions, by the shape of each output."""
    convs = [layer for layer in net.layers if isinstance(layer, keras.layers.Conv2D)]
    outputs = keras.Model(net.inputs, [layer.output for layer in convs])
    shapes = tf.nest.map_structure(
        lambda output: output.shape,
        tf.function(outputs)
        .get_concrete_function([tf.TensorSpec((1, side, side, i.shape[-1])) for i in net.inputs])
        .structured_outputs,
    )
    return sum(
        int(np.prod(conv.kernel.shape)) * shape[1] * shape[2]
        for conv, shape in zip(convs, shapes, strict=True)
    )


def test_it_is_small_enough_for_a_phone_at_the_width_of_its_preset():
    net = mobile(width=24, hints=True, dropout=0.0, seed=0)
    assert net.count_params() <= MOST_PARAMETERS
    assert macs_at(net, 256) <= MOST_MACS


@pytest.mark.parametrize("hints", [False, True])
def test_it_takes_every_multiple_of_its_stride_and_keeps_the_size(hints):
    net = mobile(width=2, hints=hints, dropout=0.0, seed=0)
    pictures = [
        np.ones((2, MOBILE_STRIDE, 3 * MOBILE_STRIDE, i.shape[-1]), "f") for i in net.inputs
    ]
    layer = net(pictures if hints else pictures[0])
    assert layer.shape == (2, MOBILE_STRIDE, 3 * MOBILE_STRIDE, 3)


def test_a_hint_far_away_reaches_every_pixel():
    net = mobile(width=4, hints=True, dropout=0.0, seed=0)
    # What begins at zero lets nothing through: context alone reaches across the picture.
    for weight in net.weights:
        weight.assign(weight + 0.01)
    lineart, hints = np.ones((1, 128, 128, 1), "f"), np.zeros((1, 128, 128, 4), "f")
    before = net([lineart, hints]).numpy()
    hints[0, 0, 0] = 1
    assert (net([lineart, hints]).numpy() != before)[0, -32:, -32:].any()


def test_it_has_no_normalization_and_an_output_without_bounds():
    net = mobile(width=2, hints=False, dropout=0.0, seed=0)
    kinds = {type(layer).__name__ for layer in net.layers}
    assert kinds == {
        *("InputLayer", "Conv2D", "ReLU", "Add", "GlobalAveragePooling2D", "DepthToSpace"),
    }
    net.get_layer("layer_conv").bias.assign(tf.fill((12,), 3.0))
    assert net(np.ones((1, 32, 32, 1), "f")).numpy().max() > 2


def test_equal_seeds_repeat_its_weights():
    one, same, other = (
        mobile(width=2, hints=True, dropout=0.0, seed=s).get_weights() for s in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_dropout_works_in_training_only_and_has_no_weights():
    net, whole = (mobile(width=2, hints=False, dropout=share, seed=0) for share in (0.5, 0.0))
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 1)).astype("f")
    for one in (net, whole):
        one.set_weights([weight + 0.1 for weight in whole.get_weights()])
    np.testing.assert_array_equal(net(picture), whole(picture))
    assert np.any(net(picture, training=True) != whole(picture, training=True))
    assert not any("dropout" in layer.name for layer in whole.layers)
