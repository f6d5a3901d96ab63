import dataclasses
from pathlib import Path

import numpy as np
import pytest

from training.errors import DataError
from training.files.record_format import RecordFormat
from training.metrics.hints.classical_fill import classical_fill
from training.metrics.hints.curves import POINTS
from training.metrics.hints.evaluation import FILL, MODEL, HintEvaluation, evaluate_hints


def evaluated(**more: object) -> HintEvaluation:
    lineart = np.full((2, 24, 30), 255, np.uint8)
    lineart[:, 4:20, 4:26] = 0
    lineart[:, 6:18, 6:24] = 255
    color = np.repeat(lineart[..., None], 3, axis=-1)
    color[:, 6:18, 6:24] = (200, 30, 60)
    return evaluate_hints(classical_fill, color, lineart=lineart, ids=("a", "b"), **more)


@pytest.fixture(scope="module")
def measured() -> HintEvaluation:
    return evaluated()


def test_a_model_that_fills_is_as_good_as_the_fill(measured: HintEvaluation):
    model, fill = measured.rows[MODEL], measured.rows[FILL]
    assert model.hint_auc_db == fill.hint_auc_db
    for ours, theirs in zip(model.points["dots"], fill.points["dots"], strict=True):
        assert dataclasses.replace(ours, ahead_db=None) == theirs
        assert ours.ahead_db is not None
        assert (ours.ahead_db.low, ours.ahead_db.value, ours.ahead_db.high) == (0, 0, 0)


def test_the_same_drawings_give_the_same_numbers_and_every_picture_is_counted(
    measured: HintEvaluation,
):
    counted: list[int] = []
    assert evaluated(measured=counted.append) == measured
    assert sum(counted) == 2 * POINTS * 2


def test_a_record_survives_its_file(measured: HintEvaluation, tmp_path: Path):
    records = RecordFormat(kind=HintEvaluation, name="hints/1", what="a test", expected="one")
    records.write(measured, tmp_path / "hints.json")
    assert records.read(tmp_path / "hints.json") == measured


def test_rows_that_are_missing_are_refused(measured: HintEvaluation):
    with pytest.raises(DataError, match=r"rows: expected model, classical fill, received"):
        HintEvaluation(seed=0, rows={MODEL: measured.rows[MODEL]})
