import dataclasses
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from training.data.named import NamedData
from training.data.pipeline import load_split
from training.errors import DataError, OutputExists
from training.metrics.baselines import mean_inside_color
from training.metrics.evaluation import (
    EVALUATIONS,
    MEAN_COLOR,
    MODEL,
    PAPER,
    Evaluation,
    evaluate_colorings,
    mean_rgb_of,
)
from training.metrics.kid.distance import kernel_distance

MEAN_RGB = np.array([200.0, 100.0, 50.0])


def ring() -> np.ndarray:
    """(16, 14): one enclosed field of 8 x 6."""
    lineart = np.full((16, 14), 255, np.uint8)
    lineart[3:13, 3:11] = 0
    lineart[4:12, 4:10] = 255
    return lineart


def colored(rgb: tuple[int, int, int]) -> np.ndarray:
    picture = np.repeat(ring()[..., None], 3, axis=-1)
    picture[4:12, 4:10] = rgb
    return picture


def rows(painted: np.ndarray, truth: np.ndarray) -> Evaluation:
    summaries, colorings = evaluate_colorings(
        painted[None], truth[None], lineart=ring()[None], ids=("ring",), mean_rgb=MEAN_RGB
    )
    return Evaluation(
        command="python -m training.evaluate runs/x",
        checkpoint="runs/x/checkpoints/epoch-0001",
        checkpoint_sha256="ab" * 32,
        epoch=1,
        data=NamedData(path="data/x", sha256="cd", source="s", licence="l", credit="©"),
        rows=summaries,
        colorings=colorings,
        ms_ssim_scales=1,
        hints=None,
    )


def mean_colors(pictures: np.ndarray) -> np.ndarray:
    """What a very simple eye sees: (N, 3)."""
    return pictures.mean(axis=(1, 2)).astype(np.float32) / 255


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
    # 48 of 224 pixels differ by 255 in two of three channels: MSE = 255^2 x 48/224 x 2/3.
    measured = rows(colored((1, 1, 1)), colored((255, 0, 0))).rows[PAPER]
    assert measured.mean.psnr_db == pytest.approx(-10 * math.log10(48 / 224 * 2 / 3))
    assert measured.max_levels == 255


def test_paper_has_no_colour_and_parts_nothing_that_the_ring_parts():
    # The ring is one pixel wide, 16 // 8 = 2 allowed: its field is red, and white outside.
    measured = rows(colored((255, 0, 0)), colored((255, 0, 0))).colorings
    paper, model = measured[PAPER], measured[MODEL]
    assert (paper.bleeding.value, paper.colorfulness_ratio.value) == (1, 0)
    assert (model.bleeding.value, model.colorfulness_ratio.value) == (0, 1)
    assert (model.psnr_db, model.ms_ssim.value) == (None, pytest.approx(1))


def test_the_two_kinds_of_summary_agree():
    measured = rows(colored((9, 9, 9)), colored((255, 0, 0)))
    for name in (MODEL, MEAN_COLOR, PAPER):
        row, coloring = measured.rows[name].mean, measured.colorings[name]
        assert coloring.psnr_db.value == pytest.approx(row.psnr_db)
        assert coloring.ssim.value == pytest.approx(row.ssim)
        assert coloring.ciede2000_mean.value == pytest.approx(row.ciede2000_mean)
        assert coloring.ciede2000_p99.value == pytest.approx(row.ciede2000_p99)


def test_every_picture_of_every_row_is_counted():
    counted: list[int] = []
    truth, drawings = colored((255, 0, 0)), np.stack([ring()] * 4)
    evaluate_colorings(
        np.stack([truth] * 4),
        np.stack([truth] * 4),
        lineart=drawings,
        ids=tuple("abcd"),
        mean_rgb=MEAN_RGB,
        measured=counted.append,
    )
    assert sum(counted) == 3 * 4


def test_kid_compares_the_features_of_each_row_with_those_of_the_truth():
    rng = np.random.default_rng(0)
    truth = np.stack([colored(tuple(rng.integers(0, 256, 3))) for _ in range(12)])
    _, colorings = evaluate_colorings(
        truth,
        truth,
        lineart=np.stack([ring()] * 12),
        ids=tuple("abcdefghijkl"),
        mean_rgb=MEAN_RGB,
        features=mean_colors,
    )
    paper = np.stack([colored((255, 255, 255))] * 12)
    assert colorings[MODEL].kid == kernel_distance(mean_colors(truth), mean_colors(truth))
    assert colorings[PAPER].kid == kernel_distance(mean_colors(paper), mean_colors(truth))
    assert colorings[PAPER].kid.low > 0


def test_kid_of_few_drawings_is_refused():
    truth = colored((255, 0, 0))[None]
    with pytest.raises(DataError, match="10 or more drawings"):
        evaluate_colorings(
            truth,
            truth,
            lineart=ring()[None],
            ids=("ring",),
            mean_rgb=MEAN_RGB,
            features=mean_colors,
        )


def test_a_record_survives_its_file(tmp_path: Path):
    evaluation = rows(colored((9, 9, 9)), colored((255, 0, 0)))
    EVALUATIONS.write(evaluation, tmp_path / "evaluation.json")
    assert EVALUATIONS.read(tmp_path / "evaluation.json") == evaluation


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
    EVALUATIONS.write(evaluation, path)
    with pytest.raises(OutputExists, match="--overwrite"):
        EVALUATIONS.write(evaluation, path)
    EVALUATIONS.write(dataclasses.replace(evaluation, epoch=2), path, overwrite=True)
    assert EVALUATIONS.read(path).epoch == 2


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda raw: raw.update(format="nurie-evaluation/3"), "received 'nurie-evaluation/3'"),
        (lambda raw: raw.pop("colorings"), r"missing fields \['colorings'\]"),
        (lambda raw: raw["rows"].pop(PAPER), "rows: expected model, .*received"),
        (lambda raw: raw["rows"].update(model=3), r"\$\.rows\.model: expected an object, .* 3"),
        (lambda raw: raw["colorings"][MODEL].update(fid=3.0), r"unknown fields \['fid'\]"),
    ],
)
def test_a_damaged_record_is_refused_with_its_fault_and_the_remedy(tmp_path: Path, damage, said):
    path = tmp_path / "evaluation.json"
    EVALUATIONS.write(rows(colored((9, 9, 9)), colored((255, 0, 0))), path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    damage(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(DataError, match=rf"is not an evaluation: .*{said}.*--overwrite"):
        EVALUATIONS.read(path)
