"""What each trained cell of the experiment makes of the held-out drawings, drawing by drawing.

training.evaluate keeps means and intervals of one checkpoint. Comparing two nets over the same
drawings takes the numbers of each drawing, so they are kept here, in measured.json of a cell.
"""

import reprlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.study.runs import RUN, read_status
from training.data.shards import read_manifest
from training.errors import DataError
from training.files.record_format import RecordFormat
from training.metrics.coloring import DrawingColoring, measure_coloring
from training.settings.sizes import height_width, square_side
from training.terminal.progress import Progress

if TYPE_CHECKING:
    from training.data.pipeline import PicturePairs

MEASURED_FILE = "measured.json"
MEAN_COLOR, PAPER = "mean colour inside the lines", "uncoloured paper"
BASELINES = {MEAN_COLOR: "baseline.mean", PAPER: "baseline.paper"}  # and the size
NUMBERS: dict[str, Callable[[DrawingColoring], float]] = {
    "psnr_db": lambda drawing: drawing.quality.psnr_db,
    "ssim": lambda drawing: drawing.quality.ssim,
    "ms_ssim": lambda drawing: drawing.ms_ssim,
    "ciede2000": lambda drawing: drawing.quality.ciede2000_mean,
    "colorfulness": lambda drawing: drawing.colorfulness,
    "true_colorfulness": lambda drawing: drawing.true_colorfulness,
    "lost_contrast": lambda drawing: drawing.contrast.lost,
    "true_contrast": lambda drawing: drawing.contrast.true,
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One trained net on the held-out drawings."""

    ids: tuple[str, ...]
    numbers: dict[str, tuple[float, ...]]  # by NUMBERS: one for each drawing
    kid: float | None = None  # of all drawings; None: not asked for

    def __post_init__(self) -> None:
        received = {name: len(values) for name, values in self.numbers.items()}
        if received != dict.fromkeys(NUMBERS, len(self.ids)):
            raise DataError(
                f"expected {len(self.ids)} numbers, one for each drawing, of each of "
                f"{', '.join(NUMBERS)}; received {reprlib.repr(received)}."
            )


MEASUREMENTS = RecordFormat(
    kind=Measured,
    name="nurie-experiment-measured/2",
    what="a record of measurements",
    expected="what benchmarks.experiment writes",
    remedy="remove it, and it is made again",
)


def measure_cells(names: Iterable[str], out: Path, *, data: Path, kid: bool = False) -> None:
    """Measure what is completely trained and not measured yet, and both baselines.

    Raises DataError, CheckpointError; MissingExtra for KID without its weights.
    """
    left = [
        name
        for name in names
        if (status := read_status(out / name)) is not None
        and status.outcome == "complete"
        and _is_left(out / name, kid=kid)
    ]
    size = square_side(height_width(read_manifest(data).size))
    baselines = [
        label for label in BASELINES if _is_left(baseline_folder(out, label, size=size), kid=kid)
    ]
    if not left and not baselines:
        return
    from training.data.pipeline import load_split
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_newest
    from training.run.restoring import load_generator
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    import_tensorflow_quietly()
    pairs = load_split(data, "validation")
    measure = _measurer(pairs, kid=kid)
    with Progress("measuring", total=len(left) + len(baselines), unit="nets") as progress:
        for label in baselines:
            painted = _baseline_pictures(label, pairs, data)
            folder = baseline_folder(out, label, size=size)
            record = measure(painted, read_measured(folder))
            MEASUREMENTS.write(record, folder / MEASURED_FILE, overwrite=True)
            progress.advance()
        for name in left:
            # Not the best: what trainings of equal length end with is compared.
            generator = load_generator(find_newest(out / name / RUN))
            painted = colorize_pixels(generator, pairs.lineart[..., 0])
            record = measure(painted, read_measured(out / name))
            MEASUREMENTS.write(record, out / name / MEASURED_FILE, overwrite=True)
            progress.advance()


def read_measured(folder: Path) -> Measured | None:
    """Read measured.json of a cell; None where it is not measured. Raises DataError."""
    path = folder / MEASURED_FILE
    return MEASUREMENTS.read(path) if path.exists() else None


def baseline_folder(out: Path, label: str, *, size: int) -> Path:
    """Return where a baseline's numbers stand, of drawings of this size."""
    return out / f"{BASELINES[label]}.{size}px"


def read_baselines(out: Path, *, size: int) -> dict[str, Measured]:
    """Return the baselines that were measured, by what they are called."""
    found = {label: read_measured(baseline_folder(out, label, size=size)) for label in BASELINES}
    return {label: measured for label, measured in found.items() if measured is not None}


def _is_left(folder: Path, *, kid: bool) -> bool:
    measured = read_measured(folder)
    return measured is None or (kid and measured.kid is None)


def _measurer(
    pairs: "PicturePairs", *, kid: bool
) -> Callable[[np.ndarray, Measured | None], Measured]:
    """Return what measures pictures (N, H, W, 3) uint8 against the true ones.

    Its second argument is what is measured of them already: only KID is left then.
    """
    from training.metrics.kid.distance import kernel_distance
    from training.metrics.kid.features import load_features

    features = load_features() if kid else None
    true_features = None if features is None else features(pairs.color)

    def measure(painted: np.ndarray, known: Measured | None) -> Measured:
        distance = None
        if features is not None and true_features is not None:
            distance = kernel_distance(features(painted), true_features).value
        if known is not None and known.ids == pairs.ids:
            return replace(known, kid=distance)
        drawings = [
            measure_coloring(painted[n], pairs.color[n], lineart=pairs.lineart[n, ..., 0])
            for n in range(len(pairs.ids))
        ]
        return Measured(
            ids=pairs.ids,
            numbers={
                name: tuple(float(number(drawing)) for drawing in drawings)
                for name, number in NUMBERS.items()
            },
            kid=distance,
        )

    return measure


def _baseline_pictures(label: str, pairs: "PicturePairs", data: Path) -> np.ndarray:
    from training.metrics.baselines import mean_color_inside, uncoloured_paper
    from training.metrics.evaluation import mean_rgb_of

    lineart = pairs.lineart[..., 0]
    if label == PAPER:
        return np.stack([uncoloured_paper(drawing) for drawing in lineart])
    mean_rgb = mean_rgb_of(data)
    return np.stack([mean_color_inside(drawing, mean_rgb) for drawing in lineart])
