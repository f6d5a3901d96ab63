"""What ONNX Runtime and Apple's Core AI runtime compute of one model, compared."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from conversion.coreai.runtime import narrowed
from conversion.coreai.weights import expanded
from conversion.runtimes.apart import AssetApart
from training.metrics.full_reference import feature_psnr_db

# At which floats of two runtimes count as equal: sums in another order differ by less.
AGREES_DB = 60.0


def agreement_db(
    model: Any, asset: Path, given: Mapping[str, np.ndarray], *, patience_s: float = 600.0
) -> float:
    """Return how close the asset comes to the ONNX model that it was made of, at its worst output.

    given: the inputs of the model. PSNR, whose peak is the largest absolute value of the output;
    infinite where all is equal, minus infinity where whole numbers, shapes or infinities differ.
    Raises ArtifactError, InvalidInput.
    """
    expected = computed(model, given)
    loaded = AssetApart(asset, patience_s=patience_s)
    try:
        made = loaded.predict(narrowed(given, loaded.inputs))
    finally:
        loaded.close()
    return min(closeness_db(expected[name], made[name]) for name in expected)


def computed(model: Any, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what ONNX Runtime computes of a model, with our operations of weights or without."""
    import onnxruntime

    plain = expanded(model).SerializeToString()
    session = onnxruntime.InferenceSession(plain, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, dict(given)), strict=True))


def closeness_db(expected: np.ndarray, made: np.ndarray) -> float:
    """Return the PSNR of one array against another, as `agreement_db` says."""
    if expected.shape != made.shape:
        return -math.inf
    if expected.dtype.kind != "f":
        return math.inf if np.array_equal(expected, made) else -math.inf
    wanted, received = expected.astype(np.float64), made.astype(np.float64)
    finite = np.isfinite(wanted)
    if not np.array_equal(wanted[~finite], received[~finite], equal_nan=True):
        return -math.inf
    return feature_psnr_db(wanted[finite], received[finite]) if finite.any() else math.inf
