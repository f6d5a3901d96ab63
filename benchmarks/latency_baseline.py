"""Hold times to those of an earlier run on the same machine, so that noise alone fails nothing.

A regression is a ratio of medians whose whole 95 % interval lies beyond the tolerance. Rounds are
resampled, not single predictions, and only those in which no other process took the cores: see
docs/decisions/0010-latency.md.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.latency_record import Latency, Machine, Timing
from benchmarks.statistics import median_ratio_interval
from training.errors import DataError

# Calm rounds that each side needs: an interval of fewer says nothing.
LEAST_ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One model in one setting, now and before."""

    artifact: str  # path, now
    setting: str
    ratio: float  # of the medians: 1.1 is 10 % slower
    interval: tuple[float, float] | None  # None: too few calm rounds to judge
    calm: tuple[int, int]  # rounds that count, now and before
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether nothing says that it became slower than allowed."""
        return self.interval is None or self.interval[0] <= 1 + self.tolerance

    @property
    def verdict(self) -> str:
        """Say what the interval says."""
        if self.interval is None:
            return (
                f"not judged: {self.calm[0]} calm rounds now and {self.calm[1]} in the baseline, "
                f"expected {LEAST_ROUNDS}; measure on an idle machine"
            )
        low, high = self.interval
        change = f"{self.ratio:.2f}x ({low:.2f} to {high:.2f})"
        if not self.passed:
            return f"FAIL: {change} > {1 + self.tolerance:.2f}x"
        if high < 1:
            return f"faster: {change}"
        if high > 1 + self.tolerance:
            return f"pass, unsure: {change}; more rounds would tell"
        return f"pass: {change}"


def require_same_machine(machine: Machine, before: Latency) -> None:
    """Raise DataError for a baseline of another machine: before any timing."""
    if machine != before.machine:
        raise DataError(
            f"the baseline was measured on another machine: expected {machine}, received "
            f"{before.machine}. Measure a baseline here with --save."
        )


def compare(now: Latency, before: Latency, *, tolerance: float) -> list[Comparison]:
    """Compare every model and setting that both runs timed, in the order of `now`.

    Models are the same by file name, not by bytes: a new export that became slower is what this
    looks for. Raises DataError for another machine, other drawings, or nothing in common.
    """
    require_same_machine(now.machine, before)
    earlier = {_key(row): row for row in before.timings}
    rows = [
        _compare(row, earlier[_key(row)], tolerance) for row in now.timings if _key(row) in earlier
    ]
    if not rows:
        raise DataError(
            f"the baseline has nothing of what was timed: it holds {_listed(before)}; this run, "
            f"{_listed(now)}. Time the same models in the same settings."
        )
    return rows


def not_compared(now: Latency, before: Latency) -> list[str]:
    """Say which models and settings only one of the two runs timed."""
    ours, theirs = {_key(row) for row in now.timings}, {_key(row) for row in before.timings}
    return [
        *(f"{name} in {setting}: not in the baseline" for name, setting in sorted(ours - theirs)),
        *(f"{name} in {setting}: only in the baseline" for name, setting in sorted(theirs - ours)),
    ]


def _compare(now: Timing, before: Timing, tolerance: float) -> Comparison:
    if now.size != before.size:
        raise DataError(
            f"{now.artifact}: the baseline timed drawings of {before.size} pixels, this run of "
            f"{now.size}. Name the model otherwise, or measure a baseline again."
        )
    ours, theirs = now.undisturbed_ms, before.undisturbed_ms
    calm = len(ours), len(theirs)
    enough = min(calm) >= LEAST_ROUNDS
    if not enough:
        ours, theirs = now.medians_ms, before.medians_ms
    return Comparison(
        artifact=now.artifact,
        setting=now.setting,
        ratio=float(np.median(ours) / np.median(theirs)),
        interval=median_ratio_interval(ours, theirs) if enough else None,
        calm=calm,
        tolerance=tolerance,
    )


def _key(row: Timing) -> tuple[str, str]:
    # A checkpoint's folder is named after its epoch: the newest of a run stands for the run.
    name = "Keras" if row.format == "keras" else Path(row.artifact).name
    return name, row.setting


def _listed(latency: Latency) -> str:
    return ", ".join(f"{name} in {setting}" for name, setting in map(_key, latency.timings))
