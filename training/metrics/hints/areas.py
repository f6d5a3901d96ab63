"""The areas of a true picture that somebody would hint, and in which order."""

from dataclasses import dataclass

import numpy as np

from training.data.variation.areas import color_areas
from training.picture.distance import depth

WHITE_FROM = 240  # uint8: every channel of an area that looks like paper
WHITE_SHARE = 4  # white areas inside count a quarter of their size: few people colour white
SMALLEST_SHARE = 1000  # of the picture: a smaller area is not worth a hint
RADIUS_SHARE = 0.015  # of the shorter side: a dot of a finger or a thick pen; 1 pixel at least


@dataclass(frozen=True, kw_only=True)
class Area:
    """One area of a picture."""

    mask: np.ndarray  # (H, W) bool
    weight: float  # its size in pixels, less where it is white
    thin: bool  # holds no whole dot


def hintable_areas(color: np.ndarray, lineart: np.ndarray) -> list[Area]:
    """Return the areas of a drawing that want a hint, in the order in which they would get one.

    color: (H, W, 3) uint8, true. lineart: (H, W) uint8. Those that hold a whole dot come first, the
    largest before the others; thinner ones are often but the mixture between two colours. Never the
    page, which is white at the border: every colouring leaves it white unless told otherwise.
    """
    labels = color_areas(color, lineart, smallest=-(-lineart.size // SMALLEST_SHARE))
    thinnest = dot_radius(lineart.shape) + 1
    areas = []
    for label in range(1, int(labels.max(initial=0)) + 1):
        mask = labels == label
        size = int(mask.sum())
        white = bool((np.median(color[mask], axis=0) >= WHITE_FROM).all())
        if white and _touches_border(mask):
            continue
        weight = size / WHITE_SHARE if white else float(size)
        areas.append(Area(mask=mask, weight=weight, thin=bool(depth(mask).max() < thinnest)))
    # Stable: of equals, the upper one comes first.
    return sorted(areas, key=lambda area: (area.thin, -area.weight))


def dot_radius(shape: tuple[int, ...]) -> float:
    """Return the radius of a hint in pixels, for a picture of (H, W)."""
    return max(1.0, RADIUS_SHARE * min(shape))


def _touches_border(mask: np.ndarray) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
