"""Times of predictions, counted by the second: what a report holds in place of 60,000 samples.

A device that warms up shows as bins that move from second to second. Bins widen with the time, so
that each is as exact as the others: within `ratio`, one fiftieth for what our app writes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """Bin n holds the times from least_ms x ratio^n up to the next."""

    least_ms: float
    ratio: float  # above 1
    seconds: list[list[list[int]]]  # for each second, pairs of a bin and how many ended in it

    def times_ms(self) -> list[float]:
        """Return the middle of its bin for every prediction, second after second."""
        return times_ms(vars(self))


def times_ms(raw: Mapping[str, Any]) -> list[float]:
    """Return the middle of its bin for every prediction of a histogram as JSON holds it.

    The middle is the geometric one: no time is further from it than by half a bin's ratio.
    """
    pairs = [pair for second in raw["seconds"] for pair in second]
    if not pairs:
        return []
    bins, counts = np.array(pairs, np.float64).T
    middles = raw["least_ms"] * raw["ratio"] ** (bins + 0.5)
    return np.repeat(middles, counts.astype(np.int64)).tolist()


def longest_ms(raw: Mapping[str, Any]) -> float:
    """Return the upper end of its last bin, infinite where no float holds it."""
    last = max((pair[0] for second in raw["seconds"] for pair in second), default=0)
    exponent = math.log(raw["least_ms"]) + (last + 1) * math.log(raw["ratio"])
    return math.exp(exponent) if exponent < 700 else math.inf  # e^709 is the largest float
