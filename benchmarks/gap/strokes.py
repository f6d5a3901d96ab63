"""Draw the lines of a drawing as a hand does: stroke by stroke, each a little off and uneven.

The ink's skeleton (Zhang and Suen 1984, by scikit-image) is parted into strokes where lines meet;
each is drawn anew with a wobble, a pressure that changes along it, and an end that comes too early
or too late. Areas of ink, such as pupils, stay.
"""

from collections import defaultdict

import numpy as np

from training.picture.strokes import line_width
from training.pixels import INK_BELOW, PAPER

# Shares of the side of the picture. Half a line of OpenMoji's is 0.014: the wobble stays within it,
# so that the colours below still end at the line.
WOBBLE, WOBBLE_LENGTH = 0.006, 0.12
END = 0.02  # how much too long or too short a stroke is, at most
PRESSURE = (0.6, 1.3)  # of the line's own width
LIGHTEST = 0.35  # share of its ink that the lightest stroke lacks
_SHORTEST = 0.02  # of the side: what is shorter is a spur of the skeleton
_SHIFT = 4  # binary places of OpenCV's coordinates


def by_hand(lineart: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the lines of a drawing anew, as a hand does.

    lineart: (H, W) uint8, best at four times the side at which it is used. Returns the same shape.
    """
    import cv2
    from skimage.morphology import skeletonize

    width = line_width(lineart)
    if width is None:
        return lineart
    ink = lineart < INK_BELOW
    side = max(lineart.shape)
    disc_side = 2 * round(0.8 * width) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (disc_side, disc_side))
    areas = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, disc) > 0
    drawn = np.where(areas, 0, PAPER).astype(np.uint8)
    for stroke in strokes_of(skeletonize(ink & ~areas)):
        if len(stroke) >= _SHORTEST * side:
            drawn = np.minimum(drawn, _drawn(stroke, lineart.shape, width, rng))
    return drawn


def strokes_of(skeleton: np.ndarray) -> list[np.ndarray]:
    """Part a skeleton, (H, W) bool, into strokes: (n, 2) rows and columns from end to end.

    A stroke ends where the line does, or where three or more meet; a ring has one anywhere. Every
    step between neighbours belongs to one stroke.
    """
    places = {(int(row), int(column)) for row, column in np.argwhere(skeleton)}
    beside: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for row, column in places:
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                other = (row + down, column + right)
                # No diagonal step around a corner of the skeleton: it is walked along.
                cut = down and right and {(row + down, column), (row, column + right)} & places
                if (down or right) and other in places and not cut:
                    beside[row, column].append(other)
    walked: set[frozenset[tuple[int, int]]] = set()
    strokes = []
    ends = sorted(place for place in places if len(beside[place]) != 2)
    for start in [*ends, *sorted(places)]:  # then rings, which have no end
        for first in sorted(beside[start]):
            if frozenset((start, first)) in walked:
                continue
            path = [start, first]
            walked.add(frozenset(path))
            while len(beside[path[-1]]) == 2:
                onward = [p for p in beside[path[-1]] if frozenset((path[-1], p)) not in walked]
                if not onward:
                    break
                walked.add(frozenset((path[-1], onward[0])))
                path.append(onward[0])
            strokes.append(np.array(path))
    return strokes


def _drawn(
    stroke: np.ndarray, shape: tuple[int, ...], width: float, rng: np.random.Generator
) -> np.ndarray:
    """Draw one stroke on paper: (H, W) uint8."""
    import cv2

    side = max(shape)
    line = _smoothed(stroke.astype(float))
    if (stroke[0] != stroke[-1]).any():  # no ring
        line = _other_end(_other_end(line, rng, side)[::-1], rng, side)
    line = line + side * WOBBLE * _slow_noise(len(line), side, rng, columns=2)
    pressure = np.clip(1 + 0.3 * _slow_noise(len(line), side, rng, columns=1)[:, 0], *PRESSURE)
    paper = np.full(shape, PAPER, np.uint8)
    points = np.round(line[:, ::-1] * 2**_SHIFT).astype(int)
    for n in range(len(points) - 1):
        thickness = max(1, round(width * float(pressure[n])))
        ends = (points[n].tolist(), points[n + 1].tolist())
        cv2.line(paper, *ends, 0, thickness, cv2.LINE_AA, _SHIFT)
    strength = 1 - LIGHTEST * rng.random()
    return PAPER - np.round((PAPER - paper) * strength).astype(np.uint8)


def _smoothed(line: np.ndarray) -> np.ndarray:
    """Take the steps of pixels out of a line, by the mean of five; its ends stay."""
    padded = np.pad(line, ((2, 2), (0, 0)), mode="edge")
    mean = np.mean([padded[n : n + len(line)] for n in range(5)], axis=0)
    mean[[0, -1]] = line[[0, -1]]
    return mean


def _other_end(line: np.ndarray, rng: np.random.Generator, side: int) -> np.ndarray:
    """End a line too early or too late; at most a quarter of it is lost."""
    by = round(side * END * rng.uniform(-1, 1))
    if by < 0:
        return line[: len(line) - min(-by, len(line) // 4)]
    way = line[-1] - line[max(0, len(line) - 6)]
    way /= max(float(np.hypot(*way)), 1e-9)
    return np.concatenate([line, line[-1] + way * np.arange(1, by + 1)[:, np.newaxis]])


def _slow_noise(count: int, side: int, rng: np.random.Generator, *, columns: int) -> np.ndarray:
    """Return noise along a line that changes slowly: (count, columns), deviation about 1."""
    knots = 2 + round(count / (WOBBLE_LENGTH * side))
    values = rng.normal(size=(knots, columns))
    at = np.linspace(0, knots - 1, count)
    return np.stack([np.interp(at, np.arange(knots), value) for value in values.T], axis=1)
