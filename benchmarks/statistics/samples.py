"""What samples of a time say: percentiles, and how sure the median and a ratio of medians are."""

from collections.abc import Sequence

import numpy as np

from training.errors import DataError
from training.metrics.intervals import TAILS, bootstrap_interval, resampled


def percentile(samples: Sequence[float], q: float) -> float:
    """Return the q-th percentile, linear between neighbours as NumPy's default.

    Raises DataError for no samples, a sample that is not finite, or q outside [0, 100].
    """
    if not 0 <= q <= 100:
        raise DataError(f"percentile: expected q between 0 and 100, received {q!r}.")
    return float(np.percentile(_finite(samples), q))


def bootstrap_median_interval(samples: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile interval of the median: low, high.

    Raises DataError for no samples, and a sample that is not finite.
    """
    return bootstrap_interval(_finite(samples), _median)


def median_ratio_interval(
    samples: Sequence[float], baseline: Sequence[float]
) -> tuple[float, float]:
    """Return the 95 % percentile interval of median(samples) / median(baseline): low, high.

    Both sides are resampled, each with a seed of its own: neither is known exactly.
    Raises DataError as `bootstrap_median_interval`, and for a time that is not above 0.
    """
    medians = []
    for seed, values in enumerate((_finite(samples), _finite(baseline))):
        if values.min() <= 0:
            raise DataError(f"expected times above 0, received {values.min():g}.")
        medians.append(resampled(values, _median, seed=seed))
    low, high = np.percentile(medians[0] / medians[1], TAILS)
    return float(low), float(high)


def _median(drawn: np.ndarray) -> np.ndarray:
    return np.median(drawn, axis=1)


def _finite(samples: Sequence[float]) -> np.ndarray:
    values = np.asarray(samples, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise DataError(
            f"expected a list of finite numbers, at least one, received {len(values)} of which "
            f"{np.count_nonzero(~np.isfinite(values))} are NaN or infinite."
        )
    return values
