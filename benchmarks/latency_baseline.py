"""Hold times to those of an earlier run on the same machine, so that noise alone fails nothing.

A regression is a ratio of medians whose whole 95 % interval lies beyond the tolerance. Rounds are
resampled, not single predictions: see docs/decisions/0010-latency.md.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.latency_record import Latency, Timing
from benchmarks.statistics import median_ratio_interval
from training.errors import ConfigError, DataError


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One model in one setting, now and before."""

    artifact: str  # path, now
    setting: str
    ratio: float  # of the medians: 1.1 is 10 % slower
    low: float
    high: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether it may be as fast as allowed, as far as the samples can tell."""
        return self.low <= 1 + self.tolerance

    @property
    def verdict(self) -> str:
        """Say what the interval says."""
        change = f"{self.ratio:.2f}x ({self.low:.2f} to {self.high:.2f})"
        if not self.passed:
            return f"FAIL: {change} > {1 + self.tolerance:.2f}x"
        if self.high < 1:
            return f"faster: {change}"
        if self.high > 1 + self.tolerance:
            return f"pass, unsure: {change}; more rounds would tell"
        return f"pass: {change}"


def parse_tolerance(text: str) -> float:
    """Return "10%" as 0.1. Raises ConfigError for anything but a percentage from 0 % up."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", text.strip())
    if not found:
        raise ConfigError(f"tolerance: expected a percentage such as 10%, received {text!r}.")
    return float(found[1]) / 100


def compare(now: Latency, before: Latency, *, tolerance: float) -> list[Comparison]:
    """Compare every model and setting that both runs timed, in the order of `now`.

    Models are the same by file name, not by bytes: a new export that became slower is what this
    looks for. Raises DataError for another machine, other drawings, or nothing in common.
    """
    if now.machine != before.machine:
        raise DataError(
            f"the baseline was measured on another machine: expected {now.machine}, received "
            f"{before.machine}. Measure a baseline here with --save."
        )
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
    low, high = median_ratio_interval(now.medians_ms, before.medians_ms)
    return Comparison(
        artifact=now.artifact,
        setting=now.setting,
        ratio=float(np.median(now.medians_ms) / np.median(before.medians_ms)),
        low=low,
        high=high,
        tolerance=tolerance,
    )


def _key(row: Timing) -> tuple[str, str]:
    # A checkpoint's folder is named after its epoch: the newest of a run stands for the run.
    name = "Keras" if row.format == "keras" else Path(row.artifact).name
    return name, row.setting


def _listed(latency: Latency) -> str:
    return ", ".join(f"{name} in {setting}" for name, setting in map(_key, latency.timings))
