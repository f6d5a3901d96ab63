"""The Swift package: it builds without a warning, passes its own tests, and Python reads it."""

import json
import plistlib
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.devices.records import read_device_report
from training.picture.openraster import Layer, ink_layer, write_openraster

# Calls for which Apple wants a reason, by the category that a privacy manifest names.
REASONED = {
    "FileTimestamp": r"(?i)(creation|modification)Date|\b[fl]?stat\(|getattrlist",
    "SystemBootTime": r"systemUptime|mach_absolute_time",
    "DiskSpace": r"volumeAvailableCapacity|systemFreeSize|statv?fs",
    "ActiveKeyboards": r"activeInputModes",
    "UserDefaults": r"UserDefaults|AppStorage",
}


@pytest.mark.usefixtures("built")
def test_the_package_passes_its_tests_and_python_reads_what_swift_wrote(run_swift, tmp_path: Path):
    report, layers = tmp_path / "report.json", tmp_path / "layers.ora"
    done = run_swift(
        "swift", "test", "--skip-build", "-Xswiftc", "-warnings-as-errors",
        NURIE_REPORT_OUT=str(report), NURIE_LAYERS_OUT=str(layers),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    read = read_device_report(report)  # raises with the path of every fault
    assert [run.mode for run in read.runs] == ["burst", "idle-gap", "sustained"]
    assert (read.started, read.order) == ("2026-11-26T20:31:05Z", ["all"])
    histogram = read.runs[2].histogram
    assert histogram is not None and histogram.seconds[0] == [[0, 199]]
    assert read.runs[0].samples_ms == [2, 1, 4, 3]
    assert read.runs[0].p50 == 2.5
    assert read.runs[0].parity[0].psnr_db == float("inf")
    assert read.runs[0].plan is not None and read.runs[0].plan.ane == 40

    # The same entries in the same order, with the same words, as Python writes them.
    ours = tmp_path / "python.ora"
    lineart, flats = np.zeros((3, 5), np.uint8), np.zeros((3, 5, 3), np.uint8)
    write_openraster([ink_layer(lineart), Layer(name="flats", pixels=flats)], ours, merged=flats)
    with zipfile.ZipFile(layers) as written, zipfile.ZipFile(ours) as expected:
        assert written.testzip() is None
        assert written.namelist() == expected.namelist()
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in written.infolist())
        for name in ("mimetype", "stack.xml"):
            assert written.read(name) == expected.read(name)


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


def test_where_swift_is_not_installed_its_tests_are_skipped_with_a_reason(tmp_path: Path):
    parses = f"{__file__}::test_every_swift_file_parses"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", parses],
        cwd=Path(__file__).parents[2],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 skipped" in done.stdout
    assert "needs Swift 6 on the path: https://www.swift.org/install" in done.stdout


def test_every_swift_file_parses(run_swift, package: Path):
    files = [path for path in package.rglob("*.swift") if ".build" not in path.parts]
    assert len(files) > 50
    done = run_swift("swiftc", "-frontend", "-parse", "-swift-version", "6", *files)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_every_swift_file_is_formatted_and_forces_no_value(run_swift):
    # .swift-format also asks for documentation on everything public, and refuses `!` and `try!`.
    folders = ("Package.swift", "Sources", "Tests", "NurieDemo.swiftpm", "AppleDoubles")
    done = run_swift("swift", "format", "lint", "--strict", "--recursive", *folders)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("target", "may"),
    [
        ("NurieKit", {"Foundation"}),
        ("NurieReport", {"Foundation", "NurieKit"}),
        ("NurieStudio", {"Foundation", "Observation", "NurieKit"}),
    ],
)
def test_what_is_built_everywhere_imports_foundation_alone(package: Path, target: str, may: set):
    files = list((package / "Sources" / target).rglob("*.swift"))
    assert len(files) > 10
    for path in files:
        text = path.read_text().replace("#if canImport(CryptoKit)\n  import CryptoKit\n#endif", "")
        imports = re.findall(r"^\s*(?:@\w+ )*import (.*)$", text, re.MULTILINE)
        assert set(imports) <= may, path


