"""Draw the lines of a drawing anew, with another pen: width, lightness, gaps.

A net that saw one width of line takes others for areas or for nothing. The colours below the ink
are kept, or guessed from beside.
"""

import numpy as np

from training.picture.beneath import layer_beneath
from training.picture.strokes import line_width, with_line_width
from training.pixels import CLEAN_ABOVE, PAPER, under_ink
from training.settings.pictures import AugmentConfig


def redraw(
    lineart: np.ndarray,
    color: np.ndarray,
    layer: np.ndarray | None,
    *,
    rng: np.random.Generator,
    augment: AugmentConfig,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a pair with a pen of random width, lightness and gaps.

    lineart: (H, W) uint8; color: (H, W, 3) uint8; layer: colours below the ink, as color; None:
    they are guessed. Returns another lineart and the color that belongs to it.
    A line is never made so thin that it goes.
    """
    below = layer_beneath(color, lineart) if layer is None else layer
    width = rng.uniform(augment.line_width_min, augment.line_width_max)
    lines = with_line_width(lineart, width)
    lines = _with_gaps(lines, int(rng.integers(0, augment.gaps + 1)), rng=rng)
    strength = 1.0 - rng.uniform(0.0, augment.lighten)
    lines = PAPER - np.round((PAPER - lines) * np.float32(strength)).astype(np.uint8)
    return lines, under_ink(below, lines)


def _with_gaps(lineart: np.ndarray, count: int, *, rng: np.random.Generator) -> np.ndarray:
    """Lay `count` round pieces of paper, as wide as the lines, on the ink."""
    import cv2

    inked = np.flatnonzero(lineart < CLEAN_ABOVE)
    if not inked.size or not count:
        return lineart
    radius = max(1, round(0.5 * (line_width(lineart) or 1.0)))
    broken = lineart.copy()
    for place in rng.choice(inked, count):
        row, column = divmod(int(place), lineart.shape[1])
        cv2.circle(broken, (column, row), radius, PAPER, thickness=-1)
    return broken
