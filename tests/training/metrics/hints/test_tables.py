import numpy as np
import pytest

from tests.training.metrics.hints.measured import MEASURED
from training.metrics.hints.tables import hint_tables
from training.terminal.table import print_table


def test_paper_stands_first_and_the_fill_below_the_model_with_the_same_hints():
    rows = hint_tables(MEASURED)[0].rows
    assert [row[0] for row in rows[:5]] == [
        "uncoloured paper",
        "model",
        "model, 1 dot",
        "fill, 1 dot",
        "model, 2 dots",
    ]
    assert rows[-1][0] == "fill, 16 strokes"
    assert len(rows) == 2 + 2 * 5 * 2


def test_every_number_has_its_column():
    table = hint_tables(MEASURED)[0]
    assert dict(zip(table.columns, table.rows[4], strict=True)) == {
        "": "model, 2 dots",
        "PSNR": "22.00",
        "over fill": "-11.5 ±0.5",
        "SSIM": "0.500",
        "CIEDE2000": "12.25",
        "obeys": "31.5 20",
        "leak": "0.12",
    }


def test_what_there_is_not_is_a_dash():
    paper = hint_tables(MEASURED)[0].rows[0]
    assert paper == ("uncoloured paper", "15.00", "–", "0.500", "12.25", "–", "–")


def test_hint_auc_has_a_column_for_every_share_and_the_area():
    table = hint_tables(MEASURED)[1]
    shares = [f"{share} %" for share in (0, 1, 3, 5, 10, 25, 50, 100)]
    assert table.columns == ("", *shares, "area")
    assert table.rows[1] == ("fill", *["15.0"] * 8, "15.00 ±0.50")


def test_both_tables_fit_80_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for table in hint_tables(MEASURED):
        print_table(table.title, table.columns, rows=table.rows)
    lines = capsys.readouterr().out.splitlines()
    assert np.max([len(line.rstrip()) for line in lines]) <= 80
