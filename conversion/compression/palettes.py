"""Palettes of weights: the best 2^bits values for a tensor, by k-means in one dimension.

Exact where a general k-means samples: half-precision weights have at most 65,536 different values,
so everything is done on the histogram of their bit patterns, whose sums over intervals are
differences of running sums (Wu 1991). No random numbers: equal weights give equal palettes.
"""

import numpy as np

# Lloyd's steps after which we stop in any case, and a gain in squared error not worth a step.
MOST_STEPS, LEAST_GAIN = 500, 1e-6
# Times that a colour is moved to where it is needed more, after which we stop in any case.
MOST_MOVES = 100
BINS = 512  # of the rough density from which the first palette is drawn


def palette(values: np.ndarray, *, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (lut, indices): 2^bits float16 values, ascending, and each value's index among them.

    values: float16 of any shape, finite. indices: uint8, flat. Where there are fewer different
    values than the palette holds, they are kept as they are and the last one is repeated.
    """
    assert values.dtype == np.float16 and np.isfinite(values).all() and 1 <= bits <= 8
    patterns = np.ascontiguousarray(values).reshape(-1).view(np.uint16)
    present = np.flatnonzero(np.bincount(patterns, minlength=2**16)).astype(np.uint16)
    order = np.argsort(present.view(np.float16), kind="stable")
    present = present[order]
    counts = np.bincount(patterns, minlength=2**16)[present]
    points = present.view(np.float16).astype(np.float64)
    lut = _centers(points, counts, size=2**bits).astype(np.float16)
    index_of_pattern = np.zeros(2**16, np.uint8)
    index_of_pattern[present] = nearest(points, lut.astype(np.float64))
    return lut, index_of_pattern[patterns]


def nearest(points: np.ndarray, lut: np.ndarray) -> np.ndarray:
    """Return the place of the nearest value of an ascending palette, uint8, for each point."""
    return np.searchsorted((lut[1:] + lut[:-1]) / 2, points).astype(np.uint8)


def _centers(points: np.ndarray, counts: np.ndarray, *, size: int) -> np.ndarray:
    """Return `size` ascending numbers that lie close to the counted points in the mean square.

    points: ascending, without repetition.
    """
    if len(points) <= size:
        return np.concatenate([points, np.full(size - len(points), points[-1])])
    sums = _Sums(points, counts)
    centers, error = _settled(_first_centers(points, counts, size=size), points, sums)
    for _ in range(MOST_MOVES):
        moved, moved_error = _settled(_moved(centers, points, sums), points, sums)
        if moved_error >= error * (1 - LEAST_GAIN):
            break
        centers, error = moved, moved_error
    return centers


class _Sums:
    """Running sums of counted points: count, mean and squared error of any interval at once."""

    def __init__(self, points: np.ndarray, counts: np.ndarray) -> None:
        self._number, self._total, self._square = (
            np.concatenate([[0.0], np.cumsum(counts * points**power)]) for power in range(3)
        )

    def means(self, start: np.ndarray, end: np.ndarray, *, otherwise: np.ndarray) -> np.ndarray:
        """Return the mean of each interval of points; `otherwise` where it is empty."""
        number = self._number[end] - self._number[start]
        total = self._total[end] - self._total[start]
        return np.where(number > 0, total / np.maximum(number, 1), otherwise)

    def errors(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Return the squared error of each interval of points against its mean."""
        number = self._number[end] - self._number[start]
        total = self._total[end] - self._total[start]
        square = self._square[end] - self._square[start]
        return np.maximum(square - total**2 / np.maximum(number, 1), 0)


def _settled(centers: np.ndarray, points: np.ndarray, sums: _Sums) -> tuple[np.ndarray, float]:
    """Take Lloyd's steps until they gain nothing; return the centres and their squared error."""
    error = np.inf
    for _ in range(MOST_STEPS):
        edges = _edges(centers, points)
        centers = sums.means(edges[:-1], edges[1:], otherwise=centers)
        before, error = error, float(sums.errors(edges[:-1], edges[1:]).sum())
        if error >= before * (1 - LEAST_GAIN):
            break
    return centers, error


def _moved(centers: np.ndarray, points: np.ndarray, sums: _Sums) -> np.ndarray:
    """Join the two neighbours that differ least, and give the freed colour to the worst interval.

    Lloyd's steps alone stop at the nearest optimum: a colour never passes over another one.
    """
    edges = _edges(centers, points)
    start, end = edges[:-1], edges[1:]
    errors = sums.errors(start, end)
    price = sums.errors(start[:-1], end[1:]) - errors[:-1] - errors[1:]
    middle = np.clip(np.searchsorted(points, centers), start, end)
    gain = errors - sums.errors(start, middle) - sums.errors(middle, end)
    joined, split = int(np.argmin(price)), int(np.argmax(gain))
    if split in (joined, joined + 1):
        return centers
    halves = sums.means(
        np.array([start[split], middle[split]]),
        np.array([middle[split], end[split]]),
        otherwise=centers[split],
    )
    both = sums.means(start[[joined]], end[[joined + 1]], otherwise=centers[[joined]])
    kept = np.delete(centers, [joined, joined + 1, split])
    return np.sort(np.concatenate([kept, both, halves]))


def _edges(centers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return where the points of each centre begin, and the end of the last one's."""
    return np.concatenate(
        [[0], np.searchsorted(points, (centers[1:] + centers[:-1]) / 2), [len(points)]]
    )


def _first_centers(points: np.ndarray, counts: np.ndarray, *, size: int) -> np.ndarray:
    """Spread the centres as the cube root of the density: best for many of them (Bennett 1948)."""
    density, edges = np.histogram(points, bins=BINS, weights=counts)
    share = np.concatenate([[0.0], np.cumsum(np.cbrt(density))])
    return np.interp((np.arange(size) + 0.5) / size * share[-1], share, edges)
