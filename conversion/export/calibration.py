"""The drawings that calibrate quantized activations: training drawings, never the held-out ones."""

from pathlib import Path

from conversion.export.drawings import HINT_COUNTS, Drawings, mixed_hints
from conversion.export.sheets import on_sheets
from conversion.export.size import Size, export_size
from training.run.checkpoint import Checkpoint
from training.run.held_out import fitting_data
from training.terminal.tensorflow_log import import_tensorflow_quietly

# Above the hundred or so from which the ranges of this kind of network stop moving; TFLite's
# documentation asks for 100 to 500.
COUNT = 128
# tanh(4) = 0.9993: beyond, a colour changes by less than a tenth of a level. The demo's network
# goes to 53 there; 8 bits for all of that leave steps of a fifth where tanh is steepest.
TANH_LIMIT = 4.0


def calibrated_on(checkpoint: Checkpoint, data: Path | None, drawings: Drawings) -> dict[str, str]:
    """Say for a manifest how many drawings `calibration_drawings` gave, on how many sheets."""
    _, manifest = fitting_data(checkpoint, data)
    count = min(COUNT, manifest.count("train"))
    beside = "" if len(drawings) == count else f", side by side on {len(drawings)} sheets"
    hinted = ""
    if drawings.hints is not None:
        hinted = f", with {', '.join(map(str, HINT_COUNTS))} hints in turn"
    return {"calibrated on": f"{count} training drawings{hinted}{beside}"}


def calibration_drawings(
    checkpoint: Checkpoint,
    data: Path | None = None,
    *,
    size: Size | None = None,
    count: int = COUNT,
    hints: bool = False,
) -> Drawings:
    """Return up to `count` line drawings of the training split, paper 255.

    data: default: the data set that the checkpoint was trained on. size: of the export; one larger
    than the drawings gets them side by side on fewer sheets. hints: give them, of their true
    colours, for a network that takes any. Always the same drawings: the first of the data set,
    whose order is random but fixed. Raises DataError.
    """
    import_tensorflow_quietly()
    from training.data.pipeline import load_split

    folder, _ = fitting_data(checkpoint, data)
    pairs = load_split(folder, "train", limit=count)
    lineart, fitting = pairs.lineart[..., 0], export_size(checkpoint, size)
    given = mixed_hints(lineart, pairs.color) if hints else None
    return Drawings(
        lineart=on_sheets(lineart, size=fitting),
        hints=None if given is None else on_sheets(given, size=fitting, background=0),
    )
