from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
import tyro

from training.terminal.options import did_you_mean, fitted, parse_options

PRESETS = {"demo": 1, "mobile": 2}


@dataclass(frozen=True)
class Net:
    depth: int = 4


@dataclass(frozen=True)
class Options:
    preset: Annotated[
        Annotated[Net, tyro.conf.subcommand("demo", default=Net())]
        | Annotated[Net, tyro.conf.subcommand("mobile", default=Net(depth=2))],
        tyro.conf.arg(name=""),
    ]
    kind: Literal["color", "pairs"] = "color"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["dmo"], "dmo: did you mean demo?"),
        (["demo", "--knid", "color"], "--knid: did you mean --kind?"),
        (["demo", "--kind", "colour"], "colour: did you mean color?"),
        (["demo", "--kind=pair"], "pair: did you mean pairs?"),
        (["demo", "--dept", "3"], "--dept: did you mean --depth?"),
    ],
)
def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(words, advice, capsys):
    with pytest.raises(SystemExit) as end:
        parse_options(Options, words, prog="a", description="")
    assert end.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == advice


def test_words_that_are_right_or_nothing_known_are_not_commented():
    assert did_you_mean(Options, ["demo", "--depth", "3"]) == []
    assert did_you_mean(Options, ["--kind", "xyz", "demo", "--qqqq"]) == []


def test_help_breaks_its_lines_between_words_where_the_terminal_ends(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    text = "a sentence about a thing that is longer than sixty columns " * 3
    with pytest.raises(SystemExit) as end:
        parse_options(Options, ["--help"], prog="python -m a", description=text)
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 60
    assert " ".join(text.split()) in " ".join(shown.split())


def test_a_list_of_choices_is_broken_at_its_commas():
    assert fitted("usage: a {one,two,three}\n", width=16) == "usage: a {one,\ntwo, three}\n"
