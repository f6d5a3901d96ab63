import re

import pytest

from training.terminal.table import broken, fitting, print_table

NAMES = ["mine-fp16.mlpackage", "mine-prune50-palette6.mlpackage"]


def test_rows_stand_under_their_columns_and_the_caption_below(capsys: pytest.CaptureFixture[str]):
    print_table("two", ("name", "PSNR"), rows=[("cat", "20.1"), ("fish", "7.5")], caption="in dB")
    title, *lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert title == "two"
    assert lines[0].split() == ["name", "PSNR"]
    assert [line.split() for line in lines[2:4]] == [["cat", "20.1"], ["fish", "7.5"]]
    assert lines[2].endswith("20.1")
    assert len(lines[2]) == len(lines[3])  # numbers end together
    assert lines[-1] == "in dB"


def test_a_long_row_stays_one_line_where_stdout_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
):
    print_table("t", ("a", "b"), rows=[("x" * 120, "y" * 60)])
    assert any(
        "x" * 120 in line and "y" * 60 in line for line in capsys.readouterr().out.split("\n")
    )


def test_columns_that_are_said_are_kept_to_without_a_terminal_too(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    interval = "18.25 (17.20 to 19.49)"
    columns = ["", *(f"figure {n}" for n in range(8))]
    print_table(
        "t", columns, rows=[["mean color inside the lines", *[interval] * 8]], caption="c " * 99
    )
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.count("17.20 to 19.49") for line in lines) == 8


def test_square_brackets_are_text(capsys: pytest.CaptureFixture[str]):
    print_table("t", ("a",), rows=[("[bold]cat[/bold]",)])
    assert "[bold]cat[/bold]" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_written_out(capsys: pytest.CaptureFixture[str]):
    print_table("\x1b[2J", ("a",), rows=[("cat\x1b[2J\r.png",)], caption="\x07")
    said = capsys.readouterr().out
    assert "cat\\x1b[2J\\r.png" in said
    assert not {"\x1b", "\r", "\x07"} & set(said)


def widest(tables):
    return [sum(widths.values()) + 1 for widths in tables]


def test_what_fits_stands_in_one_table_as_wide_as_its_words():
    # "name" and "cat" with three columns of padding each, and one at the edge.
    tables = fitting(["name", "dB"], [["cat", "20.1"]], width=80)
    assert tables == [{0: 7, 1: 7}]


def test_where_names_alone_are_too_long_they_are_broken_and_no_column_moves():
    rows = [[name, "20.1", "19.0", "pass"] for name in NAMES]
    (widths,) = fitting(["model", "median", "worst", "verdict"], rows, width=56)
    assert sum(widths.values()) < 56 and widths[0] < len(NAMES[1])


def test_what_does_not_fit_goes_into_further_tables_with_the_names_again():
    columns = ["model", *(f"number {n}" for n in range(12))]
    tables = fitting(columns, [[name, *["123.45"] * 12] for name in NAMES], width=80)
    assert max(widest(tables)) <= 80 and all(0 in widths for widths in tables)
    assert sorted(index for widths in tables for index in widths if index) == list(range(1, 13))


def test_a_long_text_is_broken_between_its_words():
    text = "11 of 12 layers in int8, the others in fp16, and more of such"
    (widths,) = fitting(["model", "computed in"], [["a", text]], width=50)
    assert sum(widths.values()) + 1 <= 50


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_number_is_cut_on_a_narrow_terminal(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes this for a terminal
    monkeypatch.setenv("NO_COLOR", "1")
    print_table("t", ("model", *"abcdefghijkl"), rows=[[NAMES[1], *["12345.678"] * 12]])
    lines = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).splitlines()
    assert sum(line.count("12345.678") for line in lines) == 12
    assert max(map(len, lines)) <= width and "\N{HORIZONTAL ELLIPSIS}" not in "".join(lines)


def test_a_name_is_broken_behind_its_dashes_dots_and_slashes():
    assert broken("mine-prune50-palette6.mlpackage", 22) == "mine-prune50-palette6.\nmlpackage"
    assert broken("a/b", 22) == "a/b"


def test_an_interval_goes_below_its_number_where_that_saves_room():
    cells = ["0.773 (0.748 to 0.799)"] * 6
    tables = fitting(["net", *"abcdef"], [["mean color inside the lines", *cells]], width=80)
    # Three of 16 columns and their padding leave the name 22 of 79.
    assert [len(widths) for widths in tables] == [4, 4]
    assert all(widths[index] >= 16 + 3 for widths in tables for index in widths if index)
