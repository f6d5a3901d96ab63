"""How sure a measured number is: the percentile bootstrap of Efron 1979, 95 % of 1,000 resamples.

Draws are NumPy's from a fixed seed: the same samples have the same interval.
"""

from collections.abc import Callable

import numpy as np

from training.errors import DataError

RESAMPLES = 1000
TAILS = (2.5, 97.5)  # per cent: a 95 % interval
BLOCK = 2**18  # draws at a time: all resamples of a minute of predictions would not fit in memory

Statistic = Callable[[np.ndarray], np.ndarray]  # (r, n, ...) resamples -> (r, ...)


def bootstrap_interval(
    samples: np.ndarray, statistic: Statistic, *, seed: int = 0
) -> tuple[float, float]:
    """Return the percentile interval of `statistic` over resampled samples: low, high.

    statistic: returns a number for each resample. Percentiles are linear, as NumPy's default.
    Raises DataError as `resampled`.
    """
    low, high = np.percentile(resampled(samples, statistic, seed=seed), TAILS)
    return float(low), float(high)


def resampled(samples: np.ndarray, statistic: Statistic, *, seed: int) -> np.ndarray:
    """Return the statistic of each resample: (RESAMPLES, ...).

    samples: (n, ...) of finite numbers; whole rows are drawn, so pairs stay pairs. statistic: takes
    some resamples at a time, (r, n, ...), and returns what is finite of each, (r, ...).
    Raises DataError for no samples, and for NaN or infinity in them or in what becomes of them.
    """
    samples = np.asarray(samples)
    if samples.ndim == 0 or not len(samples) or not np.isfinite(samples).all():
        raise DataError(
            "bootstrap: expected an array of finite numbers, a row for each sample, at least one, "
            f"received shape {samples.shape} with {np.count_nonzero(~np.isfinite(samples))} that "
            "are NaN or infinite. Leave those out, and say so."
        )
    n = len(samples)
    rng = np.random.default_rng(seed)
    at_once = max(1, BLOCK // n)
    values = np.concatenate(
        [
            statistic(samples[rng.integers(n, size=(min(at_once, RESAMPLES - first), n))])
            for first in range(0, RESAMPLES, at_once)
        ]
    )
    if not np.isfinite(values).all():
        raise DataError(
            f"bootstrap: the statistic is not finite for every resample of {n} samples. Choose one "
            "that is."
        )
    return values


def resampled_indices(n: int, *, seed: int) -> np.ndarray:
    """Return which of n samples `resampled` draws: (RESAMPLES, n) int64."""
    return np.random.default_rng(seed).integers(n, size=(RESAMPLES, n))
