"""What samples of a time say: percentiles, and how sure the median and a ratio of medians are.

The draws of the bootstrap are the shared ones of training/metrics/intervals.py, so that the Swift
package reports the same interval of the same samples.
"""

from collections.abc import Sequence

import numpy as np

from training.errors import DataError
from training.metrics.intervals import RESAMPLES, bootstrap_interval, resampled_blocks

TAILS = (2.5, 97.5)  # per cent: a 95 % interval


def percentile(samples: Sequence[float], q: float) -> float:
    """Return the q-th percentile, linear between neighbours as NumPy's default.

    Raises DataError for no samples, a sample that is not finite, or q outside [0, 100].
    """
    if not 0 <= q <= 100:
        raise DataError(f"percentile: expected q between 0 and 100, received {q!r}.")
    return float(np.percentile(_finite(samples), q))


def bootstrap_median_interval(
    samples: Sequence[float], *, seed: int = 0, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Return the 95 % percentile interval of the median: low, high.

    Raises DataError for no samples, a sample that is not finite, and impossible options.
    """
    return bootstrap_interval(_finite(samples), np.median, seed=seed, resamples=resamples)


def median_ratio_interval(
    samples: Sequence[float], baseline: Sequence[float], *, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Return the 95 % percentile interval of median(samples) / median(baseline): low, high.

    Both sides are resampled, each with a seed of its own: neither is known exactly.
    Raises DataError as `bootstrap_median_interval`, and for a time that is not above 0.
    """
    medians = []
    for seed, values in enumerate((_finite(samples), _finite(baseline))):
        if values.min() <= 0:
            raise DataError(f"expected times above 0, received {values.min():g}.")
        blocks = resampled_blocks(len(values), resamples=resamples, seed=seed)
        medians.append(np.concatenate([np.median(values[drawn], axis=1) for drawn in blocks]))
    low, high = np.percentile(medians[0] / medians[1], TAILS)
    return float(low), float(high)


def _finite(samples: Sequence[float]) -> np.ndarray:
    values = np.asarray(samples, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise DataError(
            f"expected a list of finite numbers, at least one, received {len(values)} of which "
            f"{np.count_nonzero(~np.isfinite(values))} are NaN or infinite."
        )
    return values
