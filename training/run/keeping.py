"""Which checkpoints a run keeps: the newest ones, and the best, which `checkpoints/best` links."""

import shutil
from pathlib import Path

from training.config import TrainConfig
from training.errors import CheckpointError
from training.run.checkpoint import BEST, checkpoint_folders, folder_name, is_complete
from training.run.run_metrics import best_epoch, read_metrics


def keep_newest_and_best(run: Path, *, config: TrainConfig, epoch: int) -> None:
    """Mark the best of the checkpoints up to `epoch`, the newest one, and delete what is older.

    It depends on what is on disk alone: done again after a kill, it ends what the kill cut off.
    """
    best = best_epoch(read_metrics(run, until=epoch), by=config.best_by)
    mark_best(run, epoch=best or epoch)
    delete_old_checkpoints(run, keep=config.keep_checkpoints)


def require_markable(run: Path) -> None:
    """Raise CheckpointError where something else stands in the place of the link to the best."""
    link = run / "checkpoints" / BEST
    if link.exists() and not link.is_symlink():
        raise CheckpointError(
            f"{link} is no link, as in a copy that follows links. Expected a link to one of the "
            "folders beside it; delete it, and it is made again."
        )


def mark_best(run: Path, *, epoch: int) -> None:
    """Let `checkpoints/best` be the checkpoint of `epoch`, in one step."""
    link = run / "checkpoints" / BEST
    beside = link.with_name(f".partial-{BEST}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(folder_name(epoch))
    beside.replace(link)


def delete_old_checkpoints(run: Path, *, keep: int) -> None:
    """Delete all but the `keep` newest checkpoints of a run and the best one.

    Deletes what a killed deletion left, too.
    """
    best = (run / "checkpoints" / BEST).resolve()
    completed = [folder for folder in checkpoint_folders(run) if is_complete(folder)]
    for folder in completed[:-keep]:
        if folder.resolve() == best:
            continue
        # Renamed first: a folder that is half deleted must not look like a checkpoint.
        folder.rename(folder.with_name(f".doomed-{folder.name}"))
    for doomed in (run / "checkpoints").glob(".doomed-*"):
        shutil.rmtree(doomed)
