import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from training.errors import DataError, Diverged
from training.terminal.command import run_command


@dataclass(frozen=True)
class Options:
    size: int = 64


def run(work, *argv):
    return run_command(Options, work, argv=argv, description="python -m a.command")


def test_the_status_is_what_the_work_returns():
    assert run(lambda options: options.size, "--size", "1") == 1


def test_a_refusal_is_one_sentence_on_stderr_and_status_2(capsys):
    def refuse(options):
        raise DataError("no pictures")

    assert run(refuse) == 2
    assert capsys.readouterr() == ("", "error: no pictures\n")


def test_a_training_that_diverged_is_told_from_a_refusal_by_status_3(capsys):
    def diverge(options):
        raise Diverged("the loss 'l1' is nan")

    assert run(diverge) == 3
    assert capsys.readouterr() == ("", "error: the loss 'l1' is nan\n")


def test_an_interruption_ends_with_130(capsys):
    def interrupt(options):
        raise KeyboardInterrupt

    assert run(interrupt) == 130
    assert "interrupted" in capsys.readouterr().err


def test_our_own_mistakes_show_their_traceback_and_are_no_measurement(capsys):
    assert run(lambda options: 1 // 0) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_the_system_refuses_is_a_refusal(tmp_path, capsys):
    assert run(lambda options: (tmp_path / "no" / "file").write_text("x")) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    program = (
        "import dataclasses, sys\n"
        "from training.terminal.command import run_command\n"
        "@dataclasses.dataclass\n"
        "class Options: pass\n"
        "def work(options):\n"
        "    for _ in range(100_000): print('line')\n"
        "    return 0\n"
        "sys.exit(run_command(Options, work, argv=[], description='python -m x'))\n"
    )
    pipe = f'{sys.executable} -c "$PROGRAM" | head -1; echo ${{PIPESTATUS[0]}}'
    ended = subprocess.run(
        ["bash", "-c", pipe], capture_output=True, text=True, env={**os.environ, "PROGRAM": program}
    )
    assert ended.stdout.split() == ["line", "141"]
    assert ended.stderr == ""


def test_an_option_that_cannot_be_parsed_ends_with_2():
    with pytest.raises(SystemExit) as ended:
        run(lambda options: 0, "--size", "large")
    assert ended.value.code == 2
