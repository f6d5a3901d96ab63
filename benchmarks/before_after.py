"""python -m benchmarks.before_after ckpt -o docs/pictures/before-after.png

Draw a castle, a face, an open figure and a photograph of a pencil drawing: as they are given, as a
net with hints colours them, with dots of colour, and coloured with these. For looking at.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.errors import ConfigError
from training.files.atomic import require_absent
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What before_after.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # of a net with hints: checkpoint folder, run or pretrained
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]  # PNG to write
    pixels: int = 512  # a side of each drawing
    size: str | None = None  # pixels that the net works at; default: those of its training
    overwrite: bool = False  # replace an existing output

    def __post_init__(self) -> None:
        if self.pixels < 64:
            raise ConfigError(f"pixels: expected at least 64, received {self.pixels}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.colorize import open_net, working_size

    require_absent(options.output, overwrite=options.overwrite)
    checkpoint = find_checkpoint(options.ckpt)
    checkpoint.require_hints()
    net = open_net(checkpoint, working_size(checkpoint, options.size))

    from benchmarks.drawing.enlarged import write_enlarged
    from benchmarks.quality.before_after import before_and_after
    from benchmarks.quality.truth import drawn, held_out_candidates

    face = drawn(held_out_candidates(8)[5], options.pixels)  # a portrait: they come second
    sheet = before_and_after(net, face, size=options.pixels)
    write_enlarged(sheet, options.output, zoom=1, overwrite=options.overwrite)
    print(options.output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
