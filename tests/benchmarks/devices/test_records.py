import dataclasses
import json
import math
from pathlib import Path

import pytest

from benchmarks.devices.faults import EXAMPLES, FORMAT
from benchmarks.devices.histogram import Histogram
from benchmarks.devices.records import (
    App,
    ComputePlan,
    CostShares,
    Device,
    DeviceReport,
    Environment,
    GoldenParity,
    LoadTimes,
    MeasuredArtifact,
    measured_run,
    read_device_report,
    write_device_report,
)
from training.errors import DataError, OutputExists


@pytest.fixture
def report() -> DeviceReport:
    run = measured_run(
        [4.0, 1.0, 3.0, 2.0],
        runtime="coreml",
        compute_units="cpuOnly",
        mode="burst",
        warmup=10,
        thermal=["nominal", "fair"],
        load_ms=LoadTimes(first=3.0),
        plan=ComputePlan(
            ane=1,
            gpu=0,
            cpu=2,
            fallback_ops=["ios16.cast"],
            cost=CostShares(ane=0.9, gpu=0.0, cpu=0.1),
        ),
        parity=[
            GoldenParity(golden="apple", psnr_db=math.inf, max_abs=0, ssim=1.0, nonfinite=0),
            GoldenParity(golden="cat", psnr_db=50.5, max_abs=3, ssim=0.99, nonfinite=0),
        ],
    )
    return DeviceReport(
        started="2026-11-26T20:31:05Z",
        app=App(name="synthetic", version="", build=""),
        device=Device(model="Synthetic1,1", soc="", os="0", build=""),
        env=Environment(low_power=False, qos="default", build_config="Release"),
        artifact=MeasuredArtifact(
            sha256="a" * 64,
            format="mlpackage",
            recipe="fp16",
            width=64,
            height=48,
            bytes=1,
            checkpoint_sha256="b" * 64,
            tools={},
        ),
        order=["cpuOnly"],
        runs=[run],
    )


def test_a_measured_run_counts_its_samples_and_takes_their_percentiles(report: DeviceReport):
    (run,) = report.runs
    assert (run.n, run.p50, run.p90) == (4, 2.5, pytest.approx(3.7))
    assert (run.p95, run.p99) == (pytest.approx(3.85), pytest.approx(3.97))


def test_what_is_written_is_read_back_the_same(report: DeviceReport, tmp_path: Path):
    write_device_report(report, tmp_path / "r.json")
    assert read_device_report(tmp_path / "r.json") == report
    raw = json.loads((tmp_path / "r.json").read_text())
    assert raw["schema"] == FORMAT
    assert "finished" not in raw  # nobody noted it
    assert raw["runs"][0]["parity"][0]["psnr_db"] is None  # JSON has no infinity


def test_the_gate_of_a_model_is_written_where_it_has_one_of_its_own(report, tmp_path: Path):
    write_device_report(report, tmp_path / "r.json")
    assert "gate_db" not in json.loads((tmp_path / "r.json").read_text())["artifact"]
    artifact = dataclasses.replace(report.artifact, recipe="auto", gate_db=35.5)
    own = dataclasses.replace(report, artifact=artifact)
    write_device_report(own, tmp_path / "own.json")
    assert json.loads((tmp_path / "own.json").read_text())["artifact"]["gate_db"] == 35.5
    assert read_device_report(tmp_path / "own.json") == own


def test_a_report_with_fields_left_out_is_read(synthetic_report, tmp_path: Path):
    raw = synthetic_report()
    raw["runs"] = [{k: v for k, v in raw["runs"][0].items() if k != "plan"}]
    (tmp_path / "r.json").write_text(json.dumps(raw))
    assert read_device_report(tmp_path / "r.json").runs[0].plan is None


