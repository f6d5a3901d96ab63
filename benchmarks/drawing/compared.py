"""The drawings on which artifacts are compared with Keras: held-out ones and the samples."""

import numpy as np

from benchmarks.drawing.samples import sample_drawings
from training.run.held_out import HeldOut


def parity_drawings(validation: HeldOut) -> dict[str, np.ndarray]:
    """Return every drawing to compare, by id: (H, W) uint8. Validation first, then samples."""
    pairs = validation.pairs
    drawings = {f"validation/{name}": pairs.lineart[n, ..., 0] for n, name in enumerate(pairs.ids)}
    samples = sample_drawings(pairs.lineart.shape[1])
    return drawings | {f"sample/{drawing.name}": drawing.lineart for drawing in samples}
