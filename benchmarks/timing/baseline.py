"""Compare times with an earlier run's on the same machine, so that noise alone fails nothing.

Rounds are the samples, not single predictions, and only those in which no other process took the
cores: see docs/decisions/0010-latency.md. What a regression is: benchmarks.statistics.ratio.
"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.statistics.ratio import SpeedRatio, compare_times
from benchmarks.timing.record import Latency, Machine, Timing
from training.errors import DataError

# Calm rounds that each side needs: an interval of fewer says nothing.
LEAST_ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One model in one setting, now and before."""

    artifact: str  # path, now
    setting: str
    speed: SpeedRatio | None  # None: too few calm rounds to judge
    calm: tuple[int, int]  # rounds that count, now and before

    @property
    def passed(self) -> bool:
        """Whether nothing says that it became slower than allowed."""
        return self.speed is None or self.speed.passed

    @property
    def verdict(self) -> str:
        """Say what the interval says, or why there is none."""
        if self.speed is None:
            return (
                f"not judged: {self.calm[0]} calm rounds now and {self.calm[1]} in the baseline, "
                f"expected {LEAST_ROUNDS}; measure on an idle machine"
            )
        return self.speed.verdict


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
    return Comparison(
        artifact=now.artifact,
        setting=now.setting,
        speed=compare_times(ours, theirs, tolerance=tolerance) if enough else None,
        calm=calm,
    )


def _key(row: Timing) -> tuple[str, str]:
    # A checkpoint's folder is named after its epoch: the newest of a run stands for the run.
    name = "Keras" if row.format == "keras" else Path(row.artifact).name
    return name, row.setting


def _listed(latency: Latency) -> str:
    return ", ".join(f"{name} in {setting}" for name, setting in map(_key, latency.timings))
