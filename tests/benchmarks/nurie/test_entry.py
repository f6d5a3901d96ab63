import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks.nurie.entry import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def the_words_of_the_process(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["nurie"])


def test_the_installed_command_is_this_main():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"nurie": "benchmarks.nurie.entry:main"}


@pytest.mark.parametrize("words", [[], ["--help"], ["help"]])
def test_alone_it_shows_the_map(words, capsys):
    assert main(words) == 0
    assert "Teach a network" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["device-report", "device_report", "benchmarks.device_report"])
def test_a_commands_words_and_its_status_are_handed_on(name, tmp_path, capsys):
    assert main([name, str(tmp_path / "no.json")]) == 2
    assert "no.json" in capsys.readouterr().err


def test_the_help_of_a_command_calls_it_as_it_was_typed(capsys):
    with pytest.raises(SystemExit) as end:
        main(["to-onnx", "--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert shown.startswith("usage: nurie to-onnx ") and "python -m conversion.to_onnx" in shown


def test_a_misspelt_command_is_refused_with_the_nearest_one(capsys):
    assert main(["trian"]) == 2
    assert "'trian' is no command" in (said := capsys.readouterr().err) and "mean train?" in said


def test_an_unknown_shell_is_refused_with_the_known_ones(capsys):
    assert main(["completion", "ksh"]) == 2
    assert "bash, zsh, fish, tcsh" in capsys.readouterr().err


def test_the_version_says_which_clone_runs(capsys):
    assert main(["--version"]) == 0
    assert str(ROOT) in capsys.readouterr().out


def test_it_runs_in_a_folder_that_has_a_training_of_its_own(tmp_path):
    (tmp_path / "training").mkdir()
    (tmp_path / "training/__init__.py").touch()
    script = tmp_path / "bin/nurie"
    script.parent.mkdir()
    script.write_text("import sys\nfrom benchmarks.nurie.entry import main\nsys.exit(main())\n")
    done = subprocess.run(
        [sys.executable, script, "to-tflite", "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "conversion.to_tflite" in done.stdout
