"""Reports of Core ML, as far as they can be made without one."""

import dataclasses
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.agreement.gates import gate_of
from benchmarks.devices.records import (
    ComputePlan,
    CostShares,
    Device,
    Environment,
    LoadTimes,
    read_device_report,
    write_device_report,
)
from benchmarks.latency import main
from benchmarks.timing.device_reports import device_reports, report_path, require_reports_absent
from benchmarks.timing.mac import count_plan
from benchmarks.timing.record import Latency, Machine, Timing
from conversion.manifest import read_manifest
from training.errors import OutputExists

# Made-up numbers, named synthetic: no such device exists.
DEVICE = Device(model="Synthetic1,1", soc="no such chip", os="0.0", build="synthetic", ram_mb=1)
ENVIRONMENT = Environment(low_power=False, qos="default", build_config="Release")


def timing(artifact: Path, units, median: float) -> Timing:
    return Timing(
        artifact=str(artifact),
        setting=f"Core ML {units}",
        format="coreml",
        recipe="fp16",
        target="iOS16",
        bytes=1,
        sha256="0",
        size=32,
        threads=None,
        compute_units=units,
        import_ms=1.0,
        load_ms=2.0,
        first_ms=9.0,
        bare_mb=30.0,
        peak_mb=80.0,
        rounds_ms=((median, median + 1), (median, median - 1)),
        cpu_ms=((1.0, 1.0), (1.0, 1.0)),
        waited_ms=(None, None),
        end_to_end_ms=((4.0,), (6.0,)),
    )


def latency(*timings: Timing) -> Latency:
    return Latency(
        command="python -m benchmarks.latency",
        machine=Machine(cpu="no such chip", cores=8, system="synthetic"),
        tools={},
        load_average=(1.0, 1.0),
        thermal=("nominal", "fair"),
        warm_up=10,
        seed=0,
        timings=timings,
    )


def inspect(artifact: Path, units) -> tuple[LoadTimes, ComputePlan]:
    plan = ComputePlan(ane=3 if units == "all" else 0, gpu=0, cpu=1, fallback_ops=["cast"])
    return LoadTimes(compile=30.0, cached=2.0), plan


def test_a_report_has_a_run_for_each_setting_and_says_what_was_measured(
    whole_run: Path, tmp_path: Path
):
    artifact = whole_run / "exports" / "tiny-fp16.mlpackage"
    other = dataclasses.replace(timing(artifact, None, 1.5), setting="ML Program runtime")
    timings = timing(artifact, "all", 2.0), timing(artifact, "cpuOnly", 5.0), other
    reports = device_reports(
        latency(*timings), device=DEVICE, environment=ENVIRONMENT, inspect=inspect
    )
    path = report_path(artifact, tmp_path)
    write_device_report(reports[artifact], path)  # refused with every fault unless faultless
    report = read_device_report(path)
    assert report.device == DEVICE
    assert report.artifact.sha256 == read_manifest(artifact).sha256
    assert report.artifact.gate_db is None
    assert (report.artifact.width, report.artifact.height) == (32, 32)
    assert (report.order, report.started) == (["all", "cpuOnly"], None)
    assert report.app is not None and report.app.name == "benchmarks.latency"
    assert [run.compute_units for run in report.runs] == ["all", "cpuOnly"]
    first = report.runs[0]
    assert (first.n, first.p50, first.warmup) == (4, 2.0, 10)
    assert (first.first_predict_ms, first.e2e_p50_ms, first.peak_mem_mb) == (9.0, 5.0, 80.0)
    assert first.thermal == ["nominal", "fair"]
    assert first.load_ms == LoadTimes(compile=30.0, first=None, cached=2.0)
    assert first.plan is not None and first.plan.ane == 3


def test_a_report_names_the_gate_that_its_model_was_made_to_reach(
    whole_run: Path, export_copy, tmp_path: Path
):
    source = whole_run / "exports" / "tiny-fp16.mlpackage"
    artifact = export_copy(source, tmp_path / "auto.mlpackage", recipe="auto", gate_db=35.5)
    (report,) = device_reports(
        latency(timing(artifact, "all", 2.0)),
        device=DEVICE,
        environment=ENVIRONMENT,
        inspect=inspect,
    ).values()
    assert gate_of(report.artifact) == gate_of(read_manifest(artifact)) == 35.5


def usage(device: str) -> SimpleNamespace:
    return SimpleNamespace(preferred_compute_device=type(f"ML{device}ComputeDevice", (), {})())


def cost(weight: float) -> SimpleNamespace:
    return SimpleNamespace(weight=weight)


def test_a_plan_counts_operations_and_cost_by_device_and_leaves_constants_out():
    usages = [
        ("const", usage("CPU"), cost(0.5)),
        ("ios16.conv", usage("NeuralEngine"), cost(0.25)),
        ("ios16.conv", usage("NeuralEngine"), cost(0.125)),
        ("ios16.cast", usage("CPU"), None),
        ("ios16.resize", usage("GPU"), cost(0.125)),
        ("ios16.mul", None, None),
    ]
    assert count_plan(usages) == ComputePlan(
        ane=2,
        gpu=1,
        cpu=1,
        fallback_ops=["cast", "resize"],
        cost=CostShares(ane=0.75, gpu=0.25, cpu=0.0),
    )


def test_nothing_falls_back_where_the_neural_engine_was_not_asked():
    plan = count_plan([("conv", usage("CPU"), None), ("cast", usage("GPU"), None)])
    assert plan == ComputePlan(ane=0, gpu=1, cpu=1, fallback_ops=[])


def test_a_report_that_is_there_is_refused_before_anything_is_timed(tmp_path: Path):
    report_path(Path("a.mlpackage"), tmp_path).write_text("{}")
    with pytest.raises(OutputExists):
        require_reports_absent(
            [Path("b.mlpackage"), Path("a.mlpackage")], tmp_path, overwrite=False
        )


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has Core ML")
def test_device_reports_are_refused_where_core_ml_is_not(
    whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    artifact = whole_run / "exports" / "tiny-fp16.mlpackage"
    assert main([str(artifact), "--device-reports", str(tmp_path)]) == 2
    assert "expected macOS, received linux" in capsys.readouterr().err


@pytest.mark.macos
@pytest.mark.skipif(sys.platform != "darwin", reason="Core ML runs on macOS only")
def test_core_ml_is_timed_with_every_compute_unit_and_reported(whole_run: Path, tmp_path: Path):
    artifact = whole_run / "exports" / "tiny-fp16.mlpackage"
    assert main([str(artifact), "--rounds", "2", "--device-reports", str(tmp_path)]) == 0
    report = read_device_report(report_path(artifact, tmp_path))
    assert len(report.runs) == 4
