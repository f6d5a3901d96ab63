import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement.record import measure_artifact
from benchmarks.agreement.sheets import Sheet, single_sheets
from benchmarks.agreement.strips import STRIPS_FILE, difference, strip, write_strips
from benchmarks.drawing.compared import Given
from training.errors import OutputExists


def test_differences_are_magnified_eight_times_and_end_at_white():
    reference = np.array([[[10, 200, 0]]], np.uint8)
    candidate = np.array([[[11, 100, 0]]], np.uint8)
    np.testing.assert_array_equal(difference(reference, candidate), [[[8, 255, 0]]])
    np.testing.assert_array_equal(difference(candidate, reference), [[[8, 255, 0]]])


def test_a_strip_shows_line_art_keras_artifact_and_difference_from_left_to_right():
    sheet = Sheet(
        lineart=np.full((2, 3), 255, np.uint8),
        reference=np.full((2, 3, 3), 7, np.uint8),
        places={},
    )
    artifact = np.full((2, 3, 3), 9, np.uint8)
    shown = strip(sheet, artifact)
    assert shown.shape == (2, 12, 3)
    assert [int(shown[0, 3 * part, 0]) for part in range(4)] == [255, 7, 9, 16]
    hinted = dataclasses.replace(sheet, hints=np.full((2, 3, 4), (5, 6, 7, 255), np.uint8))
    shown = strip(hinted, artifact)
    assert [int(shown[0, 3 * part, 0]) for part in range(5)] == [255, 5, 7, 9, 16]


@pytest.fixture
def compared(whole_run: Path):
    drawings = {"paper": np.full((32, 32), 255, np.uint8), "ink": np.zeros((32, 32), np.uint8)}
    reference = {name: np.zeros((32, 32, 3), np.uint8) for name in drawings}
    artifact = whole_run / "exports" / "tiny-fp32.onnx"
    given = {name: Given(lineart=drawing) for name, drawing in drawings.items()}
    sheets = single_sheets(given, reference)
    return measure_artifact(artifact, sheets), dict(zip(drawings, sheets, strict=True))


def test_each_artifacts_worst_drawing_becomes_a_picture(tmp_path: Path, compared):
    from PIL import Image

    row, sheets = compared
    folder = tmp_path / "strips"
    write_strips(folder, [row], sheets, overwrite=False)
    assert json.loads((folder / STRIPS_FILE).read_text())["tiny-fp32.onnx.png"]["drawing"] == (
        row.summary.worst_id
    )
    assert Image.open(folder / "tiny-fp32.onnx.png").size == (4 * 32, 32)


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path, compared):
    row, sheets = compared
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExists):
        write_strips(tmp_path, [row], sheets, overwrite=True)
    assert (tmp_path / "thesis.txt").read_text() == "mine"
