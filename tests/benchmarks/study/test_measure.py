import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.study.measure import (
    MEAN_COLOR,
    MEASURED_FILE,
    MEASUREMENTS,
    NUMBERS,
    PAPER,
    Measured,
    measure_cells,
    read_baselines,
    read_measured,
)
from benchmarks.study.plan import Budget, preset_rows
from benchmarks.study.runs import RUN, Status
from tests.benchmarks.study.folder import write_status
from training.errors import DataError
from training.evaluate import evaluate
from training.metrics.evaluation import MODEL, ROWS
from training.metrics.evaluation import PAPER as EVALUATED_PAPER

CELL = preset_rows(Budget(size=32, pairs=32), seeds=1)["l1"].cells[0]


@pytest.fixture(scope="module")
def measured_out(tmp_path_factory, tiny_run: Path, tiny_data: Path) -> Path:
    """A results folder with one complete cell, the tiny checkpoint, measured."""
    out = tmp_path_factory.mktemp("experiment")
    write_status(out, CELL, Status(command="", outcome="complete"))
    shutil.copytree(tiny_run / "checkpoints", out / CELL.name / RUN / "checkpoints")
    measure_cells([CELL.name], out, data=tiny_data)
    return out


def test_the_means_over_drawings_are_those_of_training_evaluate(measured_out, tiny_run, tiny_data):
    evaluation = evaluate(tiny_run, tiny_data)
    for measured, row in (
        (read_measured(measured_out / CELL.name), MODEL),
        (read_baselines(measured_out, size=32)[PAPER], EVALUATED_PAPER),
        (read_baselines(measured_out, size=32)[MEAN_COLOR], ROWS[1]),
    ):
        numbers, expected = measured.numbers, evaluation.colorings[row]
        for name, estimate in (
            ("psnr_db", expected.psnr_db),
            ("ssim", expected.ssim),
            ("ms_ssim", expected.ms_ssim),
            ("ciede2000", expected.ciede2000_mean),
        ):
            assert np.mean(numbers[name]) == pytest.approx(estimate.value)
        for above, below, estimate in (
            ("colorfulness", "true_colorfulness", expected.colorfulness_ratio),
            ("lost_contrast", "true_contrast", expected.bleeding),
        ):
            ratio = np.mean(numbers[above]) / np.mean(numbers[below])
            assert ratio == pytest.approx(estimate.value)


def test_what_is_measured_is_not_measured_again(measured_out, tiny_data, capsys):
    before = {path: path.stat().st_mtime_ns for path in measured_out.glob("*/measured.json")}
    assert len(before) == 3
    measure_cells([CELL.name], measured_out, data=tiny_data)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_kid_is_added_to_what_is_measured_and_changes_none_of_it(
    measured_out, tiny_data, monkeypatch
):
    before = read_measured(measured_out / CELL.name)
    monkeypatch.setattr(
        "training.metrics.kid.features.load_features", lambda: lambda pictures: pictures
    )
    monkeypatch.setattr(
        "training.metrics.kid.distance.kernel_distance",
        lambda painted, true: SimpleNamespace(value=0.25),
    )
    measure_cells([CELL.name], measured_out, data=tiny_data, kid=True)
    after = read_measured(measured_out / CELL.name)
    assert (before.kid, after.kid) == (None, 0.25)
    assert after.numbers == before.numbers


def test_what_is_not_complete_is_not_measured(tmp_path, tiny_data):
    write_status(tmp_path, CELL, Status(command="", outcome="interrupted"))
    measure_cells([CELL.name, "not-begun"], tmp_path, data=tiny_data)
    assert read_measured(tmp_path / CELL.name) is None
    assert read_measured(tmp_path / "not-begun") is None


def test_numbers_return_as_they_were_infinite_ones_too(tmp_path):
    measured = Measured(ids=("a", "b"), numbers=dict.fromkeys(NUMBERS, (np.inf, 1.5)), kid=0.5)
    MEASUREMENTS.write(measured, tmp_path / MEASURED_FILE)
    assert read_measured(tmp_path) == measured


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ids": [1, 2]}, r"ids\[0\]: expected str, received 1"),
        ({"kid": "low"}, "kid: expected float"),
        ({"psnr": []}, "unknown fields \\['psnr'\\]"),
        (
            {"format": "nurie-experiment-measured/1"},
            "expected format 'nurie-experiment-measured/2'",
        ),
        ({"ids": ["a"]}, "expected 1 numbers, one for each drawing, .* received {'ciede2000': 2"),
        ({"numbers": {}}, "of each of psnr_db, .* received {}"),
    ],
)
def test_another_record_is_refused_with_the_remedy(tmp_path, changed, said):
    measured = Measured(ids=("a", "b"), numbers=dict.fromkeys(NUMBERS, (2.5, 1.5)))
    raw = json.loads(MEASUREMENTS.text(measured)) | changed
    (tmp_path / MEASURED_FILE).write_text(json.dumps(raw))
    with pytest.raises(DataError, match=f"{said}.* remove it, and it is made again"):
        read_measured(tmp_path)
