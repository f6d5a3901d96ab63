"""Give a picture other colours, so that a net obeys hints and not what it thinks of apples.

Only pictures with hints are recoloured: see docs/hints.md. White stays white and ink stays ink.
"""

import itertools

import numpy as np

from training.data.variation.areas import nearest_area

_PERMUTATIONS = tuple(itertools.permutations(range(3)))[1:]  # all but the order as it is
_LEAST_SHARE = 0.005  # of the picture: smaller areas lie around edges, and follow what is beside


def recolored_alike(color: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Change all colours by one rule: another order of the channels, or a turn of the hue.

    color: (H, W, 3) uint8. Returns as color; greys stay what they are.
    """
    import cv2

    if rng.random() < 0.5:
        return np.ascontiguousarray(color[..., _PERMUTATIONS[rng.integers(len(_PERMUTATIONS))]])
    hsv = cv2.cvtColor(color, cv2.COLOR_RGB2HSV_FULL)
    hsv[..., 0] += np.uint8(rng.integers(1, 256))  # wraps around, as hue does
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL)


def recolored_apart(
    color: np.ndarray,
    lineart: np.ndarray,
    areas: np.ndarray,
    chosen: np.ndarray,
    *,
    rng: np.random.Generator,
) -> np.ndarray:
    """Give the chosen areas colours of their own, and no others: those keep what one expects.

    What is seen below ink of a share a changes by 1 - a of that.
    color: (H, W, 3) uint8; lineart: (H, W) uint8; areas: `color_areas` of both; chosen: numbers.
    """
    counts = np.bincount(areas.ravel())
    large = counts >= _LEAST_SHARE * areas.size
    large[0] = False
    of_pixel = nearest_area(np.where(large[areas], areas, 0))
    shift = np.zeros((len(counts), 3), np.float32)
    for area in chosen:
        wanted = _any_color(rng)  # drawn for each, so that none depends on another
        if large[area]:
            shift[area] = wanted - np.median(color[areas == area], axis=0)
    seen = lineart[..., np.newaxis].astype(np.float32) / np.float32(255)
    return np.clip(np.round(color + shift[of_pixel] * seen), 0, 255).astype(np.uint8)


def _any_color(rng: np.random.Generator) -> np.ndarray:
    """Draw a colour as people choose them, rather strong than grey: (3,) uint8 RGB."""
    import cv2

    hue, saturation, value = rng.random(), np.sqrt(rng.random()), rng.uniform(0.25, 1.0)
    hsv = np.round(255 * np.array([[[hue, saturation, value]]])).astype(np.uint8)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL)[0, 0]
