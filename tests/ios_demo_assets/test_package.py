"""The Swift package: it builds without a warning, passes its own tests, and Python reads it."""

import sys
from pathlib import Path

import pytest

from benchmarks.device_records import read_device_report


@pytest.mark.usefixtures("built")
def test_the_package_passes_its_tests_and_python_reads_the_report_that_swift_wrote(
    run_swift, tmp_path: Path
):
    report = tmp_path / "report.json"
    done = run_swift(
        "swift", "test", "--skip-build", "-Xswiftc", "-warnings-as-errors",
        NURIE_REPORT_OUT=str(report),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    read = read_device_report(report)  # raises with the path of every fault
    assert [run.mode for run in read.runs] == ["burst", "sustained"]
    assert read.runs[0].samples_ms == [2, 1, 4, 3]
    assert read.runs[0].p50 == 2.5
    assert read.runs[0].parity[0].psnr_db == float("inf")
    assert read.runs[0].plan is not None and read.runs[0].plan.ane == 40


@pytest.mark.skipif(sys.platform == "darwin", reason="Core ML is there")
@pytest.mark.usefixtures("built")
def test_nurie_bench_says_that_it_needs_core_ml(run_swift):
    done = run_swift(".build/debug/nurie-bench", "models/demo")
    assert done.returncode == 2
    assert "needs Core ML" in done.stderr
    assert done.stdout == ""


@pytest.mark.usefixtures("built")
def test_nurie_bench_refuses_an_unknown_option_and_shows_its_usage(run_swift):
    done = run_swift(".build/debug/nurie-bench", "models/demo", "--fast")
    assert done.returncode == 2
    assert "Unknown argument --fast" in done.stderr and "--sustained" in done.stderr


def test_every_swift_file_parses(run_swift, package: Path):
    files = [path for path in package.rglob("*.swift") if ".build" not in path.parts]
    assert len(files) > 50
    done = run_swift("swiftc", "-frontend", "-parse", "-swift-version", "6", *files)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_every_swift_file_is_formatted_and_forces_no_value(run_swift):
    # .swift-format also asks for documentation on everything public, and refuses `!` and `try!`.
    folders = ("Package.swift", "Sources", "Tests", "NurieDemo.swiftpm")
    done = run_swift("swift", "format", "lint", "--strict", "--recursive", *folders)
    assert done.returncode == 0, done.stderr


def test_no_swift_file_is_longer_than_300_lines(package: Path):
    for path in package.rglob("*.swift"):
        if ".build" not in path.parts:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
