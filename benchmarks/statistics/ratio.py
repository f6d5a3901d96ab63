"""Times against earlier times: the ratio of their medians, how sure it is, and the verdict.

A regression is a ratio whose whole 95 % bootstrap interval lies beyond the tolerance: noise alone
does not make one, and few or scattered samples leave it open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.statistics.samples import median_ratio_interval
from training.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class SpeedRatio:
    """How much slower something became."""

    ratio: float  # of the medians: 1.1 is 10 % slower
    interval: tuple[float, float]
    tolerance: float  # 0.1: up to 10 % slower

    @property
    def passed(self) -> bool:
        """Whether it may still be no slower than allowed."""
        return self.interval[0] <= 1 + self.tolerance

    @property
    def verdict(self) -> str:
        """Say what the interval says."""
        low, high = self.interval
        change = f"{self.ratio:.2f}x ({low:.2f} to {high:.2f})"
        if not self.passed:
            return f"FAIL: {change} > {1 + self.tolerance:.2f}x"
        if high < 1:
            return f"faster: {change}"
        if high > 1 + self.tolerance:
            return f"pass, unsure: {change}; more samples would tell"
        return f"pass: {change}"


def compare_times(
    samples: Sequence[float], baseline: Sequence[float], *, tolerance: float
) -> SpeedRatio:
    """Compare times with earlier ones, both in one unit and each sample independent of the others.

    Raises DataError for no samples, and for a time that is not finite and above 0.
    """
    return SpeedRatio(
        interval=median_ratio_interval(samples, baseline),
        ratio=float(np.median(samples) / np.median(baseline)),
        tolerance=tolerance,
    )


def parse_tolerance(text: str) -> float:
    """Return "10%", how much slower is no regression yet, as 0.1.

    Raises ConfigError for anything but a percentage from 0 % up.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", text.strip())
    if not found:
        raise ConfigError(f"tolerance: expected a percentage such as 10%, received {text!r}.")
    return float(found[1]) / 100
