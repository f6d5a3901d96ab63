"""Obedience: how far what is painted under a hint is from the hint's colour, in CIEDE2000.

Of each hint the median of the painted pixels under it, where no line covers them: 0 means that the
hint was painted as it was set, about 1 is just noticeable, and above 10 it is another colour.
"""

from collections.abc import Sequence

import numpy as np

from training.metrics.full_reference import ciede2000
from training.metrics.hints.judging import Hint
from training.pixels import CLEAN_ABOVE


def obedience(painted: np.ndarray, lineart: np.ndarray, hints: Sequence[Hint]) -> np.ndarray:
    """Compare one painted drawing with its hints.

    painted: (H, W, 3) uint8. lineart: (H, W) uint8. Returns CIEDE2000 of each hint that has a clean
    pixel, (at most len(hints),) float64.
    """
    clean = lineart >= CLEAN_ABOVE
    seen = [(hint.rgb, painted[hint.mask & clean]) for hint in hints]
    pairs = [(rgb, np.median(under, axis=0)) for rgb, under in seen if len(under)]
    if not pairs:
        return np.zeros(0)
    wanted, found = (np.round(colors).astype(np.uint8) for colors in zip(*pairs, strict=True))
    return ciede2000(wanted[np.newaxis], found[np.newaxis])[0]
