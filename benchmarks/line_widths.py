"""python -m benchmarks.line_widths ckpt... [--data data/x]

Colour each held-out drawing with its own lines, and with lines half, twice and four times as wide:
a net that learned one pen takes others for areas, or for nothing. Without a hint; PSNR in dB to the
same colours under the same lines, with 95 % intervals over the drawings.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro

from training.errors import ConfigError
from training.run.checkpoint import find_checkpoint
from training.run.held_out import held_out
from training.terminal.command import DONE, run_command
from training.terminal.table import print_table

FACTORS = (0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What line_widths.py is told on the command line."""

    ckpts: tyro.conf.Positional[tuple[Path, ...]]  # checkpoint folders, or run folders
    data: Path | None = None  # data folder; default: the one that the first was trained on

    def __post_init__(self) -> None:
        if not self.ckpts:
            raise ConfigError("ckpts: expected at least one checkpoint, received none.")


def redrawn_pairs(
    lineart: np.ndarray, color: np.ndarray, *, factor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the lines of pairs `factor` times as wide, over the same colours.

    lineart: (N, H, W), color: (N, H, W, 3), uint8. Returns both anew; as they are for a factor of
    1, and for a drawing without ink.
    """
    from training.picture.beneath import layer_beneath
    from training.picture.strokes import line_width, with_line_width
    from training.pixels import under_ink

    lines, colors = lineart.copy(), color.copy()
    for i, (drawn, true) in enumerate(zip(lineart, color, strict=True)):
        width = line_width(drawn)
        if factor != 1 and width is not None:
            lines[i] = with_line_width(drawn, factor * width)
            colors[i] = under_ink(layer_beneath(true, drawn), lines[i])
    return lines, colors


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    checkpoints = [find_checkpoint(ckpt) for ckpt in options.ckpts]
    pairs = held_out(checkpoints[0], options.data).pairs

    from training.metrics.baselines import uncoloured_paper
    from training.picture.colorizer import colorize_pixels
    from training.run.restoring import load_generator

    sheets = [redrawn_pairs(pairs.lineart[..., 0], pairs.color, factor=f) for f in FACTORS]
    rows = []
    for ckpt, checkpoint in zip(options.ckpts, checkpoints, strict=True):
        generator = load_generator(checkpoint)
        rows.append(
            [
                str(ckpt),
                *(_cell(colors, colorize_pixels(generator, lines)) for lines, colors in sheets),
            ]
        )
    paper = [
        _cell(colors, np.stack([uncoloured_paper(drawn) for drawn in lines]))
        for lines, colors in sheets
    ]
    print_table(
        f"PSNR dB by the width of the lines, {len(pairs.ids)} drawings, no hint",
        ["", *(f"x {factor:g}" for factor in FACTORS)],
        rows=[*rows, ["uncoloured paper", *paper]],
    )
    return DONE


def _cell(true: np.ndarray, painted: np.ndarray) -> str:
    from training.metrics.coloring import mean_estimate
    from training.metrics.full_reference import psnr_db
    from training.metrics.hints.curves import MOST_DB

    # At most so much for a drawing: an identical picture would decide every mean.
    pairs = zip(true, painted, strict=True)
    return mean_estimate(np.array([min(psnr_db(a, b), MOST_DB) for a, b in pairs])).with_interval


if __name__ == "__main__":
    sys.exit(main())
