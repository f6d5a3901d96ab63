"""The stubs of Apple's declarations: our code checks against them, wrong code does not."""

import re
from pathlib import Path

import pytest

from tests.ios_demo_assets.checking import where

# The systems of Package.swift: what exists there needs no check before it is used.
FLOOR = {"iOS": (17, 0), "macOS": (14, 0)}

WRONG = {
    "a symbol that does not exist": (
        "import CoreML\nfunc f(_ model: MLModel) { model.predict() }",
        "has no member 'predict'",
    ),
    "a value of the wrong type": (
        "import CoreML\nfunc f(_ c: MLModelConfiguration) { c.computeUnits = 3 }",
        "cannot assign value of type 'Int'",
    ),
    "a switch that later systems break": (
        "import CoreML\nfunc f(_ device: MLComputeDevice) -> Int {\n"
        "  switch device { case .cpu: 1; case .gpu: 2; case .neuralEngine: 3 }\n}",
        "may have additional unknown values",
    ),
    "a view that no framework has": (
        "import SwiftUI\nstruct V: View { var body: some View { Paper() } }",
        "cannot find 'Paper' in scope",
    ),
    "a tool of the wrong kind": (
        "import PencilKit\n@MainActor func f(_ v: PKCanvasView) { v.tool = PKDrawing() }",
        "cannot assign value of type 'PKDrawing'",
    ),
    "a canvas touched away from the main thread": (
        "import PencilKit\nnonisolated func f(_ v: PKCanvasView) { v.isOpaque = false }",
        "main actor-isolated property 'isOpaque'",
    ),
    "a model shared between threads": (
        "import CoreML\nactor A {\n  let model: MLModel\n"
        "  init(_ model: sending MLModel) { self.model = model }\n"
        "  func run(_ i: sending MLDictionaryFeatureProvider) async throws {\n"
        "    _ = try await model.prediction(from: i)\n  }\n}",
        "risks causing data races",
    ),
    "a buffer of pixels handed to another thread": (
        "import CoreVideo\nfunc f(_ b: CVPixelBuffer) {\n"
        "  Task.detached { _ = CVPixelBufferGetWidth(b) }\n}",
        "risks causing data races",
    ),
    "a result that may be missing, used as if it were there": (
        "import CoreML\nfunc f(_ v: MLFeatureValue) -> Int { v.multiArrayValue.count }",
        "must be unwrapped",
    ),
    "a failure that nobody hears of": (
        "import CoreML\nimport Foundation\nfunc f(_ u: URL) async -> URL "
        "{ await MLModel.compileModel(at: u) }",
        "call can throw, but it is not marked with 'try'",
    ),
    "a model of ours asked without waiting": (
        "import NurieCoreML\nimport NurieKit\n@MainActor func f(_ m: ColoringModel, _ p: Picture) "
        "throws -> Picture { try m.paint(p) }",
        "actor-isolated instance method 'paint(_:hints:)'",
    ),
    "what only our own package may call": (
        "import NurieCoreML\nfunc f(_ c: CompiledModelCache) { _ = c.apart() }",
        "'apart' is inaccessible due to 'package' protection level",
    ),
}


def test_the_sources_check_against_the_stubs(checked: Path):
    assert (checked / "NurieCoreML.swiftmodule").exists()
    assert (checked / "NurieHash.swiftmodule").exists()  # with the system's own SHA-256
    assert (checked / "nurie_bench.swiftmodule").exists()
    assert (checked / "NurieDemo.swiftmodule").exists()


@pytest.mark.parametrize("kind", WRONG)
def test_the_check_fails_for(run_swift, checked: Path, tmp_path: Path, kind: str):
    source, expected = WRONG[kind]
    file = tmp_path / "Wrong.swift"
    file.write_text(source)
    # As somebody's own code, which is no part of our package.
    options = {"NURIE_OPTIONS": "-package-name somebody"}
    done = run_swift("AppleStubs/typecheck.sh", file, **where(checked), **options)
    assert done.returncode != 0
    assert expected in done.stderr


