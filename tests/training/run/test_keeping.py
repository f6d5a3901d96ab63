import shutil
from dataclasses import replace
from itertools import count

import pytest

from tests.training.tiny import TINY_RUN
from training.config import LossConfig, OptimizerConfig
from training.errors import CheckpointError
from training.files.lock import held_alone
from training.run import keeping, recording
from training.run.checkpoint import find_checkpoint
from training.run.keeping import (
    delete_old_checkpoints,
    keep_newest_and_best,
    mark_best,
    require_markable,
)
from training.run.run_metrics import ALWAYS, add_metrics
from training.train import train

TINY = replace(TINY_RUN, epochs=3, keep_checkpoints=1, loss=LossConfig(adversary="none"))
STILL = OptimizerConfig(learning_rate=1e-30)  # no epoch is better than the first


def kept(run):
    """What stands in checkpoints/, and what a link there links."""
    return {path.name: path.resolve().name for path in (run / "checkpoints").iterdir()}


def saved(run, *, psnr_db):
    """A run whose checkpoints are empty but for their descriptions, one for each PSNR."""
    run.mkdir()
    for epoch, value in enumerate(psnr_db, start=1):
        folder = run / "checkpoints" / f"epoch-{epoch:04d}"
        folder.mkdir(parents=True)
        (folder / "checkpoint.json").touch()
        measured(run, epoch, psnr_db=value)
    return run


def measured(run, epoch, *, psnr_db):
    numbers = {"epoch": epoch, "step": epoch, "validation_psnr_db": psnr_db}
    add_metrics(run, dict.fromkeys(ALWAYS, 0.5) | numbers)


def test_the_newest_and_the_best_are_kept(tmp_path):
    run = saved(tmp_path / "run", psnr_db=[10, 12, 11, 11])
    keep_newest_and_best(run, config=TINY, epoch=4)
    assert kept(run) == {
        "best": "epoch-0002",
        "epoch-0002": "epoch-0002",
        "epoch-0004": "epoch-0004",
    }


def test_only_the_newest_are_kept_beside_the_best_which_is_linked(tmp_path):
    run = saved(tmp_path / "run", psnr_db=[0, 0, 0, 0])
    mark_best(run, epoch=3)
    mark_best(run, epoch=1)
    delete_old_checkpoints(run, keep=2)
    assert kept(run) == {
        "best": "epoch-0001",
        "epoch-0001": "epoch-0001",
        "epoch-0003": "epoch-0003",
        "epoch-0004": "epoch-0004",
    }


def test_what_a_killed_deletion_left_is_deleted(tmp_path):
    run = saved(tmp_path / "run", psnr_db=[0])
    (run / "checkpoints" / ".doomed-epoch-0000").mkdir()
    delete_old_checkpoints(run, keep=1)
    assert list(kept(run)) == ["epoch-0001"]


def test_a_copy_that_followed_the_link_to_the_best_is_told_how_to_be_mended(tmp_path):
    run = saved(tmp_path / "run", psnr_db=[0])
    require_markable(run)
    mark_best(run, epoch=1)
    require_markable(run)
    (run / "checkpoints" / "best").unlink()
    (run / "checkpoints" / "best").mkdir()
    with pytest.raises(CheckpointError, match="best is no link.*delete it"):
        require_markable(run)


def test_the_best_is_a_checkpoint_of_its_run(tiny_run, tmp_path):
    run = shutil.copytree(tiny_run, tmp_path / "run")
    mark_best(run, epoch=3)
    best = find_checkpoint(run / "checkpoints" / "best")
    assert (best.epoch, best.run) == (3, run)


def test_an_epoch_that_was_measured_and_not_saved_is_not_the_best(tmp_path):
    run = saved(tmp_path / "run", psnr_db=[10, 12])
    measured(run, 3, psnr_db=13)
    keep_newest_and_best(run, config=TINY, epoch=2)
    assert kept(run) == {"best": "epoch-0002", "epoch-0002": "epoch-0002"}


class Killed(Exception):
    """Stands for kill -9: nothing after it runs."""


def killed_before_marking(config, data, run, monkeypatch, *, epoch):
    """Train until the checkpoint of `epoch` is saved, and neither marked nor another deleted."""

    def mark_or_die(run, *, epoch: int, last: int = epoch):
        if (run / "checkpoints" / f"epoch-{last:04d}").exists():
            raise Killed
        mark_best(run, epoch=epoch)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(keeping, "mark_best", mark_or_die)
        train(config, data, run=run)


def test_a_run_that_was_killed_before_it_marked_its_last_epoch_is_put_in_order_by_resuming(
    tmp_path, tiny_data, monkeypatch
):
    better = count(10)
    monkeypatch.setattr(recording, "psnr_db", lambda *_: next(better))
    run = tmp_path / "run"
    killed_before_marking(TINY, tiny_data, run, monkeypatch, epoch=3)
    assert kept(run)["best"] == "epoch-0002"
    train(TINY, tiny_data, run=run, resume=True)
    assert kept(run) == {"best": "epoch-0003", "epoch-0003": "epoch-0003"}


def test_so_is_one_that_was_about_to_stop_early(tmp_path, tiny_data, monkeypatch):
    still = replace(TINY, epochs=9, early_stop=2, optimizer=STILL)
    run = tmp_path / "run"
    killed_before_marking(still, tiny_data, run, monkeypatch, epoch=3)
    (run / "checkpoints" / ".doomed-epoch-0000").mkdir()
    assert "epoch-0002" in kept(run)
    train(still, tiny_data, run=run, resume=True)
    assert kept(run) == {
        "best": "epoch-0001",
        "epoch-0001": "epoch-0001",
        "epoch-0003": "epoch-0003",
    }


def test_nobody_puts_a_run_in_order_while_another_process_holds_it(
    tmp_path, tiny_data, monkeypatch
):
    run = tmp_path / "run"
    one = replace(TINY, epochs=1)
    killed_before_marking(one, tiny_data, run, monkeypatch, epoch=1)
    before = kept(run)
    with (
        held_alone(run, refusal=CheckpointError("held by the test")),
        pytest.raises(CheckpointError, match="another process"),
    ):
        train(one, tiny_data, run=run, resume=True)
    assert kept(run) == before == {"epoch-0001": "epoch-0001"}
