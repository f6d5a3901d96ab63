import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from conversion.export.origins.open_size import Enlarge, with_open_size


@pytest.fixture(scope="module")
def net() -> keras.Model:
    """One layer that repeats, a bilinear one, and a bicubic one within a model of its own."""
    inner = keras.Sequential([layers.UpSampling2D((1, 3), interpolation="bicubic")])
    picture = keras.Input((None, None, 3))
    x = layers.UpSampling2D((2, 1), interpolation="bilinear")(layers.Conv2D(3, 3)(picture))
    return keras.Model(picture, layers.UpSampling2D()(inner(x)))


def test_a_net_enlarges_as_before_at_every_size(net):
    twin = with_open_size(net)
    for size in ((6, 9), (11, 7)):
        noise = np.random.default_rng(0).random((1, *size, 3), np.float32)
        np.testing.assert_array_equal(twin(noise), net(noise))
    assert twin.output_shape == net.output_shape


def test_each_layer_stands_in_one_graph_with_the_weights_of_before(net):
    twin = with_open_size(net)
    assert [type(layer) for layer in twin.layers[1:]] == [
        layers.Conv2D,
        Enlarge,
        keras.Sequential,
        Enlarge,
    ]
    assert twin.layers[-1].interpolation == "nearest"
    assert all(len(layer._inbound_nodes) == 1 for layer in twin.layers)
    np.testing.assert_array_equal(twin.layers[1].kernel, net.layers[1].kernel)


def test_how_many_channels_there_are_is_known_at_any_size(net):
    graph = tf.function(with_open_size(net)).get_concrete_function(
        tf.TensorSpec((1, None, None, 3))
    )
    assert graph.output_shapes == (1, None, None, 3)


def test_a_net_that_enlarges_nothing_is_left_as_it_is():
    picture = keras.Input((None, None, 1))
    net = keras.Model(picture, layers.Conv2D(1, 3)(picture))
    assert with_open_size(net) is net
