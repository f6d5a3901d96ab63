import numpy as np
import pytest

from conversion.compression.in_words import palettes_in_words, storages_in_words
from conversion.compression.layers import Layer


def test_layers_are_counted_by_how_they_are_stored_the_largest_first():
    sides = {"a": 60, "b": 50, "c": 50, "bias": 4}
    layers = [Layer(name, "conv", np.zeros((side, side))) for name, side in sides.items()]
    chosen = {"a": "palette4", "b": "palette8", "c": "palette4"}
    assert storages_in_words(layers, chosen) == (
        "4 layers: 1 fp16, 1 palette8, 2 palette4 (1 with at most 2048 weights: always fp16)"
    )
    assert storages_in_words(layers[:1], {}) == "1 layers: 1 fp16"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "one per 16 or 8 channels"),
        (
            {"grouped_since": "iOS18"},
            "one per layer (one per 16 or 8 channels with --target iOS18)",
        ),
        (
            {"made_good": True},
            "one per 16 or 8 channels, each rounding made good in the weights after it",
        ),
    ],
)
def test_it_is_said_how_many_channels_share_a_palette_or_would(more, said):
    assert palettes_in_words([8, 16, 8], **more) == said
