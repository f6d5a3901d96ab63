"""Which epoch of a run was the best, and whether it has stopped getting better."""

from collections.abc import Mapping, Sequence

from training.config import TrainConfig

HIGHER_IS_BETTER = {"validation_psnr_db": True, "validation_l1": False}  # of config.best_by


def best_epoch(metrics: Sequence[Mapping[str, float]], *, by: str) -> int | None:
    """Return the epoch with the best value of `by`, the first of equals; None before any."""
    if not metrics:
        return None
    sign = 1 if HIGHER_IS_BETTER[by] else -1
    return int(max(metrics, key=lambda line: (sign * line[by], -line["epoch"]))["epoch"])


def has_stalled(metrics: Sequence[Mapping[str, float]], *, config: TrainConfig) -> bool:
    """Return whether early stopping ends a run that has recorded these metrics.

    It depends on what is on disk alone, so that a resumed run ends where it would have ended.
    """
    best = best_epoch(metrics, by=config.best_by)
    if best is None or config.early_stop is None:
        return False
    return max(line["epoch"] for line in metrics) - best >= config.early_stop
