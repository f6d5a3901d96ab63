import numpy as np
import pytest

from conversion.coreml.layers import Layer, layers_of


def test_layers_come_in_the_order_of_the_program_with_their_weights(float16_model):
    layers = layers_of(float16_model)
    assert [layer.type for layer in layers] == ["conv"] * 5 + ["conv_transpose"] * 5
    assert layers[0].weight.shape == (4, 1, 4, 4)  # (out, in, K, K)
    assert layers[-1].weight.shape == (8, 3, 4, 4)  # (in, out, K, K): two times 4 filters, RGB
    assert all(layer.weight.dtype == np.float16 for layer in layers)


def test_only_tensors_of_more_than_2048_values_are_worth_storing_otherwise(float16_model):
    for layer in layers_of(float16_model):
        assert layer.is_small == (layer.weight.size <= 2048)


@pytest.mark.parametrize(
    ("kind", "shape", "group"),
    [
        ("conv", (48, 5, 4, 4), 16),
        ("conv", (24, 5, 4, 4), 12),  # 16 does not divide 24
        ("conv_transpose", (5, 24, 4, 4), 12),  # its second axis counts output channels
        ("conv_transpose", (48, 3, 4, 4), 3),
        ("conv", (7, 48, 4, 4), 7),
    ],
)
def test_channels_share_a_palette_in_the_largest_groups_that_divide_them(kind, shape, group):
    assert Layer("layer", kind, np.zeros(shape, np.float16)).group(16) == group
