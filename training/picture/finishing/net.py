"""A net that colours working pictures, whatever runs it: what a finished picture asks of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# (h, w) uint8 line art, (h, w, 4) uint8 RGBA hints or None: none -> (h, w, 3) uint8 RGB.
Paint = Callable[[np.ndarray, np.ndarray | None], np.ndarray]
# Of OpenMoji's drawings, 72 units wide: what a net has seen most, and all that one has seen whose
# training drew no line anew.
_USUAL_STROKE = 2 / 72
# How far from that a net is trusted that has learned other pens, too: docs/decisions/0021.
_THINNER, _THICKER = 0.85, 1.25


@dataclass(frozen=True, kw_only=True)
class Net:
    """How to paint a working picture, and what such a picture must be like."""

    paint: Paint
    size: tuple[int, int]  # height and width of the working picture
    learned: tuple[float, float]  # the thinnest and the thickest line it is given, in pixels
    layer: bool  # it paints colours below the ink, and not a finished picture


def lines_learned(known: tuple[float, float] | None, *, trained_px: int) -> tuple[float, float]:
    """Return the lines to draw for a net, in pixels: of those it knows, about the usual ones.

    known: the thinnest and the thickest of its training; None: the usual ones alone. The same
    drawing in another pen comes out the same, only if it goes in alike. trained_px: side of the
    pictures that it was trained on.
    """
    usual = _USUAL_STROKE * trained_px
    if known is None:
        return usual, usual
    least, most = known
    return max(least, min(_THINNER * usual, most)), min(most, max(_THICKER * usual, least))
