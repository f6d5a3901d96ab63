import dataclasses
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from training.baselines import mean_inside_color
from training.data.pipeline import load_split
from training.errors import DataError, OutputExists
from training.evaluation import (
    MEAN_COLOR,
    MODEL,
    PAPER,
    Evaluation,
    evaluate_colorings,
    mean_rgb_of,
    read_evaluation,
    write_evaluation,
)

MEAN_RGB = np.array([200.0, 100.0, 50.0])


def ring() -> np.ndarray:
    """(12, 10): one enclosed field of 8 x 6."""
    lineart = np.full((12, 10), 255, np.uint8)
    lineart[1:11, 1:9] = 0
    lineart[2:10, 2:8] = 255
    return lineart


def colored(rgb: tuple[int, int, int]) -> np.ndarray:
    picture = np.repeat(ring()[..., None], 3, axis=-1)
    picture[2:10, 2:8] = rgb
    return picture


def rows(painted: np.ndarray, truth: np.ndarray) -> Evaluation:
    return Evaluation(
        command="python -m training.evaluate runs/x",
        checkpoint="runs/x/checkpoints/epoch-0001",
        checkpoint_sha256="ab" * 32,
        epoch=1,
        data={"path": "data/x", "sha256": "cd", "source": "s", "licence": "l", "credit": "©"},
        rows=evaluate_colorings(
            painted[None], truth[None], lineart=ring()[None], ids=("ring",), mean_rgb=MEAN_RGB
        ),
    )


def test_a_model_that_paints_the_truth_is_perfect_and_the_baselines_are_not():
    measured = rows(colored((255, 0, 0)), colored((255, 0, 0))).rows
    assert list(measured) == [MODEL, MEAN_COLOR, PAPER]
    assert measured[MODEL].mean.psnr_db == math.inf
    assert measured[MEAN_COLOR].mean.psnr_db < 30
    assert measured[PAPER].mean.psnr_db < 30


def test_each_baseline_is_perfect_on_its_own_picture():
    painted = colored((1, 2, 3))
    assert rows(painted, colored((200, 100, 50))).rows[MEAN_COLOR].mean.psnr_db == math.inf
    assert rows(painted, colored((255, 255, 255))).rows[PAPER].mean.psnr_db == math.inf


def test_paper_for_a_red_field_is_as_far_as_worked_by_hand():
    # 48 of 120 pixels differ by 255 in two of three channels: MSE = 255^2 x 48/120 x 2/3.
    measured = rows(colored((1, 1, 1)), colored((255, 0, 0))).rows[PAPER]
    assert measured.mean.psnr_db == pytest.approx(-10 * math.log10(0.4 * 2 / 3))
    assert measured.max_levels == 255


def test_a_record_survives_its_file(tmp_path: Path):
    evaluation = rows(colored((9, 9, 9)), colored((255, 0, 0)))
    write_evaluation(evaluation, tmp_path / "evaluation.json")
    assert read_evaluation(tmp_path / "evaluation.json") == evaluation


def test_a_record_is_utf_8_wherever_it_is_written(tmp_path: Path):
    write_evaluation(rows(colored((9, 9, 9)), colored((255, 0, 0))), tmp_path / "e.json")
    assert b'"credit": "\xc2\xa9"' in (tmp_path / "e.json").read_bytes()


def test_the_mean_is_that_of_the_whole_training_split(tiny_data: Path):
    pairs = load_split(tiny_data, "train")
    expected = mean_inside_color(zip(pairs.lineart[..., 0], pairs.color, strict=True))
    np.testing.assert_allclose(mean_rgb_of(tiny_data), expected)


def test_the_mean_of_damaged_data_is_refused(tiny_data: Path, tmp_path: Path):
    data = Path(shutil.copytree(tiny_data, tmp_path / "data"))
    shard = data / "train-00000.tfrecord"
    shard.write_bytes(shard.read_bytes()[:-1] + b"?")
    with pytest.raises(DataError, match=r"train-00000\.tfrecord is not the file that was written"):
        mean_rgb_of(data)


def test_a_record_is_not_replaced_unasked(tmp_path: Path):
    evaluation, path = rows(colored((9, 9, 9)), colored((255, 0, 0))), tmp_path / "e.json"
    write_evaluation(evaluation, path)
    with pytest.raises(OutputExists, match="--overwrite"):
        write_evaluation(evaluation, path)
    write_evaluation(dataclasses.replace(evaluation, epoch=2), path, overwrite=True)
    assert read_evaluation(path).epoch == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({"format": "nurie-evaluation/0"}),
        '{"format": "nurie-evaluation/1"}',
    ],
)
def test_a_foreign_file_is_refused_by_name(tmp_path: Path, text: str):
    path = tmp_path / "evaluation.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"evaluation\.json is not an evaluation"):
        read_evaluation(path)
