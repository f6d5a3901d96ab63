"""NurieCoreML and nurie-bench run against doubles of Apple's frameworks: our code, not Core ML.

The double of a model paints each pixel by its own grey, or by its hint, so that every picture is
known beforehand.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import compare
from benchmarks.devices.records import ComputePlan, DeviceReport, read_device_report
from benchmarks.ios.bundle_index import (
    BundledModel,
    BundleIndex,
    GoldenDrawing,
    GoldenPicture,
    write_index,
)
from conversion.interface import Ports, image_interface
from conversion.manifest import Manifest, artifact_sha256, manifest_path, write_manifest
from training.pixels import under_ink

CHECKPOINT = "ab" * 32
SIZE = 16


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

    def measure(bundle: Path, *options: str):
        report = tmp_path / "report.json"
        home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        words = (bundle, "--sustained", "0.05", "--output", report, *options)
        return run_swift(doubles / "nurie-bench", *words, **home), report

    return measure


def painted(lineart: np.ndarray, *, off_by: int = 0) -> np.ndarray:
    """What the double paints of line art; or a reference that is `off_by` levels from it."""
    color = np.stack([lineart, 255 - lineart, lineart // 3], axis=-1)
    return np.where(color < 128, color + off_by, color - off_by).astype(np.uint8)


def hints_on(lineart: np.ndarray) -> np.ndarray:
    """Four hints of other colours, none elsewhere."""
    hints = np.zeros((*lineart.shape, 4), np.uint8)
    for n in range(4):
        hints[2 + n, 3 * n : 3 * n + 2] = (250 - n, 20 * n, 128 + n, 255)
    return hints


def bundle(folder: Path, *, off_by: int = 0, hinted: bool = False) -> Path:
    """Write a bundle as benchmarks.ios_bundle does, of a double that was made to reach 35.5 dB.

    hinted: the double takes hints and paints a layer; each drawing comes without and with four.
    """
    package = folder / "double.mlpackage"
    package.mkdir(parents=True)
    told = {"width": SIZE, "height": SIZE, "checkpoint": CHECKPOINT}
    if hinted:
        told |= {"hints": True, "output": "layer"}
    (package / "double.json").write_text(json.dumps(told))
    manifest = Manifest(
        artifact=package.name,
        format="coreml",
        recipe="auto",
        target="iOS16",
        bytes=1,
        sha256=artifact_sha256(package),
        checkpoint="none",
        checkpoint_sha256=CHECKPOINT,
        interface=image_interface((SIZE, SIZE), Ports(hints=hinted, layer=hinted)),
        line_width_px=None,
        trained_px=SIZE,
        stride_px=SIZE,
        gate_db=35.5,
        details={},
        conversion_s=0.0,
        conversion_peak_mb=0.0,
        source="",
        licence="",
        credit="",
        tools={},
    )
    write_manifest(manifest, manifest_path(package))
    rng = np.random.default_rng(0)
    golden = []
    for name in ("cat", "fish"):
        lineart = rng.integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
        color = painted(lineart, off_by=off_by)
        line = picture(lineart, folder, f"{name}-lineart")
        golden.append(
            GoldenDrawing(
                name=name,
                hint_count=0,
                lineart=line,
                hints=None,
                color=picture(
                    under_ink(color, lineart) if hinted else color, folder, f"{name}-color"
                ),
            )
        )
        if hinted:
            hints = hints_on(lineart)
            color = np.where(hints[..., 3:], hints[..., :3], color)
            name = f"{name}-4-hints"
            golden.append(
                GoldenDrawing(
                    name=name,
                    hint_count=4,
                    lineart=line,
                    hints=picture(hints, folder, f"{name}-hints"),
                    color=picture(under_ink(color, lineart), folder, f"{name}-color"),
                )
            )
    model = BundledModel(
        artifact=package.name, sha256=manifest.sha256, recipe="auto", gate_psnr_db=35.5
    )
    index = BundleIndex(checkpoint_sha256=CHECKPOINT, models=[model], golden=golden)
    write_index(index, folder)
    return folder


def picture(pixels: np.ndarray, folder: Path, name: str) -> GoldenPicture:
    """Write a picture as PGM, PPM or PA: what the double of ImageIO reads in place of PNG."""
    kind = b"P5" if pixels.ndim == 2 else {3: b"P6", 4: b"PA"}[pixels.shape[2]]
    content = b"%s\n%d %d\n255\n" % (kind, SIZE, SIZE) + pixels.tobytes()
    file = folder / "golden" / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return GoldenPicture(
        file=file.relative_to(folder).as_posix(),
        sha256=hashlib.sha256(content).hexdigest(),
        pixels_sha256=hashlib.sha256(pixels.tobytes()).hexdigest(),
        height=SIZE,
        width=SIZE,
    )


def test_every_claim_about_nurie_core_ml_and_the_canvas_holds(run_swift, doubles: Path):
    done = run_swift(doubles / "checks")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and all(line.startswith("pass: ") for line in lines), done.stdout
    assert len(lines) >= 42


def test_the_benchmark_measures_every_setting_and_python_reads_and_passes_its_report(
    measured, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    done, path = measured(bundle(tmp_path / "bundle"))
    assert done.returncode == 0, done.stdout + done.stderr
    report: DeviceReport = read_device_report(path)
    assert [(run.compute_units, run.mode) for run in report.runs] == [
        (units, mode)
        for units in ("all", "cpuOnly", "cpuAndGPU", "cpuAndNeuralEngine")
        for mode in ("burst", "sustained")
    ]
    assert (report.artifact.recipe, report.artifact.gate_db) == ("auto", 35.5)
    for run in report.runs:
        assert (run.warmup, run.thermal, run.peak_mem_mb) == (10, ["nominal"], 81.25)
        assert [(row.golden, row.max_abs) for row in run.parity] == [("cat", 0), ("fish", 0)]
        assert sum(run.samples_ms) >= 50 if run.mode == "sustained" else run.n == 100
        assert (run.e2e_p50_ms is None) == (run.mode == "sustained")
    assert report.runs[0].plan == ComputePlan(ane=2, gpu=0, cpu=1, fallback_ops=["ios16.cast"])
    assert all(time is not None for time in vars(report.runs[0].load_ms).values())
    said = done.stdout.splitlines()
    assert said[0].startswith("all burst: p50 ")
    assert said[0].endswith("pass: identical at worst (cat), gate 35.5 dB")
    assert said[-1] == str(path)

    assert compare.main([str(path)]) == 0
    assert "8 of 8 runs pass" in capsys.readouterr().out


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
