"""Where the Swift package is, and how a test runs Swift: once, in a folder of its own, or not."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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
