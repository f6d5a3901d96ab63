"""Leak: how often the colour of a hint stands on the other side of a line that shuts it in.

Defined here, since no standard says it:

- A field is paper that lines enclose: no step between 4-neighbours leaves it.
- A place in danger is the far side of a line (as training/metrics/bleeding.py finds them) beside a
  field that holds a hint, where that hint's colour has no business: the place is in another field,
  where no hint has such a colour, and its true colour is FAR from it. Hints that look like paper
  are left out, since unpainted paper is no leak, and so are places that a line covers in part.
- It leaked if it is painted NEAR to the hint's colour.

Leak of a set of drawings is the share of places in danger that leaked. A fill that stops at every
closed line has 0; a picture in one colour has 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.metrics.bleeding import Places, crossings
from training.metrics.full_reference import ciede2000
from training.metrics.hints.judging import Hint
from training.pixels import CLEAN_ABOVE, INK_BELOW, PAPER

# In CIEDE2000: two colours that nobody takes for one, and two that hardly anybody tells apart when
# a line stands between them.
FAR, NEAR = 20.0, 10.0


@dataclass(frozen=True, kw_only=True)
class Danger:
    """Where hints of one drawing could leak to; a place stands here once for each of the hints."""

    place: Places  # (n,) rows and columns
    rgb: np.ndarray  # (n, 3) uint8, of the hint


@dataclass(frozen=True, kw_only=True)
class Leak:
    """The places of one drawing."""

    in_danger: int
    leaked: int


def in_danger(true: np.ndarray, *, lineart: np.ndarray, hints: Sequence[Hint]) -> Danger:
    """Find where hints could leak to. true: (H, W, 3) uint8. lineart: (H, W) uint8."""
    rgb = np.array([hint.rgb for hint in hints], np.uint8).reshape(-1, 3)
    vivid = np.flatnonzero(_apart(rgb, np.full_like(rgb, PAPER)) >= FAR)
    (rows, columns), number = _beyond(lineart, [hints[int(n)] for n in vivid])
    colors = rgb[vivid][number]
    far = _apart(true[rows, columns], colors) >= FAR
    return Danger(place=(rows[far], columns[far]), rgb=colors[far])


def leak(painted: np.ndarray, danger: Danger) -> Leak:
    """Count the places of one painted drawing (H, W, 3) uint8 that leaked."""
    rows, columns = danger.place
    leaked = _apart(painted[rows, columns], danger.rgb) <= NEAR
    place = rows * painted.shape[1] + columns
    return Leak(in_danger=len(np.unique(place)), leaked=len(np.unique(place[leaked])))


def _beyond(lineart: np.ndarray, hints: Sequence[Hint]) -> tuple[Places, np.ndarray]:
    """Find what lies across a line from a hint's field: places, and the number of the hint."""
    import cv2

    paper = (lineart >= INK_BELOW).astype(np.uint8)
    _, fields = cv2.connectedComponents(paper, connectivity=4)
    before, after = crossings(lineart)
    near, far = _both(before, after), _both(after, before)
    clean = lineart[far] >= CLEAN_ABOVE
    homes = [np.setdiff1d(fields[hint.mask], [0]) for hint in hints]
    crossed, number = [np.zeros(0, int)], [np.zeros(0, int)]
    for n, alike in enumerate(_alike(hints)):
        own = np.concatenate([homes[m] for m in np.flatnonzero(alike)])
        across = clean & np.isin(fields[near], homes[n]) & ~np.isin(fields[far], own)
        crossed.append(np.flatnonzero(across))
        number.append(np.full(len(crossed[-1]), n))
    found = np.concatenate(crossed)
    return (far[0][found], far[1][found]), np.concatenate(number)


def _both(first: Places, second: Places) -> Places:
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])


def _alike(hints: Sequence[Hint]) -> np.ndarray:
    """Say which hints have one colour: (n, n) bool."""
    rgb = np.array([hint.rgb for hint in hints], np.uint8).reshape(-1, 3)
    n = len(rgb)
    return _apart(rgb.repeat(n, axis=0), np.tile(rgb, (n, 1))).reshape(n, n) < FAR


def _apart(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return CIEDE2000 between rows of colours: (n, 3) uint8 each, (n,)."""
    if not len(first):
        return np.zeros(0)
    # Flat pictures hold few different pairs.
    packed = np.hstack([first, second]).astype(np.int64) @ (256 ** np.arange(6))
    _, some, inverse = np.unique(packed, return_index=True, return_inverse=True)
    return ciede2000(first[np.newaxis, some], second[np.newaxis, some])[0][inverse]
