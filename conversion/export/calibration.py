"""The drawings that calibrate quantized activations: training drawings, never the held-out ones."""

from pathlib import Path
from typing import TYPE_CHECKING

from conversion.export.sheets import on_sheets
from conversion.export.size import Size, export_size
from training.run.checkpoint import Checkpoint
from training.run.held_out import fitting_data
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import numpy as np

# Above the hundred or so from which the ranges of this kind of network stop moving; TFLite's
# documentation asks for 100 to 500.
COUNT = 128
# tanh(4) = 0.9993: beyond, a colour changes by less than a tenth of a level. The demo's network
# goes to 53 there; 8 bits for all of that leave steps of a fifth where tanh is steepest.
TANH_LIMIT = 4.0


def calibrated_on(
    checkpoint: Checkpoint, data: Path | None, drawings: "np.ndarray"
) -> dict[str, str]:
    """Say for a manifest how many drawings `calibration_drawings` gave, on how many sheets."""
    _, manifest = fitting_data(checkpoint, data)
    count = min(COUNT, manifest.count("train"))
    beside = "" if len(drawings) == count else f", side by side on {len(drawings)} sheets"
    return {"calibrated on": f"{count} training drawings{beside}"}


def calibration_drawings(
    checkpoint: Checkpoint,
    data: Path | None = None,
    *,
    size: Size | None = None,
    count: int = COUNT,
) -> "np.ndarray":
    """Return up to `count` line drawings of the training split: (N, H, W) uint8, paper 255.

    size: of the export; one larger than the drawings gets them side by side on fewer sheets.

    data: default: the data set that the checkpoint was trained on. Always the same drawings: the
    first of the data set, whose order is random but fixed. Raises DataError.
    """
    import_tensorflow_quietly()
    from training.data.pipeline import load_split

    folder, _ = fitting_data(checkpoint, data)
    drawings = load_split(folder, "train", limit=count).lineart[..., 0]
    return on_sheets(drawings, size=export_size(checkpoint, size))
