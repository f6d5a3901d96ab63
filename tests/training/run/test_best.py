import pytest

from training.config import TrainConfig
from training.run.best import best_epoch, has_stalled


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
