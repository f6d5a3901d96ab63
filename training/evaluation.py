"""How well a checkpoint colours held-out drawings, beside two baselines, as a record on disk."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.atomic import written_whole
from training.baselines import mean_color_inside, mean_inside_color, uncoloured_paper
from training.errors import DataError
from training.metrics import QualitySummary, compare_pictures, summarise

FORMAT = "nurie-evaluation/1"
MODEL, MEAN_COLOR, PAPER = "model", "mean color inside the lines", "uncoloured paper"


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Everything that was measured, and on what."""

    command: str  # what was typed
    checkpoint: str
    checkpoint_sha256: str
    epoch: int
    data: dict[str, str]  # path, sha256, source, licence, credit
    rows: dict[str, QualitySummary]  # MODEL, MEAN_COLOR, PAPER


def evaluate_colorings(
    painted: np.ndarray,
    color: np.ndarray,
    *,
    lineart: np.ndarray,
    ids: tuple[str, ...],
    mean_rgb: np.ndarray,
) -> dict[str, QualitySummary]:
    """Measure what a model painted, and both baselines, against the true colours.

    painted, color: (N, H, W, 3) uint8. lineart: (N, H, W) uint8. ids: N names.
    mean_rgb: (3,) of `baselines.mean_inside_color`.
    """
    rows: dict[str, Callable[[int], np.ndarray]] = {
        MODEL: lambda n: painted[n],
        MEAN_COLOR: lambda n: mean_color_inside(lineart[n], mean_rgb),
        PAPER: lambda n: uncoloured_paper(lineart[n]),
    }
    return {
        name: summarise({id: compare_pictures(color[n], row(n)) for n, id in enumerate(ids)})
        for name, row in rows.items()
    }


def mean_rgb_of(data: Path) -> np.ndarray:
    """Return the mean colour inside the lines of all training pictures: (3,) in [0, 255].

    Raises DataError if the data cannot be used.
    """
    from training.data.records import decode_color, decode_lineart
    from training.data.shards import read_manifest, read_records, require_intact

    manifest = read_manifest(data)
    require_intact(data, manifest, split="train")
    return mean_inside_color(  # one pair at a time: a training split may be larger than memory
        (decode_lineart(record.lineart[0]), decode_color(record.color))
        for record in read_records(data, manifest, split="train")
    )


def write_evaluation(evaluation: Evaluation, path: Path, *, overwrite: bool = False) -> None:
    """Write the record as JSON. Raises OutputExists."""
    raw = asdict(evaluation) | {
        "format": FORMAT,
        "rows": {name: row.as_json() for name, row in evaluation.rows.items()},
    }
    with written_whole(path, overwrite=overwrite) as partial:
        text = json.dumps(raw, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        partial.write_text(text, encoding="utf-8")


def read_evaluation(path: Path) -> Evaluation:
    """Read what `write_evaluation` wrote. Raises DataError for anything else."""
    try:
        raw: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError(f"expected format {FORMAT!r}, received {raw['format']!r}")
        values = {name: raw[name] for name in Evaluation.__dataclass_fields__ if name != "rows"}
        rows = {name: QualitySummary.from_json(row) for name, row in raw["rows"].items()}
        return Evaluation(rows=rows, **values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is not an evaluation ({error!r}). Expected a file written by "
            "training.evaluate --json; write it again with --overwrite."
        ) from error
