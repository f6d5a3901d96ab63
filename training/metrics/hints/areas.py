"""Where somebody would put a hint: the areas of one colour in a true picture, off the ink.

An area is what 4-neighbours join whose colours differ little: shades that no line bounds are areas
of their own, a gradient is one.
"""

from dataclasses import dataclass

import numpy as np

# A pixel of which a line covers more than a sixteenth has not the colour that lies there.
CLEAN_FROM = 240
TOLERANCE = 16  # grey levels of any channel: what two neighbours of one area differ by, at most
WHITE_FROM = 240  # every channel of an area that looks like paper
WHITE_SHARE = 4  # white areas inside count a quarter of their size: few people colour white
SMALLEST_SHARE = 1000  # of the picture: a smaller area is not worth a hint


@dataclass(frozen=True, kw_only=True)
class Area:
    """One area of a picture."""

    mask: np.ndarray  # (H, W) bool
    weight: float  # its size in pixels, less where it is white


def hintable_areas(color: np.ndarray, lineart: np.ndarray) -> list[Area]:
    """Return the areas of a drawing that want a hint, in the order in which they would get one.

    color: (H, W, 3) uint8, true. lineart: (H, W) uint8. Largest first. Never the page, which is
    white at the border: every colouring leaves it white unless told otherwise.
    """
    labels, count = _joined(color, clean=lineart >= CLEAN_FROM)
    areas = []
    for label in range(1, count + 1):
        mask = labels == label
        size = int(mask.sum())
        if size * SMALLEST_SHARE < mask.size:
            continue
        white = bool((np.median(color[mask], axis=0) >= WHITE_FROM).all())
        if white and _touches_border(mask):
            continue
        areas.append(Area(mask=mask, weight=size / WHITE_SHARE if white else float(size)))
    return sorted(areas, key=lambda area: -area.weight)  # stable: of equals, the upper one first


def _joined(color: np.ndarray, *, clean: np.ndarray) -> tuple[np.ndarray, int]:
    """Label what neighbours of like colour join: 1 to count in reading order, 0 where not clean."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    index = np.arange(clean.size).reshape(clean.shape)
    levels = color.astype(np.int16)
    first, second = [], []
    for axis in (0, 1):
        like = np.abs(np.diff(levels, axis=axis)).max(axis=-1) <= TOLERANCE
        here, there = (slice(None, -1), slice(1, None))
        before = (here, slice(None)) if axis == 0 else (slice(None), here)
        after = (there, slice(None)) if axis == 0 else (slice(None), there)
        joined = like & clean[before] & clean[after]
        first.append(index[before][joined])
        second.append(index[after][joined])
    rows, columns = np.concatenate(first), np.concatenate(second)
    graph = coo_array((np.ones(len(rows), np.uint8), (rows, columns)), shape=(clean.size,) * 2)
    _, component = connected_components(graph, directed=False)
    found, labels = np.unique(component[clean.ravel()], return_inverse=True)
    labelled = np.zeros(clean.shape, np.int32)
    labelled[clean] = labels + 1
    return labelled, len(found)


def _touches_border(mask: np.ndarray) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
