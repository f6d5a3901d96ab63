"""How well a checkpoint colours held-out drawings, beside two baselines, as a record on disk."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.data.named import NamedData
from training.errors import DataError
from training.files.record_format import RecordFormat
from training.metrics.baselines import mean_color_inside, mean_inside_color, uncoloured_paper
from training.metrics.coloring import ColoringSummary, measure_coloring, summarise_colorings
from training.metrics.full_reference import QualitySummary, summarise
from training.metrics.hints.evaluation import HintEvaluation
from training.metrics.kid.distance import kernel_distance
from training.metrics.kid.features import Features

MODEL, MEAN_COLOR, PAPER = "model", "mean color inside the lines", "uncoloured paper"
ROWS = (MODEL, MEAN_COLOR, PAPER)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Everything that was measured, and on what."""

    command: str  # what was typed
    checkpoint: str
    checkpoint_sha256: str
    epoch: int
    data: NamedData
    rows: dict[str, QualitySummary]  # by ROWS
    colorings: dict[str, ColoringSummary]  # by ROWS
    ms_ssim_scales: int  # of 5: how many a picture of this size has
    hints: HintEvaluation | None  # None: not asked for; the rest is always without hints

    def __post_init__(self) -> None:
        for name, found in (("rows", self.rows), ("colorings", self.colorings)):
            if set(found) != set(ROWS):
                raise DataError(
                    f"{name}: expected {', '.join(ROWS)}, received {sorted(found)!r:.80}."
                )


EVALUATIONS = RecordFormat(
    kind=Evaluation,
    # 2 added everything but `rows`, which nobody can guess from 1. 3 spells infinity, once null.
    # 4 added hints.
    name="nurie-evaluation/4",
    what="an evaluation",
    expected="a file written by training.evaluate --json",
    remedy="write it again with --overwrite",
)


def evaluate_colorings(
    painted: np.ndarray,
    color: np.ndarray,
    *,
    lineart: np.ndarray,
    ids: tuple[str, ...],
    mean_rgb: np.ndarray,
    features: Features | None = None,
    measured: Callable[[int], None] = lambda pictures: None,
) -> tuple[dict[str, QualitySummary], dict[str, ColoringSummary]]:
    """Measure what a model painted, and both baselines, against the true colours.

    painted, color: (N, H, W, 3) uint8. lineart: (N, H, W) uint8. ids: N names.
    mean_rgb: (3,) of `baselines.mean_inside_color`. features: what KID compares; without, no KID.
    measured: told how many pictures more are done, of ROWS x N.
    Returns rows and colorings of an Evaluation. Raises DataError for pictures under 11 pixels a
    side, and for KID of fewer than 10.
    """
    row_pictures: dict[str, np.ndarray] = {
        MODEL: painted,
        MEAN_COLOR: np.stack([mean_color_inside(drawing, mean_rgb) for drawing in lineart]),
        PAPER: np.stack([uncoloured_paper(drawing) for drawing in lineart]),
    }
    true_features = None if features is None else features(color)
    rows: dict[str, QualitySummary] = {}
    colorings: dict[str, ColoringSummary] = {}
    for name, pictures in row_pictures.items():
        drawings = {}
        for n, id in enumerate(ids):
            drawings[id] = measure_coloring(pictures[n], color[n], lineart=lineart[n])
            measured(1)
        rows[name] = summarise({id: drawing.quality for id, drawing in drawings.items()})
        distance = None
        if features is not None and true_features is not None:
            distance = kernel_distance(features(pictures), true_features)
        colorings[name] = summarise_colorings(list(drawings.values()), kid=distance)
    return rows, colorings


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
