"""How well a net uses hints, beside the classical fill with the same hints, as part of a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.errors import DataError
from training.metrics.hints.classical_fill import classical_fill
from training.metrics.hints.curves import HintCurves, HintTrial, Paint

MODEL, FILL = "model", "classical fill"
ROWS = (MODEL, FILL)  # the fill without hints is uncoloured paper


@dataclass(frozen=True, kw_only=True)
class HintEvaluation:
    """What was measured with hints."""

    seed: int  # of the places of the hints
    rows: dict[str, HintCurves]  # by ROWS

    def __post_init__(self) -> None:
        if set(self.rows) != set(ROWS):
            raise DataError(
                f"rows: expected {', '.join(ROWS)}, received {sorted(self.rows)!r:.80}."
            )


def evaluate_hints(
    paint: Paint,
    color: np.ndarray,
    *,
    lineart: np.ndarray,
    ids: Sequence[str],
    seed: int = 0,
    measured: Callable[[int], None] = lambda pictures: None,
) -> HintEvaluation:
    """Give the same hints to a model and to the classical fill, and measure both.

    color: (N, H, W, 3) uint8, true. lineart: (N, H, W) uint8. ids: N names.
    measured: told how many pictures more are done, of ROWS x POINTS x N.
    """
    trial = HintTrial(color, lineart, ids=ids, seed=seed)
    fill, peer = trial.judge(classical_fill, measured=measured)
    model, _ = trial.judge(paint, peer=peer, measured=measured)
    return HintEvaluation(seed=seed, rows={MODEL: model, FILL: fill})