def test_a_histogram_is_read_back_and_its_times_are_the_middles_of_its_bins(
    report: DeviceReport, tmp_path: Path
):
    (run,) = report.runs
    # Two bins of a second, one of the next: 1 to 1.1 ms, 1.21 to 1.331, 1.1 to 1.21.
    histogram = Histogram(least_ms=1.0, ratio=1.1, seconds=[[[0, 2], [2, 1]], [[1, 1]]])
    times = [1.1**0.5, 1.1**0.5, 1.1**2.5, 1.1**1.5]
    assert histogram.times_ms() == pytest.approx(times)
    long = dataclasses.replace(
        run, mode="sustained", samples_ms=None, histogram=histogram, n=4,
        p50=1.1, p90=1.2, p95=1.25, p99=1.27,
    )  # fmt: skip
    both = dataclasses.replace(report, runs=[run, long])
    write_device_report(both, tmp_path / "r.json")
    assert read_device_report(tmp_path / "r.json") == both
    assert both.runs[1].times_ms == histogram.times_ms()
    assert both.runs[0].times_ms == [4.0, 1.0, 3.0, 2.0]


def test_a_report_of_version_1_is_read_and_what_it_does_not_say_is_none(
    synthetic_report, version_1, tmp_path: Path
):
    (tmp_path / "r.json").write_text(json.dumps(version_1(synthetic_report())))
    old = read_device_report(tmp_path / "r.json")
    assert (old.version, old.app, old.order, old.artifact.width) == (1, None, None, None)
    assert old.runs[0].times_ms == old.runs[0].samples_ms
    with pytest.raises(DataError, match="which are missing"):
        write_device_report(old, tmp_path / "again.json")


@pytest.mark.parametrize("version", [1, 2])
def test_the_example_of_a_version_is_read_and_named_synthetic(version: int):
    report = read_device_report(EXAMPLES / f"synthetic-{version}.json")
    assert report.version == version
    assert report.device.model.startswith("synthetic")


def test_a_report_that_could_not_be_read_back_is_not_written(report: DeviceReport, tmp_path: Path):
    (run,) = report.runs
    wrong = dataclasses.replace(report, runs=[dataclasses.replace(run, p50=9.0)])
    with pytest.raises(DataError, match=r"\$\.runs\[0\]\.p50: expected 2\.5"):
        write_device_report(wrong, tmp_path / "r.json")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_report_is_kept_unless_asked(report: DeviceReport, tmp_path: Path):
    path = tmp_path / "r.json"
    path.write_text("mine")
    with pytest.raises(OutputExists):
        write_device_report(report, path)
    assert path.read_text() == "mine"
    write_device_report(report, path, overwrite=True)
    assert read_device_report(path) == report


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe", "codec can't decode"),
        (b"[" * 100_000, "too deep a nesting"),
        (b'{"schema": "device-report/1", "schema": "device-report/1"}', "'schema' stands twice"),
        (b"[1, 2]", "expected 'device-report/2' or an earlier one, received"),
        (b'{"schema": "device-report/9"}', "received 'device-report/9'"),
    ],
)
def test_a_file_that_is_no_report_is_refused_by_name(tmp_path: Path, content: bytes, said: str):
    path = tmp_path / "r.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=rf"(?s)r\.json is not a .*{said}"):
        read_device_report(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path):
    with pytest.raises(DataError, match=r"absent\.json"):
        read_device_report(tmp_path / "absent.json")


def test_every_fault_is_in_the_message_and_a_flood_is_counted(synthetic_report, tmp_path: Path):
    raw = synthetic_report()
    raw["runs"] = [raw["runs"][0] | {"samples_ms": [-1.0] * 120}]
    (tmp_path / "r.json").write_text(json.dumps(raw))
    with pytest.raises(DataError) as caught:
        read_device_report(tmp_path / "r.json")
    lines = str(caught.value).splitlines()
    assert lines[0].endswith("120 faults")
    assert lines[1] == "  $.runs[0].samples_ms[0]: expected more than 0, received -1.0"
    assert len(lines) == 52
    assert lines[-1] == "  and 70 more"
