"""Give a picture other colours, so that a net obeys hints and not what it thinks of apples.

Only pictures with hints are recoloured: see docs/hints.md. White stays white and ink stays ink.
"""

import itertools

import numpy as np

from training.data.variation.areas import nearest_area

_PERMUTATIONS = tuple(itertools.permutations(range(3)))[1:]  # all but the order as it is
_LEAST_SHARE = 0.01  # of the picture: smaller areas keep their colour, and lie around edges


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
    color: np.ndarray, lineart: np.ndarray, areas: np.ndarray, *, rng: np.random.Generator
) -> np.ndarray:
    """Give about half of the areas a colour of their own, whatever the others have.

    What is seen below ink of a share a changes by 1 - a of that. Paper around the drawing stays.
    color: (H, W, 3) uint8; lineart: (H, W) uint8; areas: `color_areas` of both.
    """
    counts = np.bincount(areas.ravel())
    large = counts >= _LEAST_SHARE * areas.size
    large[0] = False
    around = _around(color, areas)
    of_pixel = nearest_area(np.where(large[areas], areas, 0))
    shift = np.zeros((len(counts), 3), np.float32)
    for area in np.flatnonzero(large):
        wanted = rng.integers(0, 256, 3)  # drawn for each, so that none depends on another
        if rng.random() < 0.5 and area != around:
            shift[area] = wanted - np.median(color[areas == area], axis=0)
    seen = lineart[..., np.newaxis].astype(np.float32) / np.float32(255)
    return np.clip(np.round(color + shift[of_pixel] * seen), 0, 255).astype(np.uint8)


def _around(color: np.ndarray, areas: np.ndarray) -> int:
    """Return the white area that takes up most of the picture's border; 0 where none does."""
    border = np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]])
    counts = np.bincount(border)
    counts[0] = 0
    most = int(counts.argmax())
    if not counts[most] or color[areas == most].min() < 240:
        return 0
    return most
