"""The lines of metrics that a run records, one per epoch: add, read, take back, find the best.

Knows no TensorFlow, so that whoever watches runs need not import it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.config import TrainConfig
from training.errors import CheckpointError, ConfigError
from training.files.atomic import written_whole
from training.files.json_text import parse_json, read_bytes
from training.files.room import saying_what_the_system_said
from training.files.strict_json import from_json, to_json

METRICS_FILE = "metrics.jsonl"
# What every line holds, whatever the losses are.
ALWAYS = ("epoch", "step", "validation_l1", "validation_psnr_db", "learning_rate", "images_per_s")
HIGHER_IS_BETTER = {"validation_psnr_db": True, "validation_l1": False}  # of config.best_by


def add_metrics(run: Path, metrics: Mapping[str, float]) -> None:
    """Record an epoch that has just ended: ALWAYS, and its losses."""
    path = run / METRICS_FILE
    with saying_what_the_system_said(run, output=path), path.open("a") as file:
        file.write(_line(metrics))


def read_metrics(run: Path, *, until: int | None = None) -> list[dict[str, float]]:
    """Return one dictionary per recorded epoch, oldest first; none before the first epoch ends.

    until: the last epoch to return; None for all. Raises CheckpointError for a damaged line.
    """
    path = run / METRICS_FILE
    if not path.exists():
        return []
    recorded: list[dict[str, float]] = []
    try:
        *lines, last = read_bytes(path).split(b"\n")
        # A line without its end was being written when the run was killed; its epoch was not saved.
        for line in [*lines, last] if last.endswith(b"}") else lines:
            recorded.append(_read(line, names=set(recorded[0] if recorded else ())))
    except ConfigError as error:
        raise CheckpointError(
            f"{path}: line {len(recorded) + 1} is damaged: {error} Expected what training.train "
            "recorded of an epoch. Copy the run again, or remove the line."
        ) from error
    return [metrics for metrics in recorded if until is None or metrics["epoch"] <= until]


def forget_after(run: Path, epoch: int) -> None:
    """Take back the metrics of epochs after `epoch`: they will be trained again."""
    kept = read_metrics(run, until=epoch)
    with written_whole(run / METRICS_FILE, overwrite=True) as partial:
        partial.write_text("".join(map(_line, kept)))


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


def _line(metrics: Mapping[str, float]) -> str:
    return json.dumps(to_json(metrics), allow_nan=False) + "\n"


def _read(line: bytes, *, names: set[str]) -> dict[str, float]:
    """Read a line that has the names of the first one; of none where it is the first."""
    numbers: Any = dict[str, int | float]
    # Infinity was once written as Python's json writes it.
    metrics = from_json(numbers, parse_json(line, nonfinite=True), where="$")
    if not metrics.keys() >= set(ALWAYS) or (names and metrics.keys() != names):
        raise ConfigError(
            f"expected {', '.join(sorted(names or ALWAYS))}, received {sorted(metrics)!r:.200}."
        )
    for name in ("epoch", "step"):
        from_json(int, metrics[name], where=f"$.{name}")
    return metrics
