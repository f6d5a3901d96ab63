"""Times of Core ML on a Mac as device reports, one for each model: what a phone would send."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.devices.records import (
    App,
    ComputePlan,
    Device,
    DeviceReport,
    Environment,
    LoadTimes,
    MeasuredArtifact,
    measured_run,
    write_device_report,
)
from benchmarks.timing.record import Latency, Timing
from conversion.errors import UnsupportedTarget
from conversion.manifest import read_manifest
from conversion.runtimes.backends import ComputeUnits
from training.files.atomic import require_absent

APP = App(name="benchmarks.latency", version="", build="")
Inspect = Callable[[Path, ComputeUnits], tuple[LoadTimes, ComputePlan]]


def require_core_ml() -> None:
    """Raise UnsupportedTarget where there is no Core ML to report on."""
    if sys.platform != "darwin":
        raise UnsupportedTarget(
            f"device reports are of Core ML: expected macOS, received {sys.platform}. Time here "
            "without --device-reports; nurie-bench and the demo app report on devices."
        )


def require_reports_absent(models: Sequence[Path], folder: Path, *, overwrite: bool) -> None:
    """Raise OutputExists if the report of a model is there already: before any timing."""
    for model in models:
        require_absent(report_path(model, folder), overwrite=overwrite)


def report_path(artifact: Path, folder: Path) -> Path:
    """Return where the report of an artifact stands."""
    return folder / f"{artifact.stem}-device.json"


def device_reports(
    latency: Latency,
    *,
    device: Device,
    environment: Environment,
    inspect: Inspect,
    finished: datetime | None = None,
) -> dict[Path, DeviceReport]:
    """Return a report for each model that Core ML ran, a run for each of its compute units.

    inspect: times compiling and loading, and asks for the compute plan, of a model with one
    setting. Pictures are not compared here: that is what benchmarks.parity does. finished: when;
    None: nobody noted it. Models took turns, block by block: the order is the one of the runs.
    """
    timings: dict[Path, list[Timing]] = {}
    for row in latency.timings:
        if row.compute_units is not None:
            timings.setdefault(Path(row.artifact), []).append(row)
    reports = {}
    for artifact, rows in timings.items():
        manifest = read_manifest(artifact)
        runs = []
        for row in rows:
            assert row.compute_units is not None
            loads, plan = inspect(artifact, row.compute_units)
            runs.append(
                measured_run(
                    row.samples_ms,
                    runtime="coreml",
                    compute_units=row.compute_units,
                    mode="burst",
                    warmup=latency.warm_up,
                    thermal=latency.thermal,
                    load_ms=loads,
                    first_predict_ms=row.first_ms,
                    e2e_p50_ms=row.summary()["end_to_end_p50_ms"],
                    peak_mem_mb=row.peak_mb,
                    plan=plan,
                )
            )
        height, width = manifest.interface.height_width
        reports[artifact] = DeviceReport(
            finished=None if finished is None else f"{finished.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            app=APP,
            device=device,
            env=environment,
            artifact=MeasuredArtifact(
                sha256=manifest.sha256,
                format="mlpackage",
                recipe=manifest.recipe,
                gate_db=manifest.gate_db,
                width=width,
                height=height,
                bytes=manifest.bytes,
                checkpoint_sha256=manifest.checkpoint_sha256,
                tools=manifest.tools,
            ),
            order=[run.compute_units for run in runs],
            runs=runs,
        )
    return reports


def write_device_reports(latency: Latency, folder: Path, *, overwrite: bool) -> list[Path]:
    """Write the reports of this Mac into `folder`. Returns their paths. Raises OutputExists."""
    from benchmarks.timing import mac

    reports = device_reports(
        latency,
        device=mac.this_device(),
        environment=mac.this_environment(),
        inspect=mac.loads_and_plan,
        finished=datetime.now(UTC),
    )
    paths = []
    for artifact, report in reports.items():
        paths.append(report_path(artifact, folder))
        write_device_report(report, paths[-1], overwrite=overwrite)
    return paths
