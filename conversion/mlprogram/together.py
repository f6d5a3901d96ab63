"""Which shapes of several inputs go together, where each has a list of them.

Core ML takes the n-th of each list at once, and no mixture: apple/coremltools issue 2271. Lists of
different lengths name no n-th of each (coremltools 9.0 refuses to write them): the default shapes
alone are left.
"""

from collections.abc import Mapping

from conversion.errors import InvalidInput
from conversion.mlprogram.interface import Feature

Shapes = tuple[tuple[int, ...], ...]
MOST_SAID = 8  # of up to 128 shapes that an input may list


def require_together(inputs: Mapping[str, Feature], given: Mapping[str, tuple[int, ...]]) -> None:
    """Raise InvalidInput for shapes that each input takes, and Core ML does not take together.

    inputs: of the model, by name; given: the shape of each that is not absent.
    """
    lists = {
        name: feature.sizes.listed
        for name, feature in inputs.items()
        if name in given and feature.sizes is not None and feature.sizes.listed
    }
    if len(lists) < 2:
        return
    taken = [tuple(shape for name in lists if (shape := inputs[name].shape) is not None)]
    if len({len(listed) for listed in lists.values()}) == 1:
        taken += list(zip(*lists.values(), strict=True))
    received = tuple(given[name] for name in lists)
    if received not in taken:
        known = [_said(tuple(lists), shapes) for shapes in dict.fromkeys(taken)]
        expected = " or ".join([*known[:MOST_SAID], *(["others"] if known[MOST_SAID:] else [])])
        raise InvalidInput(
            f"inputs {', '.join(map(repr, lists))}: expected shapes that Core ML takes together, "
            f"{expected}; received {_said(tuple(lists), received)}. Export the model with this "
            "combination in its lists of shapes."
        )


def _said(names: tuple[str, ...], shapes: Shapes) -> str:
    return " with ".join(f"{name} {shape}" for name, shape in zip(names, shapes, strict=True))
