"""What the cells of the experiment came to: rows of numbers, and what these decide.

Every number is read from what the cells left on disk; a row without any says so and has none.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.study.measure import MEASURED_FILE, NUMBERS, Measured, read_measured
from benchmarks.study.plan import (
    FAILED,
    RATES,
    REPAIRED,
    Budget,
    Row,
    further_rate,
    rate_rows,
)
from benchmarks.study.runs import Status, metrics_of, read_status
from benchmarks.study.statistics import difference_estimate, mean_estimate, ratio_estimate
from training.errors import DataError
from training.metrics.coloring import Estimate

CHOSEN_BY = "ciede2000"  # the lowest mean is the best rate, and the best preset
REFERENCES = ("l1-gan-100", "l1-gan-10", "l1-gan-1")
TOLERATED = 1.15  # of the best reference's CIEDE2000: what counts as converged
LARGE_PRESETS = 3


@dataclass(frozen=True, kw_only=True)
class RowResult:
    """One row and what its seeds came to."""

    row: Row
    statuses: dict[int, Status]  # of the seeds that were begun
    measured: dict[int, Measured]  # of the seeds that are complete and measured
    metrics: dict[int, list[dict[str, float]]]  # of the seeds that were begun, epoch by epoch

    @property
    def is_over(self) -> bool:
        """Return whether every seed is measured, or has diverged."""
        return all(seed in self.measured or seed in self.diverged for seed in self.row.seeds)

    @property
    def may_be_ranked(self) -> bool:
        """Return whether a seed has numbers, or none ever will have."""
        return bool(self.measured) or self.is_over

    @property
    def diverged(self) -> dict[int, Status]:
        """Return the seeds whose loss was not finite any more."""
        return {n: status for n, status in self.statuses.items() if status.outcome == "diverged"}

    def values(self, name: str) -> np.ndarray:
        """Return a number of every measured seed and drawing: (seeds, drawings)."""
        return np.stack([measured.numbers[name] for _, measured in sorted(self.measured.items())])

    def mean(self, name: str) -> float:
        """Return the mean of a number over the measured seeds and drawings."""
        return float(self.values(name).mean())

    @property
    def score(self) -> float:
        """Return what rows are ranked by, less is better: infinity without numbers.

        A seed that diverged makes it infinite too: the mean of those that survived is no mean.
        """
        return self.mean(CHOSEN_BY) if self.measured and not self.diverged else math.inf

    def estimates(self) -> dict[str, Estimate | None]:
        """Return the columns of the table over the measured seeds; none where there are none."""
        if not self.measured:
            return {}
        return estimates({name: self.values(name) for name in NUMBERS})

    def first_seed(self) -> "RowResult":
        """Return the same row as if its first seed were all."""
        first = self.row.seeds[0]
        return RowResult(
            row=replace(self.row, seeds=(first,)),
            statuses={n: status for n, status in self.statuses.items() if n == first},
            measured={n: measured for n, measured in self.measured.items() if n == first},
            metrics={n: lines for n, lines in self.metrics.items() if n == first},
        )


def read_row(row: Row, out: Path) -> RowResult:
    """Read what the cells of a row left in `out`. Raises ConfigError, DataError."""
    statuses, measured, metrics = {}, {}, {}
    for seed, cell in zip(row.seeds, row.cells, strict=True):
        folder = out / cell.name
        status = read_status(folder)
        if status is None:
            continue
        statuses[seed], metrics[seed] = status, metrics_of(folder)
        numbers = read_measured(folder)
        if numbers is not None and status.outcome == "complete":
            measured[seed] = numbers
    return RowResult(row=row, statuses=statuses, measured=measured, metrics=metrics)


def estimates(numbers: Mapping[str, np.ndarray]) -> dict[str, Estimate | None]:
    """Return the columns of the table from (seeds, drawings) of each number."""
    return {
        **{name: mean_estimate(numbers[name]) for name in ("psnr_db", "ssim", "ms_ssim")},
        "ciede2000": mean_estimate(numbers["ciede2000"]),
        "colorfulness": ratio_estimate(numbers["colorfulness"], numbers["true_colorfulness"]),
        "bleeding": ratio_estimate(numbers["lost_contrast"], numbers["true_contrast"]),
    }


def difference(first: RowResult, second: RowResult, name: str) -> Estimate | None:
    """Return a number of `first` less that of `second`; None where one of them has none."""
    if not first.measured or not second.measured:
        return None
    if len({measured.ids for row in (first, second) for measured in row.measured.values()}) > 1:
        raise DataError(
            f"expected {first.row.name} and {second.row.name} measured on the same drawings, "
            f"received others. Remove {MEASURED_FILE} of both: it is made again."
        )
    return difference_estimate(first.values(name), second.values(name))


def best_reference(presets: Mapping[str, RowResult]) -> str | None:
    """Return the l1-gan-* that colours best as far as measured; None before each has a number."""
    if not all(name in presets and presets[name].may_be_ranked for name in REFERENCES):
        return None
    best = min(REFERENCES, key=lambda name: presets[name].score)
    return best if math.isfinite(presets[best].score) else None


def has_converged(result: RowResult, presets: Mapping[str, RowResult]) -> bool | None:
    """Return whether a row is near enough to the best reference, as far as both are measured.

    None before that can be said.
    """
    if result.diverged:
        return False
    reference = best_reference(presets)
    if reference is None or not result.measured:
        return None
    return result.score <= TOLERATED * presets[reference].score


def to_mend(presets: Mapping[str, RowResult]) -> list[str]:
    """Return the repaired presets that have not converged: what attempts are made on.

    By the first seed as soon as it is known, by all of them in the end.
    """
    first = {name: result.first_seed() for name, result in presets.items()}
    over = all(result.is_over for result in presets.values())
    return [
        name
        for name in REPAIRED
        if has_converged(first[name], first) is False
        or (over and has_converged(presets[name], presets) is False)
    ]


def best_presets(presets: Mapping[str, RowResult]) -> list[str]:
    """Return the presets that colour best as far as measured; none before each has a number.

    Those of 2017 are not among them.
    """
    candidates = [name for name in presets if name not in FAILED]
    if not all(presets[name].may_be_ranked for name in candidates):
        return []
    return sorted(candidates, key=lambda name: presets[name].score)[:LARGE_PRESETS]


def searched_rates(budget: Budget, net: str, out: Path, *, seeds: int) -> dict[float, RowResult]:
    """Return a net at every rate that is to be tried, by what is measured so far."""
    tried = list(RATES)
    while True:
        rows = rate_rows(budget, net, tried, seeds=seeds)
        results = {rate: read_row(row, out) for rate, row in rows.items()}
        best = best_rate(results)
        over = all(result.is_over for result in results.values())
        further = further_rate(tried, best) if over and best is not None else None
        if further is None:
            return results
        tried.append(further)


def best_rate(results: Mapping[float, RowResult]) -> float | None:
    """Return the rate with the best mean as far as measured; None before each has a number."""
    if not all(result.may_be_ranked for result in results.values()):
        return None
    return min(results, key=lambda rate: results[rate].score)
