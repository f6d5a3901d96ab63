"""The drawings on which artifacts are compared with Keras: held-out ones and the samples.

A model that takes larger pictures than the training had gets the same drawings on sheets.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.drawing.samples import sample_drawings
from conversion.export.sheets import Place, on_sheets, places_on_sheets
from conversion.export.size import Size, said
from training.run.held_out import HeldOut


def parity_drawings(validation: HeldOut) -> dict[str, np.ndarray]:
    """Return every drawing to compare, by id: (H, W) uint8. Validation first, then samples."""
    pairs = validation.pairs
    drawings = {f"validation/{name}": pairs.lineart[n, ..., 0] for n, name in enumerate(pairs.ids)}
    samples = sample_drawings(pairs.lineart.shape[1])
    return drawings | {f"sample/{drawing.name}": drawing.lineart for drawing in samples}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A drawing as a model takes it: the sheet that it stands on, and where."""

    sheet: np.ndarray  # (H, W) uint8: one object for all drawings that stand on it
    place: Place


def shown_at(drawings: Mapping[str, np.ndarray], *, size: Size) -> dict[str, Shown]:
    """Return the drawings as a model of that size takes them: themselves, or on sheets, by id."""
    stacked = np.stack(list(drawings.values()))
    sheets = list(on_sheets(stacked, size=size))
    places = places_on_sheets(len(drawings), stacked.shape[1:], size=size)
    beside = "" if stacked.shape[1:] == size else f" on {said(size)}px"
    return {
        f"{name}{beside}": Shown(sheet=sheets[sheet], place=place)
        for name, (sheet, place) in zip(drawings, places, strict=True)
    }


def sheets_of(shown: Mapping[str, Shown]) -> list[np.ndarray]:
    """Return every sheet once, in order."""
    return list({id(drawing.sheet): drawing.sheet for drawing in shown.values()}.values())
