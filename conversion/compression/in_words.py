"""Say how the weights of a model are stored, for its manifest and for people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from conversion.compression.layers import SMALL, Layer
from conversion.compression.storages import STORAGES


def storages_in_words(layers: Sequence[Layer], chosen: Mapping[str, str]) -> str:
    """Return how many layers are stored in which way: chosen by name, the others in fp16."""
    counted = Counter(chosen.get(layer.name, "fp16") for layer in layers)
    listed = ", ".join(f"{counted[each]} {each}" for each in STORAGES if counted[each])
    small = sum(layer.is_small for layer in layers)
    note = f" ({small} with at most {SMALL} weights: always fp16)" if small else ""
    return f"{len(layers)} layers: {listed}{note}"


def palettes_in_words(
    sharing: Iterable[int], *, made_good: bool = False, grouped_since: str | None = None
) -> str:
    """Return how many palettes there are, and whether their errors are made good.

    sharing: how many output channels of each layer share a palette. grouped_since: the target from
    which they may, where this is of an older one, and a layer has one palette.
    """
    sizes = " or ".join(map(str, sorted(set(sharing), reverse=True)))
    said = f"one per {sizes} channels"
    if grouped_since is not None:
        said = f"one per layer ({said} with --target {grouped_since})"
    return f"{said}, each rounding made good in the weights after it" if made_good else said
