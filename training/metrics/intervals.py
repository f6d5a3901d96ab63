"""How sure a measured number is: percentile bootstrap, with draws that any language can repeat.

Efron 1979. The draws are those of SplitMix64 (Steele, Lea and Flood 2014), so that Python here and
Swift on a phone resample the same way from the same seed.
"""

from collections.abc import Callable, Iterator

import numpy as np

from training.errors import DataError

RESAMPLES = 1000
CONFIDENCE = 0.95
# SplitMix64: the state grows by the golden ratio x 2^64, and is mixed by two odd multipliers.
GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
BLOCK = 2**18  # draws at a time: all resamples of many samples would not fit in memory
UNIT = 2.0**-53  # the upper 53 of 64 bits, as a number in [0, 1)

Statistic = Callable[[np.ndarray], float | np.floating]


def bootstrap_interval(
    samples: np.ndarray,
    statistic: Statistic,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Return the percentile interval of `statistic` over resampled samples: low, high.

    samples: (n, ...) of finite numbers; whole rows are drawn, so pairs stay pairs. statistic: takes
    an array like `samples`, returns a finite number. Percentiles are linear, as NumPy's default.
    Raises DataError for no samples, for NaN or infinity, and for impossible options.
    """
    samples = np.asarray(samples)
    if samples.ndim == 0 or not np.isfinite(samples).all():
        raise DataError(
            "bootstrap: expected an array of finite numbers with one row per sample, received "
            f"shape {samples.shape} with {np.count_nonzero(~np.isfinite(samples))} that are NaN or "
            "infinite. Leave those out, and say so."
        )
    if not 0 < confidence < 1:
        raise DataError(
            f"bootstrap: expected a confidence between 0 and 1, received {confidence!r}."
        )
    n = len(samples)
    blocks = resampled_blocks(n, resamples=resamples, seed=seed)
    values = [float(statistic(samples[row])) for drawn in blocks for row in drawn]
    tail = 50 - 50 * confidence  # per cent; exactly 2.5 for 0.95
    low, high = np.percentile(values, [tail, 100 - tail])
    if not np.isfinite([low, high]).all():
        raise DataError(
            f"bootstrap: the statistic is not finite for every resample of {n} samples. Choose one "
            "that is."
        )
    return float(low), float(high)


def resampled_indices(n: int, *, resamples: int, seed: int) -> np.ndarray:
    """Draw n of n samples with replacement, `resamples` times. Returns (resamples, n) int64.

    Resample r uses the draws r * n ... r * n + n - 1 of SplitMix64 whose state starts at `seed`;
    an index is floor((draw >> 11) * 2^-53 * n). Raises DataError for impossible numbers.
    """
    return np.concatenate(list(resampled_blocks(n, resamples=resamples, seed=seed)))


def resampled_blocks(n: int, *, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield the rows of `resampled_indices` in their order, as many at a time as fit in memory."""
    _require_possible(n, resamples=resamples, seed=seed)
    at_once = max(1, BLOCK // n)
    for first in range(0, resamples, at_once):
        count = min(at_once, resamples - first)
        yield _indices(n, first_draw=first * n, draws=count * n, seed=seed).reshape(count, n)


def _require_possible(n: int, *, resamples: int, seed: int) -> None:
    if n < 1:
        raise DataError("bootstrap: expected at least one sample, received none.")
    if resamples < 1:
        raise DataError(f"bootstrap: expected at least one resample, received {resamples}.")
    if not 0 <= seed < 2**64:
        raise DataError(f"bootstrap: expected a seed in [0, 2^64), received {seed}.")


def _indices(n: int, *, first_draw: int, draws: int, seed: int) -> np.ndarray:
    # Rounding never reaches n: (1 - 2^-53) * n is at least half a unit in the last place below it
    unit = (_splitmix64(first_draw, draws, seed=seed) >> np.uint64(11)).astype(np.float64) * UNIT
    return np.floor(unit * n).astype(np.int64)


def _splitmix64(first_draw: int, draws: int, *, seed: int) -> np.ndarray:
    """Return (draws,) uint64. The state is a counter, so any stretch of draws can be had alone."""
    counter = np.arange(first_draw + 1, first_draw + draws + 1, dtype=np.uint64)
    state = np.uint64(seed) + counter * GOLDEN_GAMMA  # arrays of uint64 wrap around, as meant
    state = (state ^ (state >> np.uint64(30))) * MIX_1
    state = (state ^ (state >> np.uint64(27))) * MIX_2
    return state ^ (state >> np.uint64(31))