def test_the_guide_lists_every_wrong_use_that_the_check_is_known_to_find(package: Path):
    text = (package / "AppleStubs" / "README.md").read_text()
    assert len(WRONG) >= 10
    assert re.findall(r"^- (.*?)[;.]$", text, re.MULTILINE) == list(WRONG)


def test_the_code_in_the_readme_passes_the_check(
    run_swift, checked: Path, tmp_path: Path, package: Path
):
    (code,) = re.findall(r"```swift\n(.*?)```", (package / "README.md").read_text(), re.DOTALL)
    file = tmp_path / "Readme.swift"
    file.write_text(code)
    done = run_swift("AppleStubs/typecheck.sh", file, **where(checked))
    assert done.returncode == 0, done.stderr


def test_the_code_in_the_readme_stays_off_the_main_actor_in_a_new_xcode_project(
    run_swift, checked: Path, tmp_path: Path, package: Path
):
    # There, what says nothing is of the main actor. Our code may not call it without waiting.
    (code,) = re.findall(r"```swift\n(.*?)```", (package / "README.md").read_text(), re.DOTALL)
    probe = "func ofTheMainActor() {}\nextension Colorist { func probe() { ofTheMainActor() } }\n"
    said = {}
    for kind in ("actor", "final class"):
        file = tmp_path / f"{kind.replace(' ', '')}.swift"
        file.write_text(code.replace("actor Colorist", f"{kind} Colorist") + probe)
        options = {"NURIE_OPTIONS": "-default-isolation MainActor"}
        done = run_swift("AppleStubs/typecheck.sh", file, **where(checked), **options)
        said[kind] = done.stderr
    assert "call to main actor-isolated global function 'ofTheMainActor()'" in said["actor"]
    assert "ofTheMainActor" not in said["final class"]


def test_what_is_newer_than_the_package_is_used_only_after_asking_the_system(package: Path):
    newer = dict(declared_later(package / "AppleStubs" / "CoreML.swiftinterface"))
    assert newer["MLComputePlan"] == "iOS 17.4"
    for path in sorted((package / "Sources").rglob("*.swift")):
        text = path.read_text(encoding="utf-8")
        for name, version in newer.items():
            if re.search(rf"\b{name}\b", text):
                asked = re.search(rf"[#@]available\({re.escape(version)}, macOS ", text)
                assert asked, f"{path.name} uses {name} of {version} without asking for it"


@pytest.mark.parametrize("folder", ["AppleStubs", "AppleDoubles"])
def test_no_product_of_the_package_holds_a_stub_or_a_double(package: Path, folder: str):
    manifest = (package / "Package.swift").read_text(encoding="utf-8")
    assert re.findall(folder, manifest) == [folder]  # where it is excluded
    exclude = manifest.split("exclude: [")[1].split("]")[0]
    assert f'"{folder}"' in exclude


@pytest.mark.parametrize("system", FLOOR)
def test_the_floor_is_the_one_of_the_package(package: Path, system: str):
    manifest = (package / "Package.swift").read_text(encoding="utf-8")
    assert f".{system}(.v{FLOOR[system][0]})" in manifest


def declared_later(interface: Path) -> list[tuple[str, str]]:
    """Return the types that systems newer than the floor declare, and the iOS that has them."""
    found = []
    version = ""
    for line in interface.read_text(encoding="utf-8").splitlines():
        if available := re.match(r"@available\(.*iOS (\d+)\.(\d+)", line):
            number = (int(available[1]), int(available[2]))
            version = f"iOS {available[1]}.{available[2]}" if number > FLOOR["iOS"] else ""
        elif declared := re.match(r"(?:final )?public (?:class|enum|struct) (\w+)", line):
            if version:
                found.append((declared[1], version))
            version = ""
    return found
