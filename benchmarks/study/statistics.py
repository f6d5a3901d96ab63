"""Means over seeds and drawings, and how sure they are: a two-level bootstrap.

Another training with another seed, and another set of drawings, would each give another mean. Both
are drawn anew in every resample: seeds for each net by itself, drawings for all nets alike, so that
a difference of two nets is paired over drawings. Draws are those of training/metrics/intervals.py.

Few seeds drawn anew vary too little, by (S - 1) / S in the variance; the difference is made up for
(Davison and Hinkley 1997, 2.7 on small samples), so that three seeds are as doubtful as they are.
"""

import math

import numpy as np

from training.errors import DataError
from training.metrics.coloring import Estimate
from training.metrics.intervals import TAILS, resampled_indices

DRAWINGS, FIRST_NET, SECOND_NET = range(3)  # seeds of the draws


def mean_estimate(values: np.ndarray) -> Estimate | None:
    """Return the mean of (seeds, drawings) and its 95 % interval; None where one is infinite."""
    if not np.isfinite(values).all():
        return None
    return _estimate(values.mean(), resampled_means(values, net=FIRST_NET))


def ratio_estimate(above: np.ndarray, below: np.ndarray) -> Estimate | None:
    """Return mean over mean of (seeds, drawings), as `metrics.coloring` does; None over nothing."""
    lower = resampled_means(below, net=FIRST_NET)
    if lower.min() <= 0:
        return None
    return _estimate(above.mean() / below.mean(), resampled_means(above, net=FIRST_NET) / lower)


def difference_estimate(first: np.ndarray, second: np.ndarray) -> Estimate | None:
    """Return the mean of `first` less that of `second`; None where a number is infinite.

    first, second: (seeds, drawings) of two nets; seeds may differ in number, drawings may not.
    Raises DataError where they do.
    """
    if first.shape[1] != second.shape[1]:
        raise DataError(
            f"expected two nets measured on the same drawings, received {first.shape[1]} and "
            f"{second.shape[1]}. Measure both on one data set."
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return None
    drawn = resampled_means(first, net=FIRST_NET) - resampled_means(second, net=SECOND_NET)
    return _estimate(first.mean() - second.mean(), drawn)


def resampled_means(values: np.ndarray, *, net: int) -> np.ndarray:
    """Return the mean of each resample: (RESAMPLES,)."""
    seeds, drawings = values.shape
    chosen = resampled_indices(seeds, seed=net)  # (R, S)
    drawn = resampled_indices(drawings, seed=DRAWINGS)  # (R, D)
    mean = values.mean(axis=0)
    over_seeds = values[chosen].mean(axis=1)  # (R, D)
    if seeds > 1:
        over_seeds = mean + math.sqrt(seeds / (seeds - 1)) * (over_seeds - mean)
    return np.take_along_axis(over_seeds, drawn, axis=1).mean(axis=1)


def _estimate(value: float, resampled: np.ndarray) -> Estimate:
    low, high = np.percentile(resampled, TAILS)
    return Estimate(value=float(value), low=float(low), high=float(high))
