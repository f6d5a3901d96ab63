"""Where the Swift package is, and how a test runs Swift: once, in a folder of its own, or not."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ios_demo_assets.checking import BUILT, MODULES, where

WRITTEN_BY = "Swift version 6.3"  # other versions spell some declarations otherwise
PACKAGE = Path(__file__).resolve().parents[2] / "ios_demo_assets"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def package() -> Path:
    return PACKAGE


@pytest.fixture(scope="session")
def run_swift() -> Run:
    """Run a command in the package's folder. Skips where Swift 6 is not installed."""
    if shutil.which("swift") is None:
        pytest.skip("needs Swift 6 on the path: https://www.swift.org/install")
    said = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"Swift version (\d+)", said)
    if found is None or int(found[1]) < 6:
        pytest.skip(f"needs Swift 6 on the path, received {said.splitlines()[:1]}")

    def run(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in words],
            cwd=PACKAGE,
            env=os.environ | variables,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture(scope="session")
def built(run_swift: Run) -> None:
    """Build everything once, warnings as errors; `.build` is kept, so that later runs are short."""
    done = run_swift("swift", "build", "--build-tests", "-Xswiftc", "-warnings-as-errors")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def checked(run_swift: Run, built: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our modules, checked against the stubs: without a warning."""
    if sys.platform == "darwin":
        pytest.skip("a Mac has Apple's declarations themselves: build the package instead")
    folder = tmp_path_factory.mktemp("typecheck")
    done = run_swift("AppleStubs/typecheck.sh", **where(folder))
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def graphs(run_swift: Run, checked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the compiler says of the public symbols of each module."""
    if WRITTEN_BY not in (said := run_swift("swift", "--version").stdout):
        pytest.skip(f"the surface was written down with {WRITTEN_BY}, received {said!r}")
    folder = tmp_path_factory.mktemp("graphs")
    target = json.loads(run_swift("swift", "-print-target-info").stdout)["target"]
    for module in MODULES:
        # Our modules of the stubs first: where there is no Core ML, those that are built are empty.
        places = (checked, BUILT)
        done = run_swift(
            "swift", "symbolgraph-extract", "-module-name", module,
            "-target", target["unversionedTriple"], *(f"-I{place}" for place in places),
            "-output-dir", folder, "-minimum-access-level", "public", "-skip-synthesized-members",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return folder
