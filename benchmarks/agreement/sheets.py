"""What a model is compared on: sheets of drawings, each with Keras's picture of it.

A model of the size of the training gets each drawing by itself; one that takes larger pictures gets
several side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conversion.export.sheets import Place, on_sheets, places_on_sheets
from conversion.export.size import Size, said

if TYPE_CHECKING:
    import keras

WHOLE: Place = (slice(None), slice(None))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is painted at once: drawings at their places on paper of the model's size."""

    lineart: np.ndarray  # (H, W) uint8
    reference: np.ndarray  # (H, W, 3) uint8: what Keras paints of it in float32
    places: Mapping[str, Place]  # drawing's id -> its part of both


def single_sheets(
    lineart: Mapping[str, np.ndarray], reference: Mapping[str, np.ndarray]
) -> list[Sheet]:
    """Return each drawing as a sheet of its own.

    lineart, reference: id -> (H, W) and (H, W, 3) uint8.
    """
    return [
        Sheet(lineart=drawing, reference=reference[name], places={name: WHOLE})
        for name, drawing in lineart.items()
    ]


def painted_sheets(
    generator: "keras.Model", drawings: Mapping[str, np.ndarray], *, size: Size, batch: int
) -> list[Sheet]:
    """Lay drawings out for a model of this size, and let Keras paint the sheets.

    drawings: id -> (H, W) uint8, all of one size. batch: drawings that Keras paints at once.
    Drawings on larger sheets get their ids with the size behind them: other pictures of them.
    """
    from training.picture.colorizer import colorize_pixels

    stacked = np.stack(list(drawings.values()))
    height, width = stacked.shape[1:]
    sheets = on_sheets(stacked, size=size)
    at_once = max(1, batch * height * width // (size[0] * size[1]))
    painted = colorize_pixels(generator, sheets, batch_size=at_once)
    beside = "" if (height, width) == size else f" on {said(size)}px"
    places: list[dict[str, Place]] = [{} for _ in sheets]
    spots = places_on_sheets(len(stacked), (height, width), size=size)
    for name, (sheet, place) in zip(drawings, spots, strict=True):
        places[sheet][f"{name}{beside}"] = place
    return [
        Sheet(lineart=lineart, reference=reference, places=there)
        for lineart, reference, there in zip(sheets, painted, places, strict=True)
    ]
