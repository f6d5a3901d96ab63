"""What a program of which nothing is known is given to run: numbers of the shapes it describes."""

import math
import random
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from conversion.mlprogram.model import LoadedModel, LoadedPipeline

# Elements that an input is given at most: the budget is of what a program makes of them.
MOST_ELEMENTS = 2**20
SIZES = (0, 1, 2, 3, 7, 64, 1000, 2**16)
NUMBERS = (0, 1, 2, 3, 7, 1000, 2**20, 2**29, 2**31 - 1, -1, -(2**31))


def fed(model: "LoadedModel | LoadedPipeline", *, seed: int) -> dict[str, Any]:
    """Return inputs, of flexible sizes any that are allowed; the same ones for the same seed.

    Optional inputs are left out now and then, and so is what would be too large to make.
    """
    from conversion.mlprogram.interface import ArrayFeature

    dice, given = random.Random(seed), {}
    for name, feature in model.inputs.items():
        optional = isinstance(feature, ArrayFeature) and feature.optional
        shape = list(feature.shape or (dice.choice(SIZES),))
        if feature.sizes is not None and feature.sizes.ranges:
            shape = [
                size if high == low else max(low, dice.choice(SIZES))
                for size, (low, high) in zip(shape, feature.sizes.ranges, strict=False)
            ]
        if (optional and dice.random() < 0.5) or math.prod(shape) > MOST_ELEMENTS:
            continue
        if not isinstance(feature, ArrayFeature):
            continue
        whole = feature.dtype.kind == "i"
        numbers = [dice.choice(NUMBERS) if whole else dice.random() for _ in range(5)]
        given[name] = np.resize(np.array(numbers), shape).astype(feature.dtype)
    return given
