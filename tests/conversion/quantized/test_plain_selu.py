import keras
import numpy as np

from conversion.quantized.plain_selu import PlainSelu, with_plain_selu


def test_it_is_selu_everywhere_even_where_its_exponential_would_overflow():
    x = np.array([-200, -3, -0.5, 0, 1e-3, 2, 88, 1e4], np.float32)
    expected = np.where(x > 0, 1.05070098 * x, 1.05070098 * 1.67326324 * np.expm1(np.minimum(x, 0)))
    np.testing.assert_allclose(PlainSelu()(x), expected, rtol=1e-6, atol=1e-6)


def test_a_net_with_plain_selu_computes_the_same_and_keeps_its_other_layers():
    inputs = keras.Input((8, 8, 1), name="lineart")
    x = keras.layers.Conv2D(3, 3, name="first")(inputs)
    x = keras.layers.Activation("selu", name="bend")(x)
    x = keras.layers.Conv2D(2, 3, activation="tanh", name="last")(x)
    net = keras.Model(inputs, x)
    twin = with_plain_selu(net)
    assert isinstance(twin.get_layer("bend"), PlainSelu)
    assert [layer.name for layer in twin.layers] == [layer.name for layer in net.layers]
    pictures = np.random.default_rng(0).normal(0, 5, (2, 8, 8, 1)).astype(np.float32)
    np.testing.assert_allclose(twin(pictures), net(pictures), rtol=1e-5, atol=1e-6)


def test_a_net_without_selu_is_left_as_it_is():
    inputs = keras.Input((8, 8, 1))
    net = keras.Model(inputs, keras.layers.Conv2D(3, 3, activation="tanh")(inputs))
    assert with_plain_selu(net) is net
