"""Kernel inception distance: how far painted pictures are from true ones as a whole.

Binkowski et al. 2018: the squared maximum mean discrepancy of features under a cubic polynomial
kernel. 0 for two samples of one distribution; an unbiased estimate may fall below. Unlike the other
metrics it does not ask which colour a drawing has, but whether such pictures exist.
"""

from dataclasses import dataclass

import numpy as np

from training.errors import DataError
from training.metrics.intervals import bootstrap_interval

DEGREE, OFFSET = 3, 1.0  # k(a, b) = (a . b / dimensions + 1)^3 (Binkowski et al. 2018, section 4)
SUBSETS = 100  # as in the paper's experiments
SUBSET_SIZE = 1000  # the paper's; fewer than twice as many drawings are halved instead
FEWEST = 10  # drawings; below, even the halves say nothing
MOST = 5000  # drawings; a matrix of all pairs takes 200 MB, and there are a few


@dataclass(frozen=True, kw_only=True)
class KernelDistance:
    """KID of painted pictures, and how sure it is."""

    value: float  # of all drawings
    low: float  # 95 % bootstrap interval over drawings
    high: float
    drawings: int
    subset_size: int  # drawings of each of SUBSETS subsets
    subset_mean: float
    subset_std: float


def kernel_distance(painted: np.ndarray, true: np.ndarray, *, seed: int = 0) -> KernelDistance:
    """Measure how far painted features are from true ones.

    painted, true: (N, D) features of the same N drawings; of more than MOST, the first ones.
    Raises DataError unless both have one shape, are finite, and N is 10 or more.
    """
    _require_usable(painted, true)
    painted, true = painted[:MOST], true[:MOST]
    n = len(true)
    terms = pair_terms(painted.astype(np.float64), true.astype(np.float64))
    low, high = bootstrap_interval(
        np.arange(n),
        lambda drawn: np.array(
            [mean_of_pairs(terms, np.bincount(rows, minlength=n)) for rows in drawn]
        ),
        seed=seed,
    )
    size = min(SUBSET_SIZE, n // 2)
    rng = np.random.default_rng(seed)
    subsets = [rng.permutation(n)[:size] for _ in range(SUBSETS)]
    values = [mean_of_pairs(terms, np.bincount(subset, minlength=n)) for subset in subsets]
    return KernelDistance(
        value=mean_of_pairs(terms, np.ones(n)),
        low=low,
        high=high,
        drawings=n,
        subset_size=size,
        subset_mean=float(np.mean(values)),
        subset_std=float(np.std(values, ddof=1)),
    )


def pair_terms(painted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Return (N, N) of two samples (N, D) of the same N drawings: what their MMD^2 is the mean of.

    For drawings i and j, k(p_i, p_j) + k(t_i, t_j) - k(p_i, t_j) - k(p_j, t_i): the U-statistic of
    Gretton et al. 2012, equation 4, which the authors of KID offer too. The other unbiased form
    keeps k(p_i, t_i), which is right for independent samples only: here a picture and its truth are
    of one drawing.
    """
    across = _kernel(painted, true)
    return _kernel(painted, painted) + _kernel(true, true) - across - across.T


def mean_of_pairs(terms: np.ndarray, times: np.ndarray) -> float:
    """Average over pairs of different drawings, drawing i standing in the sample times[i] times.

    A drawing that a bootstrap drew twice is no pair with itself: counting it as one would add
    k(a, a), which is larger than any k(a, b), and push the whole interval up.
    """
    times = times.astype(np.float64)
    pairs = times.sum() ** 2 - (times**2).sum()
    total = times @ terms @ times - times**2 @ np.diagonal(terms)
    return float(total / pairs)


def _kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first @ second.T / first.shape[1] + OFFSET) ** DEGREE


def _require_usable(painted: np.ndarray, true: np.ndarray) -> None:
    if painted.ndim != 2 or painted.shape != true.shape or len(true) < FEWEST:
        raise DataError(
            f"KID: expected features (N, D) of the same {FEWEST} or more drawings, received "
            f"{painted.shape} and {true.shape}."
        )
    if not (np.isfinite(painted).all() and np.isfinite(true).all()):
        raise DataError("KID: expected finite features, received NaN or infinity.")
