"""The drawings on which artifacts are compared with Keras: held-out ones and the samples.

A model that takes larger pictures than the training had gets the same drawings on sheets.
"""

from collections.abc import Mapping

import numpy as np

from benchmarks.drawings import sample_drawings
from conversion.export_size import said
from conversion.sheets import on_sheets
from training.held_out import HeldOut


def parity_drawings(validation: HeldOut) -> dict[str, np.ndarray]:
    """Return every drawing to compare, by id: (H, W) uint8. Validation first, then samples."""
    pairs = validation.pairs
    drawings = {f"validation/{name}": pairs.lineart[n, ..., 0] for n, name in enumerate(pairs.ids)}
    samples = sample_drawings(pairs.lineart.shape[1])
    return drawings | {f"sample/{drawing.name}": drawing.lineart for drawing in samples}


def parity_sheets(
    drawings: Mapping[str, np.ndarray], *, size: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Return the drawings as a model of that size takes them, by id: themselves, or on sheets."""
    if all(drawing.shape == size for drawing in drawings.values()):
        return dict(drawings)
    sheets = on_sheets(np.stack(list(drawings.values())), size=size)
    return {f"sheet/{said(size)}px-{n + 1}": sheet for n, sheet in enumerate(sheets)}
