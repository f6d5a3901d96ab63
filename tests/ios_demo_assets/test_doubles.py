"""NurieCoreML and nurie-bench run against doubles of Apple's frameworks: our code, not Core ML."""

import sys
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks import compare
from benchmarks.devices.protocol import cautions
from benchmarks.devices.records import (
    ComputePlan,
    CostShares,
    DeviceReport,
    read_device_report,
)
from conversion.manifest import artifact_sha256
from tests.ios_demo_assets.double_bundle import SIZE, bundle

UNITS = ("all", "cpuOnly", "cpuAndGPU", "cpuAndNeuralEngine")


@pytest.fixture(scope="module")
def doubles(run_swift, built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both programs."""
    if sys.platform == "darwin":
        pytest.skip("a Mac has Core ML itself: run nurie-bench instead")
    folder = tmp_path_factory.mktemp("doubles")
    done = run_swift("AppleDoubles/build.sh", folder)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    return folder


@pytest.fixture
def measured(run_swift, doubles: Path, tmp_path: Path):
    """Run nurie-bench on a bundle. Returns its status, what it said, and where its report is."""

    def measure(bundle: Path, *options: str, thermal: str = ""):
        report = tmp_path / "report.json"
        home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        words = (bundle, "--sustained", "0.05", "--idle", "0", "--output", report, *options)
        done = run_swift(
            doubles / "nurie-bench",
            *words,
            **home,
            NURIE_DOUBLE_THERMAL=thermal,
            NURIE_DOUBLE_TELLS="1",
        )
        return done, report

    return measure


def test_every_claim_about_nurie_core_ml_and_the_canvas_holds(run_swift, doubles: Path):
    done = run_swift(doubles / "checks")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and all(line.startswith("pass: ") for line in lines), done.stdout
    assert len(lines) >= 40


def test_the_benchmark_measures_every_setting_and_python_reads_and_passes_its_report(
    measured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    done, path = measured(bundle(tmp_path / "bundle"), "--idle", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    report: DeviceReport = read_device_report(path)
    assert report.version == 2 and report.order is not None
    turned = list(UNITS) * 2
    assert report.order in [turned[n : n + 4] for n in range(4)]
    assert [(run.compute_units, run.mode) for run in report.runs] == [
        (units, mode) for units in report.order for mode in ("burst", "idle-gap", "sustained")
    ]
    assert (report.artifact.recipe, report.artifact.gate_db) == ("auto", 35.5)
    assert (report.artifact.width, report.artifact.height) == (SIZE, SIZE)
    assert report.app is not None and report.app.name == "nurie-bench"
    assert report.device.build == "Double1,1"
    assert report.started is not None and report.finished is not None
    # Four pauses of a second at least.
    began, ended = (datetime.fromisoformat(time) for time in (report.started, report.finished))
    assert (ended - began).total_seconds() >= 3
    for run in report.runs:
        assert (run.warmup, run.thermal, run.cool_down_s) == (
            10,
            ["nominal"],
            pytest.approx(0, abs=2),
        )
        assert (run.baseline_mem_mb, run.peak_mem_mb) == (81.25, 81.25)
        assert [(row.golden, row.max_abs) for row in run.parity] == [("cat", 0), ("fish", 0)]
        assert (run.e2e_p50_ms is None) == (run.mode != "burst")
        assert (run.histogram is None) == (run.mode != "sustained")
        assert {"burst": 100, "idle-gap": 1}.get(run.mode, run.n) == run.n
        # A middle of a bin is off by 1 % at most.
        assert run.mode != "sustained" or sum(run.times_ms) >= 49
    first = next(run for run in report.runs if run.compute_units == "all")
    assert first.plan == ComputePlan(
        ane=2,
        gpu=0,
        cpu=1,
        fallback_ops=["ios16.cast"],
        cost=CostShares(ane=pytest.approx(6 / 7), gpu=0, cpu=pytest.approx(1 / 7)),
    )
    assert all(time is not None for time in vars(first.load_ms).values())
    assert "loaded beside another" not in done.stderr  # then loading again is no loading
    said = done.stdout.splitlines()
    assert said[0].startswith(f"{report.order[0]} burst: p50 ")
    assert said[0].endswith("pass: identical at worst (cat), gate 35.5 dB")
    assert said[-1] == str(path)

    assert compare.main([str(path)]) == 0
    assert "12 of 12 runs pass" in capsys.readouterr().out


def test_a_warm_device_cools_down_before_each_setting_but_not_for_ever(measured, tmp_path: Path):
    folder = bundle(tmp_path / "bundle")
    done, path = measured(folder, "--units", "all", thermal="fair,serious,fair")
    assert done.returncode == 0, done.stderr
    assert "Letting the device cool down before all" in done.stderr
    run = read_device_report(path).runs[0]
    assert run.thermal == ["nominal"] and run.cool_down_s is not None and run.cool_down_s >= 3
    hot = ",".join(["serious"] * 9)
    options = ("--units", "all", "--cool-down", "0.2", "--overwrite")
    done, path = measured(folder, *options, thermal=hot)
    assert done.returncode == 0, done.stderr
    run = read_device_report(path).runs[0]
    assert run.thermal[0] == "serious" and run.cool_down_s == pytest.approx(0.2, abs=2)
    assert any("nominal at the start" in line for line in cautions(read_device_report(path)))


def test_nothing_is_told_while_predictions_are_timed(measured, tmp_path: Path):
    done, _ = measured(bundle(tmp_path / "bundle"), "--units", "all", "--sustained", "1.2")
    told = [line for line in done.stderr.splitlines() if "as it warms up" in line]
    assert told == ["Measuring all for 2 s as it warms up"]


def test_a_model_with_hints_is_held_to_finished_pictures_of_each_number_of_hints(
    measured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    done, path = measured(bundle(tmp_path / "bundle", hinted=True), "--units", "all")
    assert done.returncode == 0, done.stdout + done.stderr
    (run, _) = read_device_report(path).runs
    assert [(row.golden, row.max_abs) for row in run.parity] == [
        ("cat", 0), ("cat-4-hints", 0), ("fish", 0), ("fish-4-hints", 0)
    ]  # fmt: skip
    assert compare.main([str(path)]) == 0
    assert "2 of 2 runs pass" in capsys.readouterr().out


def test_a_model_that_paints_other_pictures_fails_on_the_device_and_in_python(
    measured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    done, path = measured(bundle(tmp_path / "bundle", off_by=5), "--units", "cpuOnly")
    assert done.returncode == 1
    assert "FAIL: 34.1 dB at worst" in done.stdout  # 20 log10(255 / 5)
    assert compare.main([str(path)]) == 1
    assert "FAIL: 34.2 < 35.5 dB" in capsys.readouterr().out


def test_golden_pictures_that_changed_stop_the_benchmark_before_it_measures(
    measured, tmp_path: Path
):
    folder = bundle(tmp_path / "bundle")
    file = folder / "golden" / "fish-color.png"
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    done, path = measured(folder)
    assert done.returncode == 2
    assert "golden/fish-color.png cannot be used" in done.stderr
    assert not path.exists()


def test_what_the_canvas_loaded_is_left_alone_and_nothing_is_left_behind(measured, tmp_path: Path):
    folder = bundle(tmp_path / "bundle")
    sha256 = artifact_sha256(folder / "double.mlpackage")
    kept = tmp_path / "cache" / "nurie-compiled" / f"{sha256[:32]}-Double1,1.mlmodelc"
    kept.mkdir(parents=True)
    (kept / "loaded").touch()
    done, _ = measured(folder, "--units", "all,cpuOnly")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in kept.parent.rglob("*")] == [kept.name, "loaded"]


def test_an_existing_report_is_kept_unless_asked(measured, tmp_path: Path):
    folder = bundle(tmp_path / "bundle")
    (tmp_path / "report.json").write_text("mine")
    done, path = measured(folder, "--units", "all")
    assert done.returncode == 2 and "already exists" in done.stderr
    assert path.read_text() == "mine"
    done, path = measured(folder, "--units", "all", "--overwrite")
    assert done.returncode == 0
    assert len(read_device_report(path).runs) == 2


def test_an_unknown_model_or_compute_unit_is_refused_with_those_that_exist(
    measured, tmp_path: Path
):
    folder = bundle(tmp_path / "bundle")
    done, _ = measured(folder, "--model", "other.mlpackage")
    assert done.returncode == 2 and 'expected one of ["double.mlpackage"]' in done.stderr
    done, _ = measured(folder, "--units", "ane")
    assert done.returncode == 2 and "expected all, cpuOnly" in done.stderr


def test_an_asset_is_measured_with_all_engines_and_with_the_processor_alone_side_by_side(
    measured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    # As others report of float16 on a phone: other numbers on the fastest engine, and no error.
    done, path = measured(bundle(tmp_path / "bundle", asset=True, dims=True))
    assert done.returncode == 1, done.stdout + done.stderr
    report = read_device_report(path)
    assert report.artifact.format == "aimodel"
    assert {run.runtime for run in report.runs} == {"coreai"}
    assert sorted({run.compute_units for run in report.runs}) == ["all", "cpuOnly"]
    exact = {run.compute_units: {row.max_abs == 0 for row in run.parity} for run in report.runs}
    assert exact == {"all": {False}, "cpuOnly": {True}}
    assert all(run.plan is None and run.load_ms.compile is None for run in report.runs)
    assert "loaded beside another" not in done.stderr
    assert compare.main([str(path)]) == 1
    said = capsys.readouterr().out
    assert "coreai cpuOnly" in said and "2 of 4 runs pass" in said


def test_engines_that_core_ai_cannot_be_kept_to_are_refused_by_name(measured, tmp_path: Path):
    folder = bundle(tmp_path / "bundle", asset=True)
    done, path = measured(folder, "--units", "cpuOnly,cpuAndGPU")
    assert done.returncode == 2 and not path.exists()
    assert "Core AI cannot be kept to cpuAndGPU. Expected all or cpuOnly." in done.stderr
    done, path = measured(folder, "--units", "cpuOnly")
    assert done.returncode == 0, done.stdout + done.stderr
