import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from training.config import TrainConfig
from training.errors import CheckpointError
from training.run.run_metrics import (
    ALWAYS,
    add_metrics,
    best_epoch,
    forget_after,
    has_stalled,
    read_metrics,
)


def line(epoch: int, **losses: float) -> dict[str, float]:
    return dict.fromkeys(ALWAYS, 0.5) | {"epoch": epoch, "step": 10 * epoch, "l1": 0.25} | losses


def written(run: Path, text: str) -> Path:
    for epoch in (1, 2, 3):
        add_metrics(run, line(epoch))
    with (run / "metrics.jsonl").open("a") as file:
        file.write(text)
    return run


def test_a_run_without_an_epoch_has_no_metrics(tmp_path: Path):
    assert read_metrics(tmp_path) == []


def test_what_is_recorded_is_read_up_to_an_epoch(tmp_path: Path):
    run = written(tmp_path, "")
    assert read_metrics(run) == [line(1), line(2), line(3)]
    assert read_metrics(run, until=2) == [line(1), line(2)]


def test_a_line_cut_by_a_kill_is_not_read(tmp_path: Path):
    assert len(read_metrics(written(tmp_path, '{"epoch": 4, "st'))) == 3


def test_a_line_whose_end_alone_was_cut_is_read(tmp_path: Path):
    assert read_metrics(written(tmp_path, json.dumps(line(4))))[3] == line(4)


def test_infinity_is_recorded_as_json_knows_it_and_read_as_python_wrote_it(tmp_path: Path):
    add_metrics(tmp_path, line(1, validation_psnr_db=math.inf))
    path = tmp_path / "metrics.jsonl"
    assert '"validation_psnr_db": "inf"' in path.read_text()
    path.write_text(path.read_text().replace('"inf"', "Infinity"))
    assert read_metrics(tmp_path)[0]["validation_psnr_db"] == math.inf


def test_epochs_that_will_be_trained_again_are_forgotten(tmp_path: Path):
    run = written(tmp_path, '{"epoch"')
    before = (run / "metrics.jsonl").read_text().splitlines(keepends=True)
    forget_after(run, 2)
    assert (run / "metrics.jsonl").read_text() == "".join(before[:2])


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "[1]",
        '{"epoch": 4}',
        '{"epoch": 4, "st',
        "[" * 100_000,
        json.dumps(line(4, gan=1.0)),
        json.dumps(line(4, l1=math.nan)),
        json.dumps(line(4, step=math.inf)),
        json.dumps(line(4) | {"l1": "much"}),
        json.dumps(line(4) | {"epoch": "4"}),
    ],
    ids=lambda text: f"{text:.20}",
)
def test_a_damaged_line_is_refused_by_its_number(tmp_path: Path, damaged: str):
    run = written(tmp_path, damaged + "\n")
    with pytest.raises(CheckpointError, match=r"metrics\.jsonl: line 4 is damaged: .*remove the"):
        read_metrics(run)


def test_reading_them_takes_no_tensorflow():
    program = "import sys, training.run.run_metrics; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n"


def lines(*psnr_db):
    return [
        {"epoch": epoch, "validation_psnr_db": value, "validation_l1": -value}
        for epoch, value in enumerate(psnr_db, start=1)
    ]


def test_the_best_epoch_has_the_highest_psnr_or_the_lowest_l1():
    assert best_epoch(lines(10, 30, 20), by="validation_psnr_db") == 2
    assert best_epoch(lines(10, 30, 20), by="validation_l1") == 2
    upside_down = [line | {"validation_l1": -line["validation_l1"]} for line in lines(10, 30, 20)]
    assert best_epoch(upside_down, by="validation_l1") == 1


def test_of_equals_the_first_is_best():
    assert best_epoch(lines(10, 30, 30), by="validation_psnr_db") == 2


def test_before_the_first_epoch_none_is_best():
    assert best_epoch([], by="validation_psnr_db") is None


@pytest.mark.parametrize(
    ("psnr_db", "stalled"),
    [((), False), ((30,), False), ((30, 20), False), ((30, 20, 20), True), ((30, 20, 31), False)],
)
def test_a_run_has_stalled_after_so_many_epochs_without_a_better_one(psnr_db, stalled):
    assert has_stalled(lines(*psnr_db), config=TrainConfig(early_stop=2)) is stalled
    assert not has_stalled(lines(*psnr_db), config=TrainConfig())
