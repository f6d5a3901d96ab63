"""What a Mac is asked to do: it cannot run here, so it is held to what the repository has."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "mac.yml").read_text())
COMMANDS = [
    (job["defaults"]["run"]["working-directory"], shlex.split(step["run"]))
    for job in WORKFLOW["jobs"].values()
    for step in job["steps"]
    if "run" in step
]


def test_it_runs_on_a_mac_for_each_change_and_may_write_nothing():
    assert set(WORKFLOW[True]) == {"push", "pull_request"}  # YAML 1.1 takes `on` for true
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all(job["runs-on"].startswith("macos-") for job in WORKFLOW["jobs"].values())
    assert all(job["timeout-minutes"] <= 60 for job in WORKFLOW["jobs"].values())


def test_the_paths_that_start_it_and_those_it_works_in_exist():
    for pattern in WORKFLOW[True]["pull_request"]["paths"]:
        assert list(ROOT.glob(pattern)), pattern
    for folder, _ in COMMANDS:
        assert (ROOT / folder / "Package.swift").exists(), folder


def test_it_builds_tests_and_measures_the_package_and_builds_the_app():
    begun = [words[:2] for _, words in COMMANDS]
    for wanted in (
        ["swift", "build"],
        ["swift", "test"],
        ["swift", "run"],
        ["xcodebuild", "build"],
    ):
        assert wanted in begun


@pytest.mark.parametrize(("folder", "words"), COMMANDS)
def test_what_it_names_is_there(folder: str, words: list[str]):
    package = (ROOT / folder / "Package.swift").read_text()
    if "-scheme" in words:
        assert f'name: "{words[words.index("-scheme") + 1]}"' in package
    if "nurie-bench" in words:
        place = words.index("nurie-bench")
        assert (ROOT / folder / words[place + 1] / "index.json").exists()
        usage = (ROOT / folder / "Sources" / "nurie-bench" / "Arguments.swift").read_text()
        options = [word for word in words[place:] if word.startswith("--")]
        assert options and all(re.search(rf'case "{option}"', usage) for option in options)
