"""python -m benchmarks.picture_speed ckpt [--repeats 5]

Time the way from a drawing file to its finished picture file, step by step, for a sheet full of
drawings from 1366 x 1024 to 8192 x 6144 pixels. Ends with status 1 if 2732 x 2048 pixels, the sheet
of a large iPad, take a second or more beside the net's own time.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from training.errors import ConfigError
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, FAILED, run_command

SIZES = ((1366, 1024), (2732, 2048), (5464, 4096), (8192, 6144))  # width and height
JUDGED = (2732, 2048)
MOST_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Options:
    """What picture_speed.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, run folder or the word pretrained
    repeats: int = 5  # of each size; the fastest counts: others may be at work here

    def __post_init__(self) -> None:
        if self.repeats < 1:
            raise ConfigError(f"repeats: expected at least 1, received {self.repeats}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.colorize import open_net, working_size

    checkpoint = find_checkpoint(options.ckpt)
    net = open_net(checkpoint, working_size(checkpoint, None))

    import numpy as np
    from PIL import Image

    from benchmarks.quality.timing import MODEL, sheet, timed_steps
    from training.run.memory import peak_bytes
    from training.terminal.table import print_table

    fastest: dict[tuple[int, int], dict[str, float]] = {}
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        file, output = Path(folder) / "sheet.png", Path(folder) / "color.png"
        for size in SIZES:
            Image.fromarray(sheet(*size)).save(file, compress_level=1)
            timed_steps(net, file, output)  # what is loaded and compiled once
            rounds = [timed_steps(net, file, output) for _ in range(options.repeats)]
            fastest[size] = {step: min(took[step] for took in rounds) for step in rounds[0]}
            peaks.append(peak_bytes())
    columns = [f"{width} x {height}" for width, height in SIZES]
    rows = [
        [step, *(f"{1e3 * fastest[size][step]:.0f}" for size in SIZES)] for step in fastest[JUDGED]
    ]
    beside = {size: sum(took.values()) - took[MODEL] for size, took in fastest.items()}
    rows.append(["all but the model", *(f"{1e3 * beside[size]:.0f}" for size in SIZES)])
    rows.append(
        ["ms a megapixel", *(f"{1e9 * beside[size] / np.prod(size):.0f}" for size in SIZES)]
    )
    rows.append(["most memory so far, MB", *(f"{peak / 1e6:.0f}" for peak in peaks)])
    print_table(f"ms by step, fastest of {options.repeats}", ["", *columns], rows=rows)
    return DONE if beside[JUDGED] < MOST_S else FAILED


if __name__ == "__main__":
    sys.exit(main())
