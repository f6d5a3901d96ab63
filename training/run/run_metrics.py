"""The lines of metrics that a run records, one per epoch: read them, and take some back.

Knows no TensorFlow, so that whoever watches runs need not import it.
"""

import json
from pathlib import Path

from training.files.atomic import written_whole

METRICS_FILE = "metrics.jsonl"


def read_metrics(run: Path, *, until: int | None = None) -> list[dict[str, float]]:
    """Return one dictionary per recorded epoch, oldest first; none before the first epoch ends.

    until: the last epoch to return; None for all.
    """
    path = run / METRICS_FILE
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    # A line without its end was being written when the run was killed; its epoch was not saved.
    recorded = [json.loads(line) for line in lines if line.endswith("}")]
    if until is None:
        return recorded
    return [metrics for metrics in recorded if metrics["epoch"] <= until]


def forget_after(run: Path, epoch: int) -> None:
    """Take back the metrics of epochs after `epoch`: they will be trained again."""
    kept = read_metrics(run, until=epoch)
    with written_whole(run / METRICS_FILE, overwrite=True) as partial:
        partial.write_text("".join(json.dumps(metrics) + "\n" for metrics in kept))