def test_the_privacy_manifest_names_what_the_sources_ask_the_system(package: Path):
    sources = package / "Sources"
    manifest = plistlib.loads((sources / "NurieCoreML" / "PrivacyInfo.xcprivacy").read_bytes())
    assert manifest["NSPrivacyTracking"] is False and manifest["NSPrivacyCollectedDataTypes"] == []
    declared = {item["NSPrivacyAccessedAPIType"] for item in manifest["NSPrivacyAccessedAPITypes"]}
    libraries = ("NurieKit", "NurieCoreML", "NurieReport", "NurieBenchmark", "NurieStudio")
    files = [file for name in libraries for file in (sources / name).rglob("*.swift")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    used = {category for category, names in REASONED.items() if re.search(names, text)}
    assert declared == {f"NSPrivacyAccessedAPICategory{name}" for name in used} != set()


def test_an_app_that_only_colours_needs_nothing_that_measures(package: Path):
    for target in ("NurieKit", "NurieCoreML", "NurieStudio"):
        for path in (package / "Sources" / target).rglob("*.swift"):
            assert not re.search(r"import Nurie(Report|Benchmark)", path.read_text()), path


def test_the_app_package_names_what_this_package_has(run_swift, package: Path, tmp_path: Path):
    # Only Xcode knows application products: an executable stands in, all else is as it is.
    manifest = (package / "NurieDemo.swiftpm" / "Package.swift").read_text()
    manifest, count = re.subn(
        r"\.iOSApplication\(.*?\n    \)", '.executable(name: "NurieDemo", targets: ["NurieDemo"])',
        manifest, flags=re.DOTALL,
    )  # fmt: skip
    assert count == 1
    manifest = manifest.replace("import AppleProductTypes\n", "")
    app = tmp_path / "NurieDemo.swiftpm"
    app.mkdir()
    (app / "Package.swift").write_text(manifest.replace('path: ".."', f'path: "{package}"'))
    shutil.copytree(package / "NurieDemo.swiftpm" / "Sources", app / "Sources")
    done = run_swift("swift", "package", "--package-path", app, "resolve")
    assert done.returncode == 0, done.stderr
    done = run_swift("swift", "package", "--package-path", app, "describe", "--type", "json")
    (target,) = json.loads(done.stdout)["targets"]
    assert sorted(target["product_dependencies"]) == [
        "NurieBenchmark",
        "NurieCoreAI",
        "NurieCoreML",
        "NurieDemoModels",
        "NurieKit",
        "NurieReport",
        "NurieStudio",
    ]
    assert len(target["sources"]) == len(list((app / "Sources").rglob("*.swift")))


def test_the_app_turns_with_the_device_and_opens_several_windows(package: Path):
    app = package / "NurieDemo.swiftpm"
    manifest = (app / "Package.swift").read_text()
    for way in ("portrait", "portraitUpsideDown", "landscapeLeft", "landscapeRight"):
        assert re.search(rf"\.{way}\b", manifest)
    (file,) = re.findall(r'additionalInfoPlistContentFilePath: "(.*)"', manifest)
    told = plistlib.loads((app / file).read_bytes())
    assert told["UIApplicationSceneManifest"]["UIApplicationSupportsMultipleScenes"] is True


def test_no_three_swift_files_of_a_folder_share_their_first_word(package: Path):
    words = Counter(
        (path.parent, re.match(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", path.stem)[0])
        for path in package.rglob("*.swift")
        if ".build" not in path.parts
    )
    assert not [word for word, count in words.items() if count > 2]


def test_no_swift_file_is_longer_than_300_lines(package: Path):
    for path in package.rglob("*.swift"):
        if ".build" not in path.parts:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
