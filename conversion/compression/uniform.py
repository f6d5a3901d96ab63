"""One storage for every layer: which layers it spares, and which channels share a palette."""

import math
from collections.abc import Collection, Sequence

from conversion.compression.compensated import MOST_COLUMNS
from conversion.compression.layers import Layer
from conversion.compression.storages import GROUP, PALETTE_BITS

# The smallest layers, which together hold this share of the weights, are much of a palette's error:
# they have 8 bits where others have four.
FINE_SHARE = 0.01
# Channels that share a palette of 16 values, which are few bytes: docs/decisions/0023-core-ai.md.
SMALL_PALETTE, SMALL_GROUP = 4, 8


def may_be_made_good(layer: Layer) -> bool:
    """Return whether what a layer is given on drawings may decide its palettes."""
    channels = layer.weight.shape[layer.channel_axis]
    return (
        layer.type in ("conv", "conv_transpose")
        and layer.weight.ndim == 4
        and not layer.is_small
        and layer.weight.size // channels <= MOST_COLUMNS
    )


def uniformly(
    layers: Sequence[Layer], storage: str, *, made_good: Collection[str]
) -> dict[str, str]:
    """Return the storage of each layer that is not small, by its name.

    made_good: layers whose errors are made good; of these the smallest have 8 bits beside palettes
    of 16 values.
    """
    layers = [layer for layer in layers if not layer.is_small]
    chosen = {layer.name: storage for layer in layers}
    fine = FINE_SHARE if PALETTE_BITS.get(storage, math.inf) <= SMALL_PALETTE else 0.0
    left = fine * sum(layer.weight.size for layer in layers)
    for layer in sorted(layers, key=lambda layer: layer.weight.size):
        left -= layer.weight.size
        if left < 0:
            break
        if layer.name in made_good:
            chosen[layer.name] = "palette8"
    return chosen


def channels_sharing(layer: Layer, *, bits: int, made_good: bool) -> int:
    """Return how many output channels of a layer share a palette, where groups may."""
    return layer.group(SMALL_GROUP if made_good and bits <= SMALL_PALETTE else GROUP)
