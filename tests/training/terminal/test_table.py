import pytest

from training.terminal.table import print_table


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


def test_square_brackets_are_text(capsys: pytest.CaptureFixture[str]):
    print_table("t", ("a",), rows=[("[bold]cat[/bold]",)])
    assert "[bold]cat[/bold]" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_written_out(capsys: pytest.CaptureFixture[str]):
    print_table("\x1b[2J", ("a",), rows=[("cat\x1b[2J\r.png",)], caption="\x07")
    said = capsys.readouterr().out
    assert "cat\\x1b[2J\\r.png" in said
    assert not {"\x1b", "\r", "\x07"} & set(said)
