"""Find the parts of a drawing's paper that belong together, however open the lines between them.

A ball that is larger than a gap cannot pass it: trapped-ball segmentation, Zhang et al. 2009,
"Vectorizing Cartoon Animations". The places where a ball of some radius has room, farther from ink
than that, form connected components; as the radius falls, they appear, grow and meet. Where two
meet whose rooms are both wider by far than the way between them, that is a gap: they stay two
parts. One that is hardly wider than the way is a bay of the other, and joins it.

Differs from the paper, which fills with each radius in turn: there the tip of every leaf, where
only a smaller ball has room, becomes a region of its own, and waits to be merged by its colour.
"""

import numpy as np

from training.picture.regions.flood import OPEN
from training.picture.regions.lookup import looked_up
from training.picture.regions.runs import find_runs

# Gaps of up to twice the largest radius are closed. Thick lines close more, up to a bound.
LARGEST_RADIUS = 1.0  # widths of a line, and at least
LEAST_SHARE = 1 / 100  # of the picture's shorter side, and at most
MOST_SHARE = 1 / 16  # of it
SMALLEST_RADIUS = 0.3  # widths of a line
RADIUS_STEP = 1.4  # each radius is about the one before, divided by this
NARROW = 1.4  # times as wide as a way is a room to which it is a gap
FINENESS = 3  # room for a ball of radius R is looked for at every (R / this)th pixel


def radii(line_width: float, shape: tuple[int, ...]) -> list[int]:
    """Return the radii of the balls in pixels, falling; 0, which fills all paper, is the last."""
    side = min(shape)
    radius = min(max(LARGEST_RADIUS * line_width, LEAST_SHARE * side), MOST_SHARE * side)
    found = set()
    while radius >= max(1.0, SMALLEST_RADIUS * line_width):
        found.add(int(radius))
        radius /= RADIUS_STEP
    return [*sorted(found, reverse=True), 0]


def find_parts(paper: np.ndarray, *, line_width: float) -> np.ndarray:
    """Return each part as far as it reaches alone: (H, W) int32, from 1; else OPEN.

    paper: (H, W) bool, false somewhere. line_width: in pixels.
    Every area of paper that lines close, corners open to nothing, holds a part.

    For a port: distances are exact; components join over sides, not over corners. New parts are
    numbered by the first pixels of their components, row by row. A part's room is the largest
    distance in it when it appeared. Of parts that join, the one with the largest room remains, and
    among equals the smallest number.
    """
    import cv2

    distance = cv2.distanceTransform(paper.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    record = _Record()
    parts, pitch, before = np.zeros((0, 0), np.int32), 0, 0
    for radius in radii(line_width, paper.shape):
        finer = _pitch(radius)
        sampled = distance[::finer, ::finer]
        parts = _refined(parts, pitch // finer, sampled.shape)
        pitch = finer
        has_room = (sampled > radius).astype(np.uint8)
        count, components = cv2.connectedComponents(has_room, connectivity=4, ltype=cv2.CV_32S)
        owner, new = record.owners(components, count, pitch=pitch, wider=NARROW * before)
        if len(new):
            owner[new] = record.add(components, new, sampled, pitch=pitch)
        grown = looked_up(owner, components, out=components)
        np.copyto(parts, grown, where=grown != OPEN)
        before = radius
    return looked_up(record.remaining(), parts, out=parts)


def _pitch(radius: int) -> int:
    """Return the largest power of two that is no more than a share of the radius."""
    return 1 << max(0, (radius // FINENESS).bit_length() - 1)


def _refined(parts: np.ndarray, times: int, shape: tuple[int, ...]) -> np.ndarray:
    """Show parts seen at every few pixels at more of them."""
    if not parts.size:
        return np.full(shape, OPEN, np.int32)
    if times == 1:
        return parts
    return np.repeat(np.repeat(parts, times, 0)[: shape[0]], times, 1)[:, : shape[1]]


class _Record:
    """The parts found so far, by number from 1, and what has become of each."""

    def __init__(self) -> None:
        self.y = np.zeros(1, np.int64)  # a pixel of each part
        self.x = np.zeros(1, np.int64)
        self.room = np.zeros(1, np.float32)
        self.into = np.zeros(1, np.int32)  # itself, the part that it joined, or OPEN: given up

    def owners(
        self, components: np.ndarray, count: int, *, pitch: int, wider: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Say which part each component belongs to, and which of them belong to none yet.

        count: of components. wider: the room, at least, of a part that stays apart. Returns
        (count,) int32, OPEN where two stay apart; and (K,) int64.
        """
        owner = np.full(count, OPEN, np.int32)
        alive = np.flatnonzero(self.into == np.arange(len(self.into)))[1:]
        holder = components[self.y[alive] // pitch, self.x[alive] // pitch]
        held = np.bincount(holder, minlength=count)
        alone = held[holder] == 1
        owner[holder[alone]] = alive[alone]
        order = np.argsort(holder, kind="stable")
        ends = np.cumsum(held)
        for component in np.flatnonzero(held > 1):
            several = alive[order[ends[component] - held[component] : ends[component]]]
            owner[component] = self._meet(several, wider)
        return owner, np.flatnonzero(held[1:] == 0) + 1

    def add(
        self, components: np.ndarray, new: np.ndarray, distance: np.ndarray, *, pitch: int
    ) -> np.ndarray:
        """Number new parts by their first pixels.

        new: (K,), their components. distance: at the pixels of `components`. Returns (K,) int32.
        """
        runs = find_runs(components)
        count = int(runs.label.max()) + 1
        first = runs.first_pixels(count)[new]
        is_new = np.zeros(count, bool)
        is_new[new] = True
        own = np.flatnonzero(looked_up(is_new, components))
        room = np.zeros(count, np.float32)
        np.maximum.at(
            room, components.reshape(-1)[own], distance[np.divmod(own, components.shape[1])]
        )
        order = np.argsort(first)
        numbers = np.empty(len(new), np.int32)
        numbers[order] = np.arange(len(new)) + len(self.into)
        y, x = np.divmod(first[order], components.shape[1])
        self.y = np.concatenate([self.y, y * pitch])
        self.x = np.concatenate([self.x, x * pitch])
        self.room = np.concatenate([self.room, room[new[order]]])
        self.into = np.concatenate([self.into, numbers[order]])
        return numbers

    def remaining(self) -> np.ndarray:
        """Return what each number has become: (parts + 1,) int32."""
        into = self.into
        while not np.array_equal(into, again := into[into]):
            into = again
        return into

    def _meet(self, several: np.ndarray, wider: float) -> int:
        """Let parts join or stay apart. Returns the one that is left, or OPEN."""
        apart = self.room[several] >= wider
        if np.count_nonzero(apart) > 1:
            self.into[several[~apart]] = OPEN  # flooded from whichever they are bays of
            return OPEN
        remains = int(several[np.argmax(self.room[several])])
        self.into[several] = remains
        return remains
