"""The golden files that NurieKit's tests read."""

import hashlib
import json
from pathlib import Path

import pytest

from benchmarks.devices.faults import EXAMPLES
from benchmarks.ios_goldens import COMMAND, FOLDER, INDEX, main, write_goldens
from training.errors import OutputExists
from training.terminal.command import DONE, REFUSED


def test_writing_them_again_gives_the_same_bytes(tmp_path: Path):
    written = write_goldens(tmp_path / "again")
    names = sorted(path.name for path in FOLDER.iterdir())
    assert names == sorted(path.name for path in written.iterdir())
    for name in names:
        assert (written / name).read_bytes() == (FOLDER / name).read_bytes(), (
            f"{name} is not what Python computes now. Run {COMMAND}; mend Swift until it agrees."
        )


def test_the_index_names_every_file_by_its_hash_and_the_command():
    index = json.loads((FOLDER / INDEX).read_text())
    assert index["command"] == COMMAND
    for name, sha256 in index["sha256"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha256
    assert {*index["sha256"], INDEX} == {path.name for path in FOLDER.iterdir()}


def test_the_examples_of_reports_are_the_golden_ones():
    golden = json.loads((FOLDER / "reports.json").read_text())
    assert (EXAMPLES / "synthetic-1.json").read_text() == golden["version_1"]
    assert (EXAMPLES / "synthetic-2.json").read_text() == golden["report"]


def test_golden_files_are_not_replaced_without_overwrite(tmp_path: Path):
    write_goldens(tmp_path / "goldens")
    with pytest.raises(OutputExists):
        write_goldens(tmp_path / "goldens")


def test_the_command_prints_the_folder(tmp_path: Path, capsys):
    assert main(["-o", str(tmp_path / "goldens")]) == DONE
    assert capsys.readouterr().out.strip() == str(tmp_path / "goldens")
    assert main(["-o", str(tmp_path / "goldens")]) == REFUSED
