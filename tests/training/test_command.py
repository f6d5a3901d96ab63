from dataclasses import dataclass

import pytest

from training.command import run_command
from training.errors import DataError


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


def test_an_interruption_ends_with_130(capsys):
    def interrupt(options):
        raise KeyboardInterrupt

    assert run(interrupt) == 130
    assert "interrupted" in capsys.readouterr().err


def test_our_own_mistakes_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run(lambda options: 1 // 0)


def test_an_option_that_cannot_be_parsed_ends_with_2():
    with pytest.raises(SystemExit) as ended:
        run(lambda options: 0, "--size", "large")
    assert ended.value.code == 2
