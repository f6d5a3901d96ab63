import numpy as np
import pytest

from conversion.compression.layers import Layer
from conversion.compression.uniform import channels_sharing, may_be_made_good, uniformly


def layer(name: str, *shape: int, type: str = "conv") -> Layer:
    return Layer(name, type, np.zeros(shape, np.float16))


# 50 x 50, 50 x 100, 100 x 100 and 400 x 206 weights: 2.5, 5, 10 and 82.5 % of 100,000.
LAYERS = [
    layer("most", 400, 206, 1, 1),
    layer("least", 50, 50, 1, 1),
    layer("few", 50, 100, 1, 1),
    layer("some", 100, 100, 1, 1),
    layer("bias", 10, 10, 1, 1),
]
ALL = [each.name for each in LAYERS]


@pytest.mark.parametrize(
    ("storage", "stored"),
    [
        ("palette4", {"least": "palette8", "few": "palette6", "some": "palette6"}),
        ("palette6", {"least": "palette8", "few": "palette8"}),
        ("palette8", {}),
        ("int8", {}),
    ],
)
def test_the_smallest_layers_are_stored_finer_where_errors_are_made_good(storage, stored):
    others = dict.fromkeys(("most", "least", "few", "some"), storage)
    assert uniformly(LAYERS, storage, made_good=ALL) == others | stored
    assert uniformly(LAYERS, storage, made_good=["few"]) == {
        name: stored.get(name, storage) if name == "few" else storage for name in others
    }
    assert uniformly(LAYERS, storage, made_good=()) == others


def test_errors_can_be_made_good_in_convolutions_of_pictures_of_some_size():
    assert may_be_made_good(layer("conv", 32, 64, 3, 3))
    assert may_be_made_good(layer("up", 64, 32, 3, 3, type="conv_transpose"))
    assert not may_be_made_good(layer("small", 8, 8, 3, 3))
    assert not may_be_made_good(layer("dense", 64, 64, type="linear"))
    assert not may_be_made_good(layer("line", 64, 64, 3))
    assert may_be_made_good(layer("wide", 8, 256, 4, 4))
    assert not may_be_made_good(layer("wider", 8, 257, 4, 4))  # 4,112 inputs: minutes


def test_fewer_channels_share_a_palette_of_16_values():
    given = layer("conv", 48, 64, 3, 3)
    assert channels_sharing(given, bits=4, made_good=True) == 8
    assert channels_sharing(given, bits=4, made_good=False) == 16
    assert channels_sharing(given, bits=6, made_good=True) == 16
