"""Recipe auto: store each layer in as few bits as the pictures allow, then check the model."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from conversion.coreml.layers import Layer, layers_of
from conversion.coreml.search import MARGIN_DB, Search, Tried, search
from conversion.coreml.trial import Trial
from conversion.coreml.weights import store
from conversion.errors import ConversionError
from conversion.export.drawings import Drawings
from conversion.export.feeds import image_feeds
from conversion.export.size import export_size
from conversion.export.source import Source
from conversion.mlprogram.model import LoadedModel, LoadedPipeline, load
from training import pixels
from training.metrics.full_reference import psnr_db
from training.picture.ports import LAYER

ROUNDS = 3  # searches, each with the margin that the model before it has shown to need
Model = TypeVar("Model")


def store_automatically(
    model: Any,
    source: Source,
    *,
    min_psnr_db: float,
    grouped: bool,
) -> tuple[Any, dict[str, str], Search]:
    """Return the smallest model found that reaches `min_psnr_db`, its details, and the search.

    model: in float16. Raises as `smallest`.
    """
    layers = [layer for layer in layers_of(model) if not layer.is_small]

    def stored(chosen: Mapping[str, str], references: Sequence[np.ndarray]) -> tuple[Any, float]:
        made, details = store(model, chosen, grouped=grouped)
        package = load(Path(made.package_path))
        every = zip(source.drawings_by_size.values(), references, strict=True)
        worst_db = min(_worst_psnr_db(package, drawn, expected) for drawn, expected in every)
        return (made, details), worst_db

    trial = Trial(Path(model.package_path), layers)
    (made, details), reached, found = smallest(
        trial, layers, source, stored=stored, min_psnr_db=min_psnr_db, grouped=grouped
    )
    return made, details | reached, found


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
    worst. The pictures are those of training drawings, against Keras float32.
    Raises ConversionError where no model reaches it, DataError without drawings.
    """
    from training.picture.colorizer import colorize_pixels

    drawings = source.drawings
    references = [
        colorize_pixels(source.generator, at_size.lineart, at_size.hints)
        for at_size in source.drawings_by_size.values()
    ]
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
            as_trained = source.sizes == (export_size(source.checkpoint),)
            pictures = "drawings" if as_trained else "sheets of them"
            count = sum(map(len, references))
            reached = f"{worst_db:.1f} dB on the worst of {count} training {pictures}"
            return model, {"reached": reached}, found
        margin_db += min_psnr_db - worst_db
    raise ConversionError(
        f"--min-psnr {min_psnr_db:g}: the smallest model found reaches {worst_db:.1f} dB on the "
        "worst training drawing. Ask for less, or use a uniform recipe."
    )


def _worst_psnr_db(
    model: LoadedModel | LoadedPipeline, drawings: Drawings, reference: np.ndarray
) -> float:
    """Return the PSNR of the worst picture of a package itself, rounded as Core ML rounds."""
    worst = math.inf
    for (lineart, hints), expected in zip(drawings, reference, strict=True):
        ((name, painted),) = model.predict(image_feeds(lineart, hints)).items()
        picture = np.asarray(painted.convert("RGB"))
        if name == LAYER:
            picture = pixels.under_ink(picture, lineart)
        worst = min(worst, psnr_db(expected, picture))
    return worst
