"""Read the hints: which colours stand in which region, and what of a region is nearest to which."""

from dataclasses import dataclass

import numpy as np

from training.picture.flats.oklab import UNIT, distances, oklab
from training.picture.reading import HINT_FROM
from training.picture.regions.flood import CLOSED, OPEN, flood

# In OKLab: a brush's soft edge and its grain are the colour of its middle.
ONE_COLOR = int(0.06 * UNIT)


@dataclass(frozen=True, kw_only=True)
class RegionHints:
    """The hints of one region: its colours, the most used first, and where each one stands.

    colors: (K, 3) uint8. place: (P,) int64, in the flattened drawing. number: (P,) int64, which of
    the colours; each within ONE_COLOR of it.
    """

    colors: np.ndarray
    place: np.ndarray
    number: np.ndarray


def hints_of_regions(
    labels: np.ndarray, hints: np.ndarray | None, *, paper: np.ndarray
) -> dict[int, RegionHints]:
    """Return the hints of each region that has any. Hints on ink are none: a stroke's edge.

    labels: (H, W) int32. hints: (H, W, 4) uint8 RGBA, a hint where at least half opaque; or None.
    paper: (H, W) bool.
    """
    if hints is None:
        return {}
    place = np.flatnonzero((hints[..., 3] >= HINT_FROM) & paper)
    if not len(place):
        return {}
    region = labels.reshape(-1)[place]
    order = np.argsort(region, kind="stable")
    region, place = region[order], place[order]
    rgb = hints.reshape(-1, 4)[place, :3]
    found = {}
    for first, last in _runs(region):
        colors, number = _told_apart(rgb[first:last])
        found[int(region[first])] = RegionHints(
            colors=colors, place=place[first:last], number=number
        )
    return found


def nearest_hints(inside: np.ndarray, paper: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Say which hint reaches each pixel of a region first, over its paper, then under its ink.

    inside, paper: (H, W) bool. seeds: (H, W) int32, 1 and more at the hints, else 0; in the region.
    Returns (H, W) int32; 0 outside the region.
    """
    labels = np.where(inside & paper, seeds, CLOSED)
    labels = flood(labels)
    labels[inside & (labels == CLOSED)] = OPEN
    return np.maximum(flood(labels), 0)


def _runs(region: np.ndarray) -> list[tuple[int, int]]:
    starts = np.flatnonzero(np.diff(region, prepend=-1))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(region)], strict=True))


def _told_apart(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take the most used colour, and what is near it, and again of the rest."""
    colors, number, uses = np.unique(rgb, axis=0, return_inverse=True, return_counts=True)
    lab, of = oklab(colors), np.full(len(colors), -1, np.int64)
    chosen: list[int] = []
    while (left := of < 0).any():
        most = int(np.argmax(np.where(left, uses, 0)))
        of[left & (distances(lab, lab[most]) < ONE_COLOR)] = len(chosen)
        chosen.append(most)
    return colors[chosen], of[number.reshape(-1)]
