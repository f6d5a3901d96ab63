import json
import shutil
from pathlib import Path

import pytest

from benchmarks import experiment
from benchmarks.experiment import main
from benchmarks.study.changes import ATTEMPTS
from benchmarks.study.plan import FAILED, REPAIRED, Cell
from benchmarks.study.runs import Status
from tests.benchmarks.study.folder import write_cells, write_run_config, write_status

SMALL = ("--width", "4", "--seeds", "2", "--steps", "8")


def made_up_number(cell: Cell) -> float:
    """A CIEDE2000: the presets' own rates are best; one repaired preset does not converge."""
    if "learning_rate" in cell.name:
        return 9.0
    return 14.0 if cell.name.startswith(("wgan-gp.", *FAILED)) else 8.0


@pytest.fixture
def trained(monkeypatch, tiny_data, tmp_path):
    """Let cells be complete at once, with made-up numbers; returns what was trained, in waves."""
    waves: list[tuple[Path, list[str]]] = []

    def run_cells(cells, out, *, data, jobs):
        waves.append((data, [cell.name for cell in cells]))
        write_cells(out, cells, ciede2000=made_up_number)
        for cell in cells:
            write_run_config(out, cell, data=data)

    monkeypatch.setattr(experiment, "run_cells", run_cells)
    monkeypatch.setattr(experiment, "measure_cells", lambda names, out, *, data, kid: None)
    # Pictures and figures are the page's own tests' business.
    for name in ("painted_columns", "curve_figures", "chain_figures"):
        monkeypatch.setattr(f"benchmarks.study.page.{name}", lambda *_, **__: {})
    for name in ("write_curves_png", "write_chains_png"):
        monkeypatch.setattr(f"benchmarks.study.page.{name}", lambda *_: False)
    return waves


def run(tiny_data: Path, out: Path, *more: str) -> int:
    return main(["--data", str(tiny_data), "--out", str(out), *SMALL, *more])


def test_what_is_worth_most_is_trained_first_and_attempts_follow_what_was_measured(
    trained, tiny_data, tmp_path
):
    assert run(tiny_data, tmp_path / "out") == 0
    (_, first), (_, second), (_, longer) = trained
    assert first[:3] == ["l1.seed0", "l1-gan-100.seed0", "l1-gan-10.seed0"]
    assert all(name.endswith("seed0") for name in first)
    assert "selu.seed1" in second
    attempts = [name for name in second if name.startswith("wgan-gp+")]
    # Of the one repaired preset that did not converge.
    assert len(attempts) == len(ATTEMPTS["wgan-gp"])
    assert not [n for n in second for p in REPAIRED if n.startswith(f"{p}+loss") and p != "wgan-gp"]
    # Of the longer trainings the longest, with five critic steps, comes first.
    assert longer[:3] == [f"{n}.32steps.seed0" for n in ("wgan-gp", "wgan-gp-l1", "selu-wgan-gp")]
    assert len({*first, *second, *longer}) == len(first + second + longer)


def test_a_rerun_trains_nothing_and_writes_the_page_again(trained, tiny_data, tmp_path, capsys):
    run(tiny_data, tmp_path / "out")
    trained.clear()
    page = tmp_path / "out" / "experiment.html"
    page.unlink()
    assert run(tiny_data, tmp_path / "out") == 0
    assert trained == []
    assert capsys.readouterr().out.splitlines()[-1] == str(page)
    assert page.exists()


def test_page_only_trains_nothing(trained, tiny_data, tmp_path):
    assert run(tiny_data, tmp_path / "out", "--page-only", "--docs", str(tmp_path)) == 0
    assert trained == []
    assert "| l1 | 0 of 2 |" in (tmp_path / "experiment-tables.md").read_text()
    assert (tmp_path / "out" / "experiment.html").exists()


def test_a_failed_cell_is_tried_once_listed_and_ends_with_status_1(
    trained, tiny_data, tmp_path, monkeypatch, capsys
):
    tries = []
    complete = experiment.run_cells

    def run_cells(cells, out, *, data, jobs):
        complete([cell for cell in cells if cell.name != "l1.seed0"], out, data=data, jobs=jobs)
        for cell in cells:
            if cell.name == "l1.seed0":
                tries.append(cell)
                write_status(out, cell, Status(command="", outcome="failed", said="no room"))

    monkeypatch.setattr(experiment, "run_cells", run_cells)
    assert run(tiny_data, tmp_path / "out") == 1
    assert len(tries) == 1
    assert "failed: l1.seed0: no room" in capsys.readouterr().err


