"""What a device report says, as dataclasses: read whole and checked, or written whole.

`device-report/2` is the format of the demo app, of nurie-bench and of benchmarks.latency; its
fields are those of the schema of its number. Reports of version 1 are read as well: what they do
not say is None. Times are in ms; None is what a device cannot read.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks.devices.faults import FORMAT, VERSIONS, find_faults
from benchmarks.devices.histogram import Histogram
from benchmarks.statistics.samples import percentile
from conversion.runtimes.backends import ComputeUnits
from training.errors import ConfigError, DataError
from training.files.atomic import written_whole
from training.files.json_text import read_json

Mode = Literal["burst", "sustained", "idle-gap"]

MOST_FAULTS = 50  # shown of one report; the rest is counted


@dataclass(frozen=True, kw_only=True)
class Device:
    """A machine, as its system names it."""

    model: str
    soc: str
    os: str
    build: str
    ram_mb: float | None = None


@dataclass(frozen=True, kw_only=True)
class App:
    """What measured."""

    name: str
    version: str  # empty where it has none, as the build
    build: str


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What else decides how fast a device is."""

    low_power: bool
    battery: float | None = None  # charge when measuring began, 0 to 1
    battery_after: float | None = None
    charging: bool | None = None
    qos: str
    build_config: Literal["Release", "Debug"]


@dataclass(frozen=True, kw_only=True)
class MeasuredArtifact:
    """The exported model, as its manifest names it."""

    sha256: str
    format: Literal["mlpackage", "tflite", "onnx", "aimodel"]
    spec: int | None = None  # Core ML specification version
    recipe: str
    gate_db: float | None = None  # PSNR that it was made to reach; None: the gate of its recipe
    width: int | None = None  # of its pictures; None: a report of version 1
    height: int | None = None
    bytes: int
    checkpoint_sha256: str
    tools: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LoadTimes:
    """Before the first prediction: compiling the package, loading it anew, and from the cache."""

    compile: float | None = None
    first: float | None = None
    cached: float | None = None


@dataclass(frozen=True, kw_only=True)
class CostShares:
    """Which engine bears how much of a prediction's cost, as the system estimates it: 0 to 1."""

    ane: float
    gpu: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class ComputePlan:
    """How many operations, without constants, the system gives to which engine."""

    ane: int
    gpu: int
    cpu: int
    fallback_ops: list[str]  # types of those that the fastest engine did not take
    cost: CostShares | None = None


@dataclass(frozen=True, kw_only=True)
class GoldenParity:
    """One golden drawing: what the device painted against what Keras painted in float32."""

    golden: str
    psnr_db: float  # infinite when identical: null in JSON, which has no infinity
    max_abs: float  # grey levels
    ssim: float
    nonfinite: int


@dataclass(frozen=True, kw_only=True)
class Run:
    """One runtime with one setting in one mode. Made by `measured_run`, which counts for you."""

    runtime: str
    compute_units: ComputeUnits
    mode: Mode
    load_ms: LoadTimes
    first_predict_ms: float | None = None
    cool_down_s: float | None = None  # waited before, for the system to say nominal
    warmup: int
    n: int
    samples_ms: list[float] | None = None  # in the order of time; None: a histogram has them
    histogram: Histogram | None = None
    p50: float
    p90: float
    p95: float
    p99: float
    e2e_p50_ms: float | None = None  # picture to picture
    baseline_mem_mb: float | None = None  # before the model was loaded
    peak_mem_mb: float | None = None
    thermal: list[str]
    plan: ComputePlan | None = None
    parity: list[GoldenParity] = field(default_factory=list)

    @property
    def times_ms(self) -> list[float]:
        """Every timed prediction, in the order of time; of a histogram the middles of its bins."""
        if self.samples_ms is not None:
            return self.samples_ms
        assert self.histogram is not None, "a report that was read has one of both"
        return self.histogram.times_ms()


@dataclass(frozen=True, kw_only=True)
class DeviceReport:
    """What one exported model did on one device."""

    version: int = VERSIONS[FORMAT]
    started: str | None = None  # UTC, as 2026-11-26T20:31:05Z
    finished: str | None = None
    app: App | None = None  # None: a report of version 1, as the order
    device: Device
    env: Environment
    artifact: MeasuredArtifact
    order: list[ComputeUnits] | None = None  # compute units as they were measured
    runs: list[Run]


