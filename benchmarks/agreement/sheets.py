"""What a model is compared on: sheets of drawings, each with Keras's picture of it.

A model of the size of the training gets each drawing by itself; one that takes larger pictures gets
several side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.drawing.compared import Given
from conversion.export.drawings import Drawings
from conversion.export.origins.origin import Origin
from conversion.export.sheets import Place, on_sheets, places_on_sheets
from conversion.export.size import Size, said

if TYPE_CHECKING:
    import keras

WHOLE: Place = (slice(None), slice(None))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is painted at once: drawings at their places on paper of the model's size."""

    lineart: np.ndarray  # (H, W) uint8
    hints: np.ndarray | None = None  # (H, W, 4) uint8 RGBA; None: the network takes none
    reference: np.ndarray  # (H, W, 3) uint8: what Keras paints of it in float32
    places: Mapping[str, Place]  # drawing's id -> its part of all three
    counts: Mapping[str, int] = field(default_factory=dict)  # id -> how many hints it has


def single_sheets(
    drawings: Mapping[str, Given], reference: Mapping[str, np.ndarray]
) -> list[Sheet]:
    """Return each drawing as a sheet of its own. reference: id -> (H, W, 3) uint8."""
    return [
        Sheet(
            lineart=given.lineart,
            hints=given.hints,
            reference=reference[name],
            places={name: WHOLE},
            counts={} if given.hints is None else {name: given.count},
        )
        for name, given in drawings.items()
    ]


def painted_sheets(
    origin: Origin,
    generator: "keras.Model",
    drawings: Mapping[str, Given],
    *,
    size: Size,
    batch: int,
) -> list[Sheet]:
    """Lay drawings out for a model of this size, and let Keras paint the sheets.

    drawings: by id, all of one size, with hints or all without. batch: drawings that Keras paints
    at once. Drawings on larger sheets get their ids with the size behind them: other pictures.
    """
    every = list(drawings.values())
    (height, width), sheets = every[0].lineart.shape[:2], drawn_on_sheets(every, size=size)
    at_once = max(1, batch * height * width // (size[0] * size[1]))
    painted = origin.paint(generator, sheets, batch_size=at_once)
    beside = "" if (height, width) == size else f" on {said(size)}px"
    places: list[dict[str, Place]] = [{} for _ in painted]
    counts: list[dict[str, int]] = [{} for _ in painted]
    spots = places_on_sheets(len(every), (height, width), size=size)
    for (name, given), (sheet, place) in zip(drawings.items(), spots, strict=True):
        # What stands by itself is compared whole: a result may be larger than its picture.
        places[sheet][f"{name}{beside}"] = place if beside else WHOLE
        if given.hints is not None:
            counts[sheet][f"{name}{beside}"] = given.count
    return [
        Sheet(
            lineart=lineart,
            hints=hints,
            reference=painted[n],
            places=places[n],
            counts=counts[n],
        )
        for n, (lineart, hints) in enumerate(sheets)
    ]


def drawn_on_sheets(drawings: Sequence[Given], *, size: Size) -> Drawings:
    """Return drawings, all of one size, on sheets of `size`, with the hints on them."""
    hints = [given.hints for given in drawings if given.hints is not None]
    return Drawings(
        lineart=on_sheets(np.stack([given.lineart for given in drawings]), size=size),
        hints=on_sheets(np.stack(hints), size=size, background=0) if hints else None,
    )
