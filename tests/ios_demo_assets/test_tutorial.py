"""The documentation of NurieCoreML: docc takes it without a warning, and its code is code."""

import shutil
from pathlib import Path

import pytest

from tests.ios_demo_assets.checking import where

CATALOGUE = Path("Sources") / "NurieCoreML" / "NurieCoreML.docc"


def test_the_catalogue_becomes_documentation_without_a_warning(
    run_swift, graphs: Path, tmp_path: Path
):
    if shutil.which("docc") is None:
        pytest.skip("needs docc, which comes with Swift 6: https://www.swift.org/install")
    symbols = tmp_path / "symbols"
    symbols.mkdir()
    shutil.copy(graphs / "NurieCoreML.symbols.json", symbols)
    done = run_swift(
        "docc", "convert", CATALOGUE, "--additional-symbol-graph-dir", symbols, "--output-path",
        tmp_path / "out", "--fallback-display-name", "NurieCoreML",
        "--fallback-bundle-identifier", "org.nurie.NurieCoreML", "--warnings-as-errors",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    data = tmp_path / "out" / "data"
    assert (data / "tutorials" / "nuriecoreml" / "colouredstroke.json").exists()
    assert (data / "documentation" / "nuriecoreml" / "coloringmodel.json").exists()


@pytest.mark.parametrize("steps", [["Load.swift"], ["Draw.swift", "Show.swift"]])
def test_the_code_of_each_step_passes_the_check(
    run_swift, checked: Path, package: Path, steps: list[str]
):
    files = [package / CATALOGUE / "Resources" / name for name in steps]
    done = run_swift("AppleStubs/typecheck.sh", *files, **where(checked))
    assert done.returncode == 0, done.stderr


def test_a_step_changes_nothing_of_the_one_before(package: Path):
    load, draw = (
        (package / CATALOGUE / "Resources" / name).read_text()
        for name in ("Load.swift", "Draw.swift")
    )
    assert draw.startswith(load.removesuffix("}\n"))
