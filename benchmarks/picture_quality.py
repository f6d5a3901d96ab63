"""python -m benchmarks.picture_quality ckpt [--drawings 8] [--picture FILE.png]

Judge the way from a drawing to its finished picture: held-out OpenMoji drawings and portraits, from
SVG at 512 and 1024 pixels with their true colours, without a hint and with dots of them. The net's
composed picture enlarged, its layer under the full ink, and flats, beside what it paints at its own
size. A few drawings take minutes; name more for a figure to report.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from training.errors import ConfigError
from training.files.atomic import require_absent
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, FAILED, run_command

SIZES = (512, 1024)
HINTS = (0, 4, 16)
LEAST_GAIN_DB = 3.0  # of flats or smooth over enlarging the composed picture
MOST_LOSS_DB = 0.5  # of them to the net at its own size


@dataclass(frozen=True, kw_only=True)
class Options:
    """What picture_quality.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, run folder or the word pretrained
    drawings: int = 8  # how many, half of each source
    sizes: tuple[int, ...] = SIZES  # pixels a side
    size: str | None = None  # pixels that the net works at; default: those of its training
    picture: Path | None = None  # PNG to write: some drawings in every way, to look at
    overwrite: bool = False  # replace an existing picture

    def __post_init__(self) -> None:
        if self.drawings < 2 or not self.sizes or min(self.sizes) < 64:
            raise ConfigError(
                f"expected at least 2 drawings, and sizes of at least 64 pixels, received {self}."
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.colorize import open_net, working_size

    if options.picture is not None:
        require_absent(options.picture, overwrite=options.overwrite)
    checkpoint = find_checkpoint(options.ckpt)
    net = open_net(checkpoint, working_size(checkpoint, options.size))

    from benchmarks.drawing.enlarged import write_enlarged
    from benchmarks.quality.judging import OWN_SIZE, judge, showing
    from benchmarks.quality.truth import held_out_candidates
    from benchmarks.quality.ways import COMPOSED, FLATS, SMOOTH
    from training.terminal.table import print_table

    candidates = held_out_candidates(options.drawings)
    counts = HINTS if checkpoint.config.generator.hints else HINTS[:1]
    judged = judge(net, candidates, sizes=options.sizes, counts=counts)
    passed = True
    for size in options.sizes:
        for count in counts:
            found = judged[size, count]
            print_table(
                f"{size} pixels, {count} hints, {len(candidates)} drawings",
                ["", "PSNR dB", "SSIM", "CIEDE2000", "sharpness at lines"],
                rows=[[name, *figures.cells()] for name, figures in found.items()],
            )
            best = max(found[FLATS].psnr_db, found[SMOOTH].psnr_db)
            gain, loss = best - found[COMPOSED].psnr_db, found[OWN_SIZE].psnr_db - best
            good = gain >= LEAST_GAIN_DB and loss <= MOST_LOSS_DB
            passed &= good
            print(
                f"{'pass' if good else 'FAIL'}: {gain:+.2f} dB to enlarging the composed picture "
                f"(at least {LEAST_GAIN_DB:+g}), {-loss:+.2f} dB to the net at its own size "
                f"(at least {-MOST_LOSS_DB:+g})\n"
            )
    if options.picture is not None:
        sheet = showing(net, candidates, size=256, count=counts[len(counts) > 1])
        write_enlarged(np.ascontiguousarray(sheet), options.picture, zoom=1, overwrite=True)
        print(options.picture)
    return DONE if passed else FAILED


if __name__ == "__main__":
    sys.exit(main())
