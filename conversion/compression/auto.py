"""Recipe auto: search until what was found holds in the model itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from conversion.compression.layers import Layer
from conversion.compression.search import MARGIN_DB, Search, Tried, search
from conversion.errors import ConversionError
from conversion.export.origins.trained import Trained
from conversion.export.source import Source

ROUNDS = 3  # searches, each with the margin that the model before it has shown to need
Model = TypeVar("Model")


def smallest(
    trial: Tried,
    layers: Sequence[Layer],
    source: Source,
    *,
    stored: Callable[[Mapping[str, str], Sequence[np.ndarray]], tuple[Model, float]],
    min_psnr_db: float,
    grouped: bool,
) -> tuple[Model, dict[str, str], Search]:
    """Search until what was found holds; return it, what it reached in words, and the search.

    The search looks at the first of the source's sizes. stored: makes the model of a choice, and
    measures it against the pictures of Keras, (N, H, W, 3) uint8 of each size: the PSNR of the
    worst.
    Raises ConversionError where no model reaches it, DataError without drawings.
    """
    drawings = source.drawings
    references = [
        source.origin.paint(source.generator, at_size)
        for at_size in source.drawings_by_size.values()
    ]
    judged = f"{sum(map(len, references))} {_pictures(source)}"
    margin_db = MARGIN_DB
    for _ in range(ROUNDS):
        found = search(
            trial,
            layers,
            drawings,
            references[0],
            min_psnr_db=min_psnr_db,
            grouped=grouped,
            margin_db=margin_db,
        )
        model, worst_db = stored(found.chosen, references)
        if worst_db >= min_psnr_db:
            return model, {"reached": f"{worst_db:.1f} dB on the worst of {judged}"}, found
        margin_db += min_psnr_db - worst_db
    raise ConversionError(
        f"--min-psnr {min_psnr_db:g}: the smallest model found reaches {worst_db:.1f} dB on the "
        f"worst of {judged}. Ask for less, or use a uniform recipe."
    )


def _pictures(source: Source) -> str:
    """Say what the pictures of a source are."""
    if not isinstance(source.origin, Trained):
        return "pictures of the user's"
    as_trained = source.sizes == (source.origin.fitting_size(),)
    return "training drawings" if as_trained else "sheets of training drawings"
