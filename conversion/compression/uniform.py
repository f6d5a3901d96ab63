"""One storage for every layer: which layers it spares, and which channels share a palette."""

from collections.abc import Collection, Mapping, Sequence

from conversion.compression.compensated import MOST_COLUMNS
from conversion.compression.layers import Layer
from conversion.compression.storages import GROUP

# The smallest layers are most of what palettes lose, and few bytes: those that together hold up to
# such a share of the weights are stored finer. docs/decisions/0008-recipes.md has the measurement.
FINER: Mapping[str, tuple[tuple[float, str], ...]] = {
    "palette6": ((0.08, "palette8"),),
    "palette4": ((0.04, "palette8"), (0.2, "palette6")),
}
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

    made_good: layers whose errors are made good; of these the smallest are stored finer.
    """
    layers = [layer for layer in layers if not layer.is_small]
    total, held = sum(layer.weight.size for layer in layers), 0
    chosen = {}
    for layer in sorted(layers, key=lambda layer: layer.weight.size):
        held += layer.weight.size
        finer = FINER.get(storage, ()) if layer.name in made_good else ()
        within = (each for share, each in finer if held <= share * total)
        chosen[layer.name] = next(within, storage)
    return chosen


def channels_sharing(layer: Layer, *, bits: int, made_good: bool) -> int:
    """Return how many output channels of a layer share a palette, where groups may."""
    return layer.group(SMALL_GROUP if made_good and bits <= SMALL_PALETTE else GROUP)
