"""Judge what devices reported: parity against the gate of the model, speed against a baseline."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agreement.gates import gate_of
from benchmarks.devices.records import DeviceReport, GoldenParity, MeasuredArtifact, Run
from benchmarks.statistics.ratio import SpeedRatio, compare_times
from benchmarks.statistics.samples import bootstrap_median_interval
from training.errors import DataError


@dataclass(frozen=True)
class Setting:
    """What must be equal for two runs to be compared: not the bytes of the model, which changed."""

    device: str  # model
    recipe: str  # and the gate that the model was made to reach, if it has one of its own
    format: str
    runtime: str
    compute_units: str
    mode: str

    def __str__(self) -> str:
        return (
            f"{self.device}, {self.recipe} {self.format}, {self.runtime} {self.compute_units}, "
            f"{self.mode}"
        )


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The pictures of one setting of one report against Keras."""

    passed: bool
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One run of one report, judged."""

    report: Path
    soc: str
    artifact_sha256: str
    setting: Setting
    run: Run
    p50_interval: tuple[float, float]
    gate: Gate
    speed: SpeedRatio | None  # None: no baseline, or none for this setting

    @property
    def passed(self) -> bool:
        """Whether the run fails neither its gate nor its baseline."""
        return self.gate.passed and (self.speed is None or self.speed.passed)


def judge_reports(
    reports: Mapping[Path, DeviceReport],
    *,
    baseline: DeviceReport | None,
    tolerance: float,
) -> list[Row]:
    """Judge every run of every report: burst before sustained, the fastest first.

    Raises UnsupportedTarget for a model without a gate; DataError where the baseline has no
    setting in common with the reports, so that nothing would be compared.
    """
    earlier = {} if baseline is None else dict(_runs(baseline))
    rows = [
        Row(
            report=path,
            soc=report.device.soc,
            artifact_sha256=report.artifact.sha256,
            setting=setting,
            run=run,
            p50_interval=bootstrap_median_interval(run.times_ms),
            gate=_gate(report, run),
            speed=_against(earlier.get(setting), run, tolerance=tolerance),
        )
        for path, report in reports.items()
        for setting, run in _runs(report)
    ]
    if baseline is not None and all(row.speed is None for row in rows):
        raise DataError(
            "the baseline has no setting in common with the reports: expected the same device, "
            f"recipe, format, runtime, compute units and mode, received {_listed(earlier)} against "
            f"{_listed([row.setting for row in rows])}. Nothing would be compared."
        )
    return sorted(rows, key=lambda row: (row.setting.mode, row.run.p50))


def not_compared(rows: Sequence[Row], baseline: DeviceReport) -> list[str]:
    """Say which settings only the reports or only the baseline measured."""
    ours, theirs = {row.setting for row in rows}, {setting for setting, _ in _runs(baseline)}
    return [
        *(f"{setting}: not in the baseline" for setting in sorted(ours - theirs, key=str)),
        *(f"{setting}: only in the baseline" for setting in sorted(theirs - ours, key=str)),
    ]


def _runs(report: DeviceReport) -> Iterator[tuple[Setting, Run]]:
    for run in report.runs:
        setting = Setting(
            device=report.device.model,
            recipe=_recipe(report.artifact),
            format=report.artifact.format,
            runtime=run.runtime,
            compute_units=run.compute_units,
            mode=run.mode,
        )
        yield setting, run


def _recipe(model: MeasuredArtifact) -> str:
    """Name the recipe: made to reach 35 dB, a model is another than made to reach 40."""
    return model.recipe if model.gate_db is None else f"{model.recipe} {model.gate_db:g} dB"


def _gate(report: DeviceReport, run: Run) -> Gate:
    """Judge all golden drawings that were painted with a run's compute units, in either mode."""
    gate = gate_of(report.artifact)
    painted = [
        row
        for other in report.runs
        if (other.runtime, other.compute_units) == (run.runtime, run.compute_units)
        for row in other.parity
    ]
    if not painted:
        return Gate(passed=False, verdict="FAIL: no golden drawing was painted")
    broken = next((row for row in painted if row.nonfinite), None)
    if broken is not None:
        return Gate(
            passed=False,
            verdict=f"FAIL: {broken.golden}: {broken.nonfinite} values are not finite",
        )
    worst: GoldenParity = min(painted, key=lambda row: row.psnr_db)
    passed = worst.psnr_db >= gate
    reached = "identical" if worst.psnr_db == math.inf else f"{worst.psnr_db:.1f}"
    return Gate(
        passed=passed,
        verdict=f"{'pass' if passed else 'FAIL'}: {reached} {'>=' if passed else '<'} {gate:g} dB"
        f" ({worst.golden})",
    )


def _against(before: Run | None, run: Run, *, tolerance: float) -> SpeedRatio | None:
    if before is None:
        return None
    return compare_times(run.times_ms, before.times_ms, tolerance=tolerance)


def _listed(settings: Sequence[Setting] | Mapping[Setting, Run]) -> str:
    return "; ".join(str(setting) for setting in settings)