def test_the_page_names_the_command_that_makes_its_numbers(trained, tiny_data, tmp_path):
    run(tiny_data, tmp_path / "out", "--page-only")
    page = (tmp_path / "out" / "experiment.html").read_text()
    assert f"python -m benchmarks.experiment --data {tiny_data} --out {tmp_path}/out" in page
    assert "--page-only" not in page


def test_larger_drawings_are_trained_on_once_where_they_are_there(trained, tiny_data, tmp_path):
    large = Path(shutil.copytree(tiny_data, tmp_path / "large"))
    manifest = json.loads((tiny_data / "manifest.json").read_text())
    (large / "manifest.json").write_text(json.dumps(manifest | {"size": 64}))
    assert run(tiny_data, tmp_path / "out", "--large-data", str(large)) == 0
    assert [data for data, _ in trained] == [tiny_data, tiny_data, large, tiny_data]
    assert trained[2][1] == [
        *("l1.64px.seed0", "l1-gan-100.64px.seed0", "l1-gan-10.64px.seed0"),
    ]


@pytest.mark.parametrize("more", [(), ("--page-only",)], ids=["training", "page only"])
def test_numbers_of_another_budget_are_refused_and_not_shown_under_this_one(
    trained, tiny_data, tmp_path, capsys, more
):
    run(tiny_data, tmp_path / "out")
    assert run(tiny_data, tmp_path / "out", "--width", "8", *more) == 2
    said = capsys.readouterr().err
    assert "config.generator.width: the run has 4, received 8" in said
    assert "name another --out" in said


def test_a_folder_of_data_that_is_not_there_is_not_filled_with_openmoji(tmp_path, capsys):
    assert main(["--data", str(tmp_path / "mine"), "--out", str(tmp_path / "out")]) == 2
    assert "mine" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--jobs", "0"),
        ("--seeds", "0"),
        ("--repair-seeds", "0"),
        ("--longer", "0"),
        ("--steps", "0"),
        ("--width", "0"),
    ],
    ids=lambda options: options[0],
)
def test_impossible_options_are_refused_by_name(tiny_data, tmp_path, capsys, options):
    assert main(["--data", str(tiny_data), "--out", str(tmp_path / "out"), *options]) == 2
    name = options[0].removeprefix("--").replace("-", "_")
    assert f"error: {name}: expected at least 1, received 0" in capsys.readouterr().err


def test_what_is_written_by_hand_is_no_place_for_the_tables(tiny_data, tmp_path, capsys):
    (tmp_path / "experiment.md").write_text("by hand")
    for docs in ("experiment.md", "missing"):
        assert run(tiny_data, tmp_path / "out", "--docs", str(tmp_path / docs)) == 2
        assert "docs: expected a folder that exists" in capsys.readouterr().err
    assert run(tiny_data, tmp_path / "out", "--page-only", "--docs", str(tmp_path)) == 0
    assert (tmp_path / "experiment.md").read_text() == "by hand"


def test_larger_drawings_that_are_not_larger_are_refused(tiny_data, tmp_path, capsys):
    again = ("--large-data", str(tiny_data))
    assert run(tiny_data, tmp_path / "out", *again) == 2
    assert "expected pictures larger than the 32 pixels" in capsys.readouterr().err


def test_the_larger_openmoji_beside_other_data_is_not_taken_for_theirs(
    trained, tiny_data, tmp_path
):
    data = Path(shutil.copytree(tiny_data, tmp_path / "mine"))
    shutil.copytree(tiny_data, tmp_path / "openmoji-128")
    assert run(data, tmp_path / "out") == 0
    assert {data for data, _ in trained} == {data}


def test_a_folder_that_is_no_data_set_is_refused(tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    assert main(["--data", str(tmp_path / "photos"), "--out", str(tmp_path / "out")]) == 2
    assert "photos" in capsys.readouterr().err
