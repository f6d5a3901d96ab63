"""Recipe auto: store each layer in as few bits as the pictures allow, then check the model."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from conversion.compression.auto import smallest
from conversion.compression.search import Search
from conversion.coreml.layers import layers_of
from conversion.coreml.trial import Trial
from conversion.coreml.weights import store
from conversion.export.drawings import Drawings
from conversion.export.feeds import image_feeds
from conversion.export.source import Source
from conversion.mlprogram.model import LoadedModel, LoadedPipeline, load
from training import pixels
from training.metrics.full_reference import psnr_db
from training.picture.ports import LAYER


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
