import numpy as np

from conversion.coreml.layers import layers_of


def test_layers_come_in_the_order_of_the_program_with_their_weights(float16_model):
    layers = layers_of(float16_model)
    assert [layer.type for layer in layers] == ["conv"] * 5 + ["conv_transpose"] * 5
    assert layers[0].weight.shape == (4, 1, 4, 4)  # (out, in, K, K)
    assert layers[-1].weight.shape == (8, 3, 4, 4)  # (in, out, K, K): two times 4 filters, RGB
    assert all(layer.weight.dtype == np.float16 for layer in layers)


def test_only_tensors_of_more_than_2048_values_are_worth_storing_otherwise(float16_model):
    for layer in layers_of(float16_model):
        assert layer.is_small == (layer.weight.size <= 2048)
