"""Palettes whose error stays small in what a layer computes, not in its weights.

Plain palettes round each weight by itself. Here the columns of a weight are rounded one after the
other, and what a column loses is made good in those that follow, as far as the layer's inputs on
real drawings go together: GPTQ (Frantar et al. 2022, arXiv 2210.17323), with palettes in place of
its grid. Then each palette becomes the best one for the indices that were found.
"""

import numpy as np
from scipy.sparse import csr_array

from conversion.compression.palettes import nearest, palette

# Added to the diagonal, as a share of its mean, as in the paper: inputs that never vary would
# otherwise leave weights free.
DAMPING = 0.01
BLOCK = 96  # columns after which the rest hears of their errors
ROUNDS = 2  # indices, then palettes
MOST_STEPS = 50  # of the weighted k-means that begins
# Weights of an output channel above which a layer is left alone: its inverse would take minutes.
MOST_COLUMNS = 4096


def compensated(
    weight: np.ndarray, moment: np.ndarray, *, bits: int, group: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return (luts, indices): (O / group, 2^bits) float16, ascending, and (O, K) uint8.

    weight: (O, K) float16, a row an output channel. moment: (K, K), the mean over positions of
    x xT of the layer's inputs, in the order of the columns. group: rows that share a palette.
    """
    columns = weight.shape[1]
    damped = moment + DAMPING * np.trace(moment) / columns * np.eye(columns)
    # The inputs that matter most are rounded first, when all others can still make it good.
    order = np.argsort(-np.diag(damped), kind="stable")
    ordered = weight.astype(np.float64)[:, order]
    damped = damped[np.ix_(order, order)]
    spread = np.linalg.cholesky(np.linalg.inv(damped)).T
    rows = range(0, len(weight), group)
    luts = [_weighted(ordered[row : row + group], np.diag(damped), bits=bits) for row in rows]
    found: list[tuple[float, np.ndarray, np.ndarray]] = []
    for _ in range(ROUNDS):
        luts = [np.sort(lut.astype(np.float16).astype(np.float64)) for lut in luts]
        indices = _indices(ordered, spread, np.stack(luts), group=group)
        found.append((*_as_stored(ordered, damped, luts, indices, group=group), indices))
        luts = [
            _refitted(ordered[row : row + group], damped, indices[row : row + group], lut)
            for row, lut in zip(rows, luts, strict=True)
        ]
        found.append((*_as_stored(ordered, damped, luts, indices, group=group), indices))
    _, stored, indices = min(found, key=lambda each: each[0])
    placed = np.empty_like(indices)
    placed[:, order] = indices
    return _ascending(stored, placed, group=group)


def compensated_weight(
    weight: np.ndarray, moment: np.ndarray, *, axis: int, bits: int, group: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same of a weight of any shape: luts, and indices of the shape of the weight.

    axis: of its output channels. moment: in the order of the weights of an output channel.
    """
    first = np.moveaxis(weight, axis, 0)
    luts, indices = compensated(first.reshape(len(first), -1), moment, bits=bits, group=group)
    return luts, np.ascontiguousarray(np.moveaxis(indices.reshape(first.shape), 0, axis))


def lost(weight: np.ndarray, stored: np.ndarray, moment: np.ndarray) -> float:
    """Return the squared error of what a layer computes, a position's, over all its channels.

    weight, stored: (O, K); moment: (K, K).
    """
    error = stored.astype(np.float64) - weight
    return float(np.sum((error @ moment) * error))


def _weighted(rows: np.ndarray, importance: np.ndarray, *, bits: int) -> np.ndarray:
    """Return a palette of rows (G, K) by k-means, each column with its importance (K,)."""
    lut = palette(rows.astype(np.float16), bits=bits)[0].astype(np.float64)
    values, weights = rows.ravel(), np.broadcast_to(importance, rows.shape).ravel()
    for _ in range(MOST_STEPS):
        places = nearest(values, lut)
        held = np.bincount(places, weights, len(lut))
        sums = np.bincount(places, weights * values, len(lut))
        moved = np.sort(np.where(held > 0, sums / np.where(held > 0, held, 1), lut))
        if np.array_equal(moved, lut):
            break
        lut = moved
    return lut


def _indices(weight: np.ndarray, spread: np.ndarray, luts: np.ndarray, *, group: int) -> np.ndarray:
    """Return the place of each weight in its palette, errors made good in later columns.

    spread: the upper Cholesky factor of the inverse moment. luts: ascending.
    """
    left, (count, columns) = weight.copy(), weight.shape
    indices = np.zeros((count, columns), np.uint8)
    middles = (luts[:, 1:] + luts[:, :-1]) / 2
    own = np.arange(count) // group  # the palette of each row
    for start in range(0, columns, BLOCK):
        end = min(start + BLOCK, columns)
        errors = np.empty((count, end - start))
        for column in range(start, end):
            places = (left[:, column, np.newaxis] > middles[own]).sum(axis=1)
            indices[:, column] = places
            error = (left[:, column] - luts[own, places]) / spread[column, column]
            left[:, column + 1 : end] -= np.outer(error, spread[column, column + 1 : end])
            errors[:, column - start] = error
        left[:, end:] -= errors @ spread[start:end, end:]
    return indices


def _refitted(
    rows: np.ndarray, moment: np.ndarray, indices: np.ndarray, lut: np.ndarray
) -> np.ndarray:
    """Return the palette with which these indices lose least: a least-squares problem."""
    size = len(lut)
    products, wanted = np.zeros((size, size)), np.zeros(size)
    for row, places in zip(rows, indices, strict=True):
        # (K, entries): a 1 where a weight takes an entry.
        takes = csr_array(
            (np.ones(len(places)), places, np.arange(len(places) + 1)), (len(places), size)
        )
        summed = takes.T @ moment
        products += takes.T @ summed.T
        wanted += summed @ row
    used = np.flatnonzero(np.diag(products) > 0)
    result = lut.copy()
    result[used] = np.linalg.lstsq(products[np.ix_(used, used)], wanted[used], rcond=1e-10)[0]
    return result


def _as_stored(
    weight: np.ndarray,
    moment: np.ndarray,
    luts: list[np.ndarray],
    indices: np.ndarray,
    *,
    group: int,
) -> tuple[float, np.ndarray]:
    """Return what is lost with palettes in 16 bits, and these, in the order of the indices."""
    stored = np.stack(luts).astype(np.float16)
    made = np.take_along_axis(np.repeat(stored, group, axis=0), indices.astype(np.intp), axis=1)
    return lost(weight, made, moment), stored


def _ascending(
    luts: np.ndarray, indices: np.ndarray, *, group: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return palettes in ascending order, and the same indices into them."""
    order = np.argsort(luts, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1, kind="stable").astype(np.uint8)
    places = np.take_along_axis(np.repeat(ranks, group, axis=0), indices.astype(np.intp), axis=1)
    return np.take_along_axis(luts, order, axis=1), places