def measured_run(
    samples_ms: Sequence[float],
    *,
    runtime: str,
    compute_units: ComputeUnits,
    mode: Mode,
    warmup: int,
    thermal: Sequence[str],
    load_ms: LoadTimes,
    first_predict_ms: float | None = None,
    e2e_p50_ms: float | None = None,
    peak_mem_mb: float | None = None,
    plan: ComputePlan,
    parity: Sequence[GoldenParity] = (),
) -> Run:
    """Return a run with its number of samples and its percentiles. Raises DataError for none."""
    return Run(
        runtime=runtime,
        compute_units=compute_units,
        mode=mode,
        load_ms=load_ms,
        first_predict_ms=first_predict_ms,
        warmup=warmup,
        n=len(samples_ms),
        samples_ms=list(samples_ms),
        p50=percentile(samples_ms, 50),
        p90=percentile(samples_ms, 90),
        p95=percentile(samples_ms, 95),
        p99=percentile(samples_ms, 99),
        e2e_p50_ms=e2e_p50_ms,
        peak_mem_mb=peak_mem_mb,
        thermal=list(thermal),
        plan=plan,
        parity=list(parity),
    )


def write_device_report(report: DeviceReport, path: Path, *, overwrite: bool = False) -> None:
    """Write a report as JSON of the present version, if it is one that `read_device_report` takes.

    Raises OutputExists, DataError with every fault.
    """
    raw: dict[str, Any] = {"schema": FORMAT, **_said(asdict(report))}
    del raw["version"]
    for run in raw["runs"]:
        for row in run["parity"]:
            row["psnr_db"] = None if row["psnr_db"] == math.inf else row["psnr_db"]
    _require_faultless(raw, path)
    with written_whole(path, overwrite=overwrite) as partial:
        text = json.dumps(raw, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        partial.write_text(text, encoding="utf-8")


def read_device_report(path: Path) -> DeviceReport:
    """Read a report. Raises DataError naming the JSON path of every fault at once."""
    try:
        raw = read_json(path, nonfinite=True)  # faults of numbers have their paths
    except ConfigError as error:
        raise DataError(
            f"{path} is not a device report: {error} Expected JSON of {FORMAT!r}, as the demo app "
            "shares it."
        ) from error
    _require_faultless(raw, path)  # the schema has checked names and types
    # Not RecordFormat: Swift leaves out what is nil and writes null for an infinite PSNR.
    return DeviceReport(
        version=VERSIONS[raw["schema"]],
        started=raw.get("started"),
        finished=raw.get("finished"),
        app=App(**raw["app"]) if "app" in raw else None,
        device=Device(**raw["device"]),
        env=Environment(**raw["env"]),
        artifact=MeasuredArtifact(**raw["artifact"]),
        order=raw.get("order"),
        runs=[_run(run) for run in raw["runs"]],
    )


def _said(raw: Any) -> Any:
    """Leave out what is None, wherever it stands."""
    if isinstance(raw, dict):
        return {name: _said(value) for name, value in raw.items() if value is not None}
    return [_said(item) for item in raw] if isinstance(raw, list) else raw


def _require_faultless(raw: object, path: Path) -> None:
    faults = find_faults(raw)
    if not faults:
        return
    lines = [f"  {fault}" for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        lines.append(f"  and {len(faults) - MOST_FAULTS} more")
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    raise DataError("\n".join([f"{path} is not a {FORMAT} that can be used: {count}", *lines]))


def _run(raw: Mapping[str, Any]) -> Run:
    plan = raw.get("plan")
    histogram = raw.get("histogram")
    nested = {
        "load_ms": LoadTimes(**raw["load_ms"]),
        "histogram": None if histogram is None else Histogram(**histogram),
        "plan": None if plan is None else _plan(plan),
        "parity": [_parity(row) for row in raw["parity"]],
    }
    return Run(**{**raw, **nested})


def _plan(raw: Mapping[str, Any]) -> ComputePlan:
    cost = raw.get("cost")
    return ComputePlan(**{**raw, "cost": None if cost is None else CostShares(**cost)})


def _parity(raw: Mapping[str, Any]) -> GoldenParity:
    psnr_db = raw.get("psnr_db")
    return GoldenParity(**{**raw, "psnr_db": math.inf if psnr_db is None else psnr_db})
