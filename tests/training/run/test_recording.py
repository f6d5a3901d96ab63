import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from training.config import TrainConfig
from training.data.named import Credit
from training.data.pipeline import PicturePairs
from training.run import recording
from training.run.recording import EpochRecord, sample_grid
from training.run.run_metrics import read_metrics
from training.terminal.progress import Progress

GREY = np.full((2, 8, 8, 3), 100, np.uint8)


def pairs(color: np.ndarray = GREY) -> PicturePairs:
    lineart = np.full((*color.shape[:3], 1), 255, np.uint8)
    return PicturePairs(ids=tuple(str(n) for n in range(len(color))), lineart=lineart, color=color)


def record_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, inputs: tuple[str, ...]
) -> dict[str, float]:
    """Record epoch 3: 15 steps of 4 images in 3 seconds; pictures off by 51 and by 5."""
    painted = GREY.copy()
    painted[0] += np.uint8(51)
    painted[1] -= np.uint8(5)
    clock = iter([100.0, 103.0])
    saved: list[int] = []
    monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(recording, "colorize_pixels", lambda generator, lineart, *hints: painted)
    monkeypatch.setattr(recording, "save_checkpoint", lambda *a, epoch, **k: saved.append(epoch))
    monkeypatch.setattr(
        recording, "keep_newest_and_best", lambda run, config, epoch: saved.append(epoch)
    )
    trainer = SimpleNamespace(
        optimizer=SimpleNamespace(iterations=10, learning_rate=0.125),
        deployed=SimpleNamespace(get_weights=list),
        networks=dict,
    )
    record = EpochRecord(
        tmp_path,
        trainer,
        config=TrainConfig(size=8, batch_size=4),
        data=Credit(source="s", licence="l", credit="c"),
        validation=pairs(),
        painter=SimpleNamespace(set_weights=lambda weights: None, inputs=inputs),
        progress=Progress("training", total=1, unit="images"),
    )
    record.on_epoch_begin(2)
    trainer.optimizer.iterations = 25
    record.on_epoch_end(2, {"l1": 0.5})
    assert saved == [3, 3]  # the checkpoint, and what is kept then
    assert not trainer.stop_training
    (line,) = read_metrics(tmp_path)
    return line


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The line of an epoch of a generator without hints."""
    return record_epoch(tmp_path, monkeypatch, inputs=("lineart",))


def test_a_generator_with_hints_is_measured_with_some_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    line = record_epoch(tmp_path, monkeypatch, inputs=("lineart", "hints"))
    assert line["validation_hinted_psnr_db"] == line["validation_psnr_db"]
    with Image.open(tmp_path / "samples" / "epoch-0003.png") as grid:
        columns = grid.size[0] // 8
    assert columns == 5, "line art, painted, hints, painted with hints, true colours"


def test_keras_counts_epochs_from_0_and_a_run_from_1(recorded: dict[str, float]):
    assert (recorded["epoch"], recorded["step"]) == (3, 25)


def test_losses_of_training_are_passed_on(recorded: dict[str, float]):
    assert recorded["l1"] == 0.5


def test_validation_l1_is_in_the_units_of_training(recorded: dict[str, float]):
    # 51 and 5 grey levels: 28 on average, and 127.5 of them make one unit of [-1, 1].
    assert recorded["validation_l1"] == pytest.approx(28 / 127.5)


def test_validation_psnr_is_the_mean_over_the_pictures(recorded: dict[str, float]):
    # 20 log10(255 / 51) = 20 log10(5), and 20 log10(255 / 5): each picture by itself.
    expected = (20 * math.log10(5) + 20 * math.log10(51)) / 2
    assert recorded["validation_psnr_db"] == pytest.approx(expected)


def test_the_learning_rate_is_the_one_at_the_end_of_the_epoch(recorded: dict[str, float]):
    assert recorded["learning_rate"] == 0.125


def test_speed_counts_the_images_of_this_epoch_alone(recorded: dict[str, float]):
    assert recorded["images_per_s"] == pytest.approx(15 * 4 / 3)


def test_the_grid_of_an_epoch_is_a_picture_of_its_own(recorded: object, tmp_path: Path):
    with Image.open(tmp_path / "samples" / "epoch-0003.png") as grid:
        assert grid.mode == "RGB"


def test_the_grid_shows_the_first_eight_drawings():
    many = np.zeros((9, 8, 8, 3), np.uint8)
    first = sample_grid(pairs(many[:8]), {"painted": many[:8]})
    np.testing.assert_array_equal(sample_grid(pairs(many), {"painted": many}), first)
