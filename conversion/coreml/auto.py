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
from conversion.export.feeds import feeds
from conversion.export.source import Source
from conversion.interface import Interface
from conversion.mlprogram.model import LoadedModel, LoadedPipeline, load
from training import pixels
from training.metrics.full_reference import psnr_db


def store_automatically(
    model: Any,
    source: Source,
    *,
    interface: Interface,
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
        worst_db = min(
            _worst_psnr_db(package, drawn, expected, interface=interface)
            for drawn, expected in every
        )
        return (made, details), worst_db

    trial = Trial(Path(model.package_path), layers, interface)
    (made, details), reached, found = smallest(
        trial, layers, source, stored=stored, min_psnr_db=min_psnr_db, grouped=grouped
    )
    return made, details | reached, found


def _worst_psnr_db(
    model: LoadedModel | LoadedPipeline,
    drawings: Drawings,
    reference: np.ndarray,
    *,
    interface: Interface,
) -> float:
    """Return the PSNR of the worst picture of a package itself, rounded as Core ML rounds."""
    interface, worst = interface.at(drawings.lineart.shape[1:3]), math.inf
    for (lineart, hints), expected in zip(drawings, reference, strict=True):
        (painted,) = model.predict(feeds(interface, lineart, hints)).values()
        picture = np.asarray(painted.convert("RGB"))
        if interface.under_ink:
            picture = pixels.under_ink(picture, lineart)
        worst = min(worst, psnr_db(expected, picture))
    return worst
