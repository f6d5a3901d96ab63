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
    kind: Literal["color", "pairs"] | None = "color"
    share: float = 0.5
    sizes: tuple[int, ...] = (64,)
    values: tuple[float, float] | None = None


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["dmo"], "expected one of demo, mobile, received 'dmo'. Did you mean demo?"),
        (["demo", "--knid", "color"], "there is no option --knid. Did you mean --kind?"),
        (
            ["demo", "--kind", "colour"],
            "--kind: expected color or pairs, received 'colour'. Did you mean color?",
        ),
        (
            ["demo", "--kind=pair"],
            "--kind: expected color or pairs, received 'pair'. Did you mean pairs?",
        ),
        (["demo", "--dept", "3"], "there is no option --dept. Did you mean --depth?"),
        (["demo", "--depth", "two"], "--depth: expected a whole number, received 'two'."),
        (["demo", "--share=much"], "--share: expected a number, received 'much'."),
        (["demo", "--sizes", "a"], "--sizes: expected whole numbers, received 'a'."),
        (
            ["demo", "--values", "0", "1", "a.onnx"],
            "--values: expected 2 numbers, received '0', '1', 'a.onnx'.",
        ),
        (["demo", "--depth"], "--depth: expected a value, received none."),
        ([], "expected demo or mobile, received none."),
        (["demo", "more"], "expected no further words, received 'more'."),
        (
            ["demo", "--knid", "a", "--dept", "2"],
            "there is no option --knid or --dept. --knid: did you mean --kind? "
            "--dept: did you mean --depth?",
        ),
    ],
)
def test_words_that_are_not_understood_are_answered_by_a_sentence_and_what_was_meant(
    words, advice, capsys
):
    with pytest.raises(SystemExit) as end:
        parse_options(Options, words, prog="a", description="")
    assert end.value.code == 2
    assert capsys.readouterr().err == f"error: {advice}\nWhat can be typed: a --help\n"


def test_what_is_missing_is_named_with_what_it_is(capsys):
    @dataclass(frozen=True, kw_only=True)
    class Needs:
        # folder to write
        out: Annotated[str, tyro.conf.arg(aliases=["-o"], help="folder to write")]

    with pytest.raises(SystemExit):
        parse_options(Needs, ["--ot", "x"], prog="a", description="")
    assert capsys.readouterr().err.splitlines()[0] == (
        "error: there is no option --ot. Expected --out: folder to write; received none. "
        "Did you mean --out?"
    )


def test_a_version_of_tyro_without_its_hook_shows_its_own_box(monkeypatch, capsys):
    monkeypatch.delattr("tyro._errors.on_parse_error")
    with pytest.raises(SystemExit) as end:
        parse_options(Options, ["demo", "--kind", "colour"], prog="a", description="")
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "colour" in said and not said.startswith("error: ")


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
