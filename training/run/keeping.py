"""Which checkpoints a run keeps: the newest ones, and the best."""

from pathlib import Path

from training.config import TrainConfig
from training.run.checkpoint import delete_old_checkpoints, mark_best
from training.run.run_metrics import best_epoch, read_metrics


def keep_newest_and_best(run: Path, *, config: TrainConfig, epoch: int) -> None:
    """Mark the best of the checkpoints up to `epoch`, the newest one, and delete what is older.

    It depends on what is on disk alone: done again after a kill, it ends what the kill cut off.
    """
    best = best_epoch(read_metrics(run, until=epoch), by=config.best_by)
    mark_best(run, epoch=best or epoch)
    delete_old_checkpoints(run, keep=config.keep_checkpoints)
