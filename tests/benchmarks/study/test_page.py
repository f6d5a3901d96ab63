from pathlib import Path

import pytest
from PIL import Image

from benchmarks.study.groups import Extent, read_groups, waves
from benchmarks.study.page import Painted, Place, paint, write_docs, write_page
from benchmarks.study.plan import Budget, in_order
from tests.benchmarks.study.folder import write_baselines, write_cells

BUDGET, LARGE = Budget(size=32, pairs=32, width=4), Budget(size=64, pairs=32, width=4)
EXTENT = Extent(seeds=1, repair_seeds=1)


def place(out: Path, data: Path) -> Place:
    return Place(out=out, data=data, large_data=data, command="python -m benchmarks.experiment")


@pytest.fixture(scope="module")
def whole(tmp_path_factory, tiny_run: Path) -> Path:
    """A complete results folder with made-up numbers; every net is the tiny one."""
    out = tmp_path_factory.mktemp("whole")
    while True:
        read = read_groups(BUDGET, LARGE, out, extent=EXTENT)
        todo = [cell for cell in in_order(*waves(read)) if not (out / cell.name).exists()]
        if not todo:
            break
        write_cells(
            out,
            todo,
            ciede2000=lambda cell: 12.34 if cell.name.startswith("2017") else 8.0,
            run=tiny_run,
        )
    for size in (32, 64):
        write_baselines(out, size=size)
    return out


@pytest.fixture(scope="module")
def painted(whole: Path, tiny_data: Path) -> Painted:
    """What its nets paint."""
    return paint(read_groups(BUDGET, LARGE, whole, extent=EXTENT), place(whole, tiny_data))


def test_the_page_holds_everything_and_fetches_nothing(whole, painted, tiny_data):
    read = read_groups(BUDGET, LARGE, whole, extent=EXTENT)
    page = write_page(read, place(whole, tiny_data), painted)
    text = page.read_text()
    assert page == whole / "experiment.html"
    assert 'src="http' not in text and "<script" not in text and "<link" not in text
    # 8 drawings in 11 presets, line art and truth; in three large ones; and in eight longer ones.
    assert text.count('<img src="data:image/png;base64,') == 8 * 13 + 8 * 5 + 8 * 10
    assert text.count("<svg") == 9 + 3  # three curves in three panels, three chains of repairs
    for words in ("12.34", "less l1-gan-100 without dropout at", "uncoloured paper", "fan-in"):
        assert words in text, words


def test_the_docs_have_small_pictures_and_the_command(whole, painted, tiny_data, tmp_path):
    read = read_groups(BUDGET, LARGE, whole, extent=EXTENT)
    docs = write_docs(read, place(whole, tiny_data), painted, tmp_path)
    text = docs.read_text()
    assert docs == tmp_path / "experiment-tables.md"
    assert "Made by `python -m benchmarks.experiment` on " in text
    for name in ("pictures", "curves", "repairs", "large", "longer"):
        path = tmp_path / "pictures" / f"experiment-{name}.png"
        assert f"](pictures/{path.name})" in text
        Image.open(path).verify()
    pictures = sum(path.stat().st_size for path in (tmp_path / "pictures").iterdir())
    assert pictures < 800_000
    assert "| 2017-selu | 1 | 12.66 (" in text  # PSNR is 25 less CIEDE2000 here
    assert "  <" not in text and "<p" not in text  # it is Markdown


def test_an_unfinished_experiment_shows_what_there_is_and_counts_the_rest(
    tmp_path, tiny_data, tiny_run
):
    read = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    write_cells(tmp_path, read.presets["l1"].row.cells, ciede2000=lambda cell: 7.77, run=tiny_run)
    read = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    where = place(tmp_path, tiny_data)
    painted = paint(read, where)
    text = write_page(read, where, painted).read_text()
    assert "7.77" in text
    assert f"<dd>1<small>/{len(read.all_rows())}</small></dd>" in text
    assert text.count('<img src="data:image/png;base64,') == 8 * 3
    docs = write_docs(read, where, painted, tmp_path).read_text()
    assert not [name for name in ("repairs", "large", "longer") if f"experiment-{name}.png" in docs]
    assert "| selu | 0 of 1 | – | – |" in docs


def test_nothing_at_all_makes_a_page_of_empty_tables(tmp_path, tiny_data):
    read = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    where = place(tmp_path, tiny_data)
    text = write_page(read, where, paint(read, where)).read_text()
    assert "0 of 1" in text
    assert "<img" not in text and "<svg" not in text
