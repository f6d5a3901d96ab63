"""Recipe auto for Core AI: store each layer in as few bits as the pictures allow."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from conversion.compression.auto import smallest
from conversion.compression.search import Search, psnrs_db
from conversion.coreai.trial import OnnxTrial
from conversion.coreai.weights import expanded, layers_of, store
from conversion.export.source import Source
from conversion.interface import Interface


def store_automatically(
    model: Any, source: Source, *, interface: Interface, min_psnr_db: float
) -> tuple[Any, dict[str, str], Search]:
    """Return the smallest model found that reaches `min_psnr_db`, its details, and the search.

    model: in float32. Raises as conversion.compression.auto.smallest.
    """
    layers = [layer for layer in layers_of(model) if not layer.is_small]

    def stored(chosen: Mapping[str, str], references: Sequence[np.ndarray]) -> tuple[Any, float]:
        made, details = store(model, chosen)
        painted = OnnxTrial(expanded(made), interface).colors(source.drawings, {})
        return (made, details), float(min(psnrs_db(painted, references[0])))

    (made, details), reached, found = smallest(
        OnnxTrial(model, interface),
        layers,
        source,
        stored=stored,
        min_psnr_db=min_psnr_db,
        grouped=True,
    )
    return made, details | reached, found
