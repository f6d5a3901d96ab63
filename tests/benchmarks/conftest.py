"""What several tests share: made-up reports of devices."""

import copy
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SYNTHETIC = "Synthetic1,1"
RATIO = 1.02  # of the bins of a histogram


@pytest.fixture(scope="session")
def export_copy() -> Callable[..., Path]:
    """Copy a package to another name, and change what its manifest says."""
    from conversion.manifest import manifest_path

    def copy(package: Path, output: Path, **changes: object) -> Path:
        shutil.copytree(package, output)
        raw = json.loads(manifest_path(package).read_text()) | {"artifact": output.name} | changes
        manifest_path(output).write_text(json.dumps(raw))
        return output

    return copy


@pytest.fixture(scope="session")
def synthetic_run() -> Callable[..., dict[str, Any]]:
    """Draw one run of a report. Made-up numbers, named synthetic: no such device exists."""
    return draw_run


@pytest.fixture(scope="session")
def version_1() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Turn a report without histograms into one of version 1."""
    return older


@pytest.fixture(scope="session")
def synthetic_report() -> Callable[..., dict[str, Any]]:
    """Make a report of runs. Made-up numbers, named synthetic: no such device exists."""
    return make_report


def draw_run(
    *,
    median_ms: float = 5.0,
    spread: float = 0.05,
    n: int = 120,
    compute_units: str = "all",
    mode: str = "burst",
    psnr_db: float | None = 50.0,
    seed: int = 0,
) -> dict[str, Any]:
    """Draw a run of n lognormal times, as JSON; psnr_db of its one golden drawing.

    Sustained, the times stand in a histogram: n of them in each of two seconds.
    """
    rng = np.random.default_rng(seed)
    samples = np.round(median_ms * np.exp(rng.normal(0, spread, n)), 4)
    p50, p90, p95, p99 = (float(v) for v in np.percentile(samples, [50, 90, 95, 99]))
    identical = psnr_db is None
    times: dict[str, Any] = {"n": n, "samples_ms": samples.tolist()}
    if mode == "sustained":
        least = float(samples.min())
        bins = np.floor(np.log(samples / least) / np.log(RATIO)).astype(int)
        second = [[int(place), int(count)] for place, count in sorted(Counter(bins).items())]
        histogram = {"least_ms": least, "ratio": RATIO, "seconds": [second, second]}
        times = {"n": 2 * n, "histogram": histogram}
    return {
        "runtime": "coreml",
        "compute_units": compute_units,
        "mode": mode,
        "load_ms": {"compile": 900.0, "first": 300.0, "cached": 40.0},
        "first_predict_ms": 12.0,
        "cool_down_s": 0.0,
        "warmup": 10,
        **times,
        "p50": p50,
        "p90": p90,
        "p95": p95,
        "p99": p99,
        "e2e_p50_ms": p50 + 1.5,
        "baseline_mem_mb": 50.0,
        "peak_mem_mb": 80.0,
        "thermal": ["nominal"],
        "plan": {
            "ane": 40,
            "gpu": 0,
            "cpu": 2,
            "fallback_ops": ["ios16.cast"],
            "cost": {"ane": 0.97, "gpu": 0.0, "cpu": 0.03},
        },
        "parity": [
            {
                "golden": "apple",
                "psnr_db": psnr_db,
                "max_abs": 0 if identical else 255,
                "ssim": 1.0 if identical else 0.99,
                "nonfinite": 0,
            }
        ],
    }


def make_report(*runs: dict[str, Any], recipe: str = "fp16") -> dict[str, Any]:
    """Return a report of `runs` (default: one), as JSON."""
    measured = list(runs) or [draw_run()]
    return {
        "schema": "device-report/2",
        "started": "2026-11-26T20:31:05Z",
        "finished": "2026-11-26T20:40:00Z",
        "app": {"name": "synthetic", "version": "1.0", "build": "7"},
        "device": {
            "model": SYNTHETIC,
            "soc": "no such chip",
            "os": "0.0",
            "build": "synthetic",
            "ram_mb": 1.0,
        },
        "env": {
            "low_power": False,
            "battery": 0.8,
            "battery_after": 0.78,
            "charging": False,
            "qos": "userInitiated",
            "build_config": "Release",
        },
        "artifact": {
            "sha256": "a" * 64,
            "format": "mlpackage",
            "spec": 7,
            "recipe": recipe,
            "width": 64,
            "height": 48,
            "bytes": 1000,
            "checkpoint_sha256": "c" * 64,
            "tools": {"coremltools": "9.0"},
        },
        "order": list(dict.fromkeys(run["compute_units"] for run in measured)),
        "runs": measured,
    }


def older(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report as version 1 says it, without what it does not."""
    report = copy.deepcopy(report) | {"schema": "device-report/1"}
    for name in ("started", "finished", "app", "order"):
        del report[name]
    del report["env"]["battery_after"], report["artifact"]["width"], report["artifact"]["height"]
    for run in report["runs"]:
        del run["cool_down_s"], run["baseline_mem_mb"], run["plan"]["cost"]
    return report


@pytest.fixture
def compared():
    """What parity recorded of one Core ML model whose pictures are 41 dB from Keras's."""
    from benchmarks.agreement.record import ArtifactParity
    from training.metrics.full_reference import PictureQuality, summarise

    quality = PictureQuality(
        psnr_db=41.0, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=1.0
    )
    return ArtifactParity(
        artifact="runs/x/exports/x-palette4-iOS18.mlpackage",
        format="coreml",
        recipe="palette4",
        target="iOS18",
        bytes=2_000_000,
        sha256="ab",
        gate_db=30.0,
        passed=True,
        verdict="pass",
        summary=summarise({"sample/cat": quality}),
        pictures={"sample/cat": quality},
        worst_hints=None,
        worst_db_by_hints={},
        layers=[],
    )


@pytest.fixture
def timed():
    """Make a record of latency of (SHA-256, threads) each: 3, 5 and 4, 6 ms, 2 by the processor."""
    from benchmarks.timing.record import Latency, Machine, Timing

    def timing(sha256: str, threads: int) -> Timing:
        return Timing(
            artifact="x",
            setting=f"ML Program runtime, {threads} threads",
            format="coreml",
            recipe="palette4",
            target="iOS18",
            bytes=2_000_000,
            sha256=sha256,
            size=32,
            threads=threads,
            compute_units=None,
            import_ms=1.0,
            load_ms=10.0,
            first_ms=7.0,
            bare_mb=20.0,
            peak_mb=90.0,
            rounds_ms=((3.0, 5.0), (4.0, 6.0)),
            cpu_ms=((2.0, 2.0), (2.0, 2.0)),
            waited_ms=(0.0, 0.0),
            end_to_end_ms=((8.0,), (8.0,)),
        )

    def latency(*models: tuple[str, int]) -> Latency:
        return Latency(
            command="python -m benchmarks.latency runs/x",
            machine=Machine(cpu="a processor", cores=2, system="Linux"),
            tools={},
            load_average=(0.0, 0.0),
            thermal=(),
            warm_up=1,
            seed=0,
            timings=tuple(timing(*model) for model in models),
        )

    return latency
