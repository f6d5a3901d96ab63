"""What an installation takes: the same versions everywhere, each file by its hash."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}$")


def pins(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_every_pinned_version_has_the_hashes_of_its_files():
    locked = (ROOT / "requirements.txt").read_text().replace(" \\\n", "\n")
    lines = pins(locked)
    versions = [line for line in lines if not line.startswith(" ")]
    assert versions == pins((ROOT / "constraints.txt").read_text()), "run .ci/lock"
    for line, after in zip(lines, lines[1:] + [""], strict=True):
        assert HASH.match(line) or HASH.match(after), f"{line} has no hash"


def test_everything_that_is_asked_for_is_pinned():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [Requirement(line) for line in project["dependencies"] + extras["dev"]]
    pinned = {Requirement(line).name for line in pins((ROOT / "constraints.txt").read_text())}
    names = {canonicalize_name(requirement.name) for requirement in asked} - {"nurie"}
    assert names <= {canonicalize_name(name) for name in pinned}


def test_a_machine_with_an_older_c_library_is_asked_for_all_but_core_ai():
    asked = {
        glibc: subprocess.run(
            [sys.executable, ROOT / ".ci" / "fitting", glibc],
            capture_output=True,
            text=True,
            check=True,
        )
        for glibc in ("2.31", "2.34", "2.41")
    }
    whole = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert asked["2.34"].stdout == asked["2.41"].stdout == whole
    assert not asked["2.34"].stderr
    if sys.platform != "linux":
        pytest.skip("other systems have no glibc")
    before, after = (
        set(re.findall(r"^([a-z][\w.-]*)==", text, re.MULTILINE))
        for text in (whole, asked["2.31"].stdout)
    )
    assert before - after == {"coreai-core", "coreai-onnx"} and after < before
    # None of their hashes is left behind: each stands below a line that goes on.
    lines = asked["2.31"].stdout.splitlines()
    assert all(
        line_before.endswith("\\") == line.startswith("    --hash=")
        for line_before, line in zip(lines, lines[1:], strict=False)
    )
    assert "glibc 2.34: glibc 2.31" in asked["2.31"].stderr
