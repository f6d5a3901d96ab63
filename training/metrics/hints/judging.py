"""Dots and strokes for judging: what somebody who knows the true picture would hint, and where.

The areas of the true picture get a hint each, the largest first, then a second each, and so on. A
hint stays in its area and off the ink, and has the median colour of what it covers. The first 4 of
8 hints are the 4. Where they lie follows from the seed and the drawing's id alone.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.metrics.hints.areas import Area, dot_radius, hintable_areas
from training.metrics.hints.longest_path import longest_path
from training.picture.distance import depth

STROKE_SHARE = 0.2  # of the shorter side: how long a scribble is, at most


@dataclass(frozen=True, kw_only=True)
class Hint:
    """One dot or stroke."""

    mask: np.ndarray  # (H, W) bool; its pixels belong to no other hint of the drawing
    rgb: tuple[int, int, int]


def dots(
    color: np.ndarray, lineart: np.ndarray, *, count: int, id: str, seed: int = 0
) -> list[Hint]:
    """Return `count` dots, fewer where there is no room for more.

    color: (H, W, 3) uint8, true. lineart: (H, W) uint8. A dot is a disc around a random place of
    the inner half of its area, as far as it lies in the area.
    """
    return _set_hints(color, lineart, count, _rng(id, seed), make=_dot)


def strokes(
    color: np.ndarray, lineart: np.ndarray, *, count: int, id: str, seed: int = 0
) -> list[Hint]:
    """Return `count` strokes, fewer where there is no room for more.

    color, lineart: as for `dots`. A stroke is a random stretch of the longest path of its area's
    skeleton, as wide as a dot, as far as it lies in the area.
    """
    return _set_hints(color, lineart, count, _rng(id, seed), make=_stroke)


def hint_picture(hints: Sequence[Hint], shape: tuple[int, ...]) -> np.ndarray:
    """Draw hints: (H, W, 4) uint8, RGB where alpha is 255, all 0 elsewhere. shape: (H, W)."""
    picture = np.zeros((*shape, 4), np.uint8)
    for hint in hints:
        picture[hint.mask] = (*hint.rgb, 255)
    return picture


def dot_pictures(
    lineart: np.ndarray, color: np.ndarray, *, count: int, ids: Sequence[str]
) -> np.ndarray:
    """Return a picture of `dots` for each of several drawings: (N, H, W, 4) uint8 RGBA.

    lineart: (N, H, W), color: (N, H, W, 3), uint8; ids: names of the drawings.
    """
    pictures = np.zeros((*lineart.shape, 4), np.uint8)
    for n, name in enumerate(ids):
        hints = dots(color[n], lineart[n], count=count, id=name)
        pictures[n] = hint_picture(hints, lineart[n].shape)
    return pictures


Make = Callable[[np.ndarray, np.random.Generator], np.ndarray]  # free pixels -> pixels of a hint


def _rng(id: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(id.encode())])


def _set_hints(
    color: np.ndarray, lineart: np.ndarray, count: int, rng: np.random.Generator, *, make: Make
) -> list[Hint]:
    areas, hints = hintable_areas(color, lineart), list[Hint]()
    free = np.ones(lineart.shape, bool)
    while len(hints) < count and areas:
        areas, left = [], areas
        for area in left:
            mask = _make_within(area, free, rng, make=make)
            if mask is None:
                continue  # full
            free &= ~mask
            areas.append(area)
            red, green, blue = np.round(np.median(color[mask], axis=0)).astype(int).tolist()
            hints.append(Hint(mask=mask, rgb=(red, green, blue)))
    return hints[:count]


def _make_within(
    area: Area, free: np.ndarray, rng: np.random.Generator, *, make: Make
) -> np.ndarray | None:
    room = area.mask & free
    return make(room, rng) & room if room.any() else None


def _dot(room: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    inside = depth(room)
    inner = np.argwhere(inside >= inside.max() / 2)
    return _discs(inner[[rng.integers(len(inner))]], room.shape)


def _stroke(room: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    path = longest_path(room)
    length = max(1, round(STROKE_SHARE * min(room.shape)))
    first = int(rng.integers(max(len(path) - length, 0) + 1))
    return _discs(path[first : first + length], room.shape)


def _discs(centers: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the union of discs of a hint's radius: (H, W) bool."""
    radius = dot_radius(shape)
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    covered = np.zeros(shape, bool)
    for row, column in centers:
        covered |= (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    return covered
