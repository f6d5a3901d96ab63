import numpy as np
import pytest
from PIL import Image

from benchmarks.gap.cells import Cell, NetCells
from benchmarks.gap.nets import NETS
from benchmarks.gap.page import write_cells_page, write_heat_map
from benchmarks.gap.ways import JUDGED
from training.errors import DataError
from training.metrics.coloring import Estimate


def row(first):
    cells = {
        way: Cell(
            drawings=7,
            psnr_db=Estimate(value=first + n, low=first, high=first + 2 * n),
            ciede2000=Estimate(value=9.0, low=8.0, high=10.0),
            hinted_psnr_db=Estimate(value=30.0, low=29.0, high=31.0),
            command=f"python -m training.evaluate runs/{way}",
        )
        for n, way in enumerate(JUDGED)
    }
    return NetCells(checkpoint="runs/x", checkpoint_sha256="0", epoch=3, lines={}, cells=cells)


def test_the_page_gives_each_cell_its_intervals_and_its_command(tmp_path):
    rows = {NETS[0]: row(10.0), NETS[1]: row(20.0)}
    write_cells_page(rows, tmp_path / "cells", command="python -m benchmarks.domain_gap")
    text = (tmp_path / "cells").read_text()
    cells = [
        line for line in text.splitlines() if line.startswith(tuple(f"| {w} |" for w in JUDGED))
    ]
    assert len(cells) == 2 * len(JUDGED)
    assert cells[2].startswith(f"| {JUDGED[2]} | 7 | 12.00 (10.00 to 14.00) | 9.00 (8.00 to 10.00)")
    assert f"`python -m training.evaluate runs/{JUDGED[2]}`" in cells[2]


def test_the_heat_map_is_darker_where_a_net_is_further_behind_the_best_of_its_column(tmp_path):
    write_heat_map({NETS[0]: row(10.0), NETS[1]: row(20.0)}, tmp_path / "heat.png")
    picture = np.asarray(Image.open(tmp_path / "heat.png").convert("RGB")).astype(int)
    # The first panel: its upper row is 10 dB behind, its lower row is the best of every column.
    panel = picture[: len(picture) // 3]
    warm = panel[..., 0] - panel[..., 2]
    behind = np.flatnonzero((warm > 120).sum(axis=1) > panel.shape[1] // 3)
    best = np.flatnonzero(((warm > 20) & (warm < 80)).sum(axis=1) > panel.shape[1] // 3)
    assert behind.size > 5
    assert best.size > 5
    assert behind.max() < best.min()


def test_a_row_that_lacks_a_column_is_refused():
    whole = row(10.0)
    cells = {way: cell for way, cell in whole.cells.items() if way != "scan"}
    with pytest.raises(DataError, match="expected .*scan"):
        NetCells(checkpoint="x", checkpoint_sha256="0", epoch=1, lines={}, cells=cells)
