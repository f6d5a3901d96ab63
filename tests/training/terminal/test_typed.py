import shlex
from pathlib import Path

import pytest

from training.terminal.typed import (
    command_line,
    from_here,
    python_command,
    typed_command,
    typed_here,
)


def test_what_was_typed_comes_back_word_for_word_in_its_order():
    words = ["--overwrite", "my run", "--json", "it's.json"]
    command = typed_command("training.evaluate", words)
    assert shlex.split(command) == ["python", "-m", "training.evaluate", *words]


def test_without_words_they_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["/anywhere/training/evaluate.py", "runs/x"])
    assert typed_command("training.evaluate", None) == "python -m training.evaluate runs/x"
    assert typed_command("training.evaluate", []) == "python -m training.evaluate"


def test_a_path_with_a_space_is_one_word():
    command = python_command("benchmarks.report", Path("my runs/x"), "-o", "r.html")
    assert command == "python -m benchmarks.report 'my runs/x' -o r.html"


@pytest.mark.parametrize(
    ("here", "search", "typed"),
    [
        ("/home/me/nurie", "/usr/bin", ".venv/bin/tensorboard"),
        ("/home/me", "/usr/bin", "nurie/.venv/bin/tensorboard"),
        ("/tmp", "/usr/bin", "/home/me/nurie/.venv/bin/tensorboard"),
        ("/tmp", "/home/me/nurie/.venv/bin", "tensorboard"),
    ],
)
def test_a_program_of_the_environment_is_named_as_it_can_be_typed(here, search, typed, monkeypatch):
    monkeypatch.setattr("sys.executable", "/home/me/nurie/.venv/bin/python")
    monkeypatch.setattr(Path, "cwd", lambda: Path(here))
    monkeypatch.setattr("shutil.which", lambda name: f"{search}/{name}")
    assert command_line("tensorboard", "--logdir", "runs/x") == f"{typed} --logdir runs/x"


def test_a_page_tells_where_a_file_is_from_here_and_of_others_the_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_here(tmp_path / "data/x") == from_here(Path("data/x")) == "data/x"
    assert from_here(Path("/home/me/my pictures")) == ".../my pictures"


@pytest.mark.parametrize(
    ("here", "search", "typed"),
    [
        ("/home/me/nurie", "/usr/bin", ".venv/bin/python"),
        ("/home/me/nurie", "/home/me/nurie/.venv/bin", "python"),
        ("/tmp", "/usr/bin", "python"),
    ],
)
def test_a_page_says_what_to_type_here_and_never_where_that_lies(here, search, typed, monkeypatch):
    monkeypatch.setattr("sys.executable", "/home/me/nurie/.venv/bin/python")
    monkeypatch.setattr(Path, "cwd", lambda: Path(here))
    monkeypatch.setattr("shutil.which", lambda name: f"{search}/{name}")
    assert typed_here("python -m benchmarks.report x") == f"{typed} -m benchmarks.report x"
    assert typed_here("make demo") == "make demo"
