"""What an installation takes: the same versions everywhere, each file by its hash."""

import re
from pathlib import Path

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
