"""python -m training.colorize ckpt drawing.png... [--hints hints.png] [-o out.png] [--layers D]

Colour line drawings of any size, in flats under their own ink: photographs of paper, pencil and
light lines on dark are made clean first. Hints are a PNG as large as the drawing, with colour where
it is known and transparent elsewhere.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from training.errors import ConfigError
from training.picture.finishing.net import Net, lines_learned
from training.picture.finishing.options import ColoringOptions
from training.run.checkpoint import Checkpoint, find_checkpoint
from training.settings.networks import stride_of
from training.settings.sizes import Size, common_side, parse_size
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options(ColoringOptions):
    """What colorize.py is told on the command line."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained
    ckpt: tyro.conf.Positional[Path]
    drawings: tyro.conf.Positional[tuple[Path, ...]]  # picture files
    # pixels that the net works at, such as 128 or 192x128; default: those of its training
    size: str | None = None


def colorize(options: Options) -> Iterator[Path]:
    """Colour picture files; yields each picture once it stands, in the order of the drawings.

    Raises CheckpointError, PictureError, OutputExists, and ConfigError for options that contradict
    one another: all but an interruption before the net is loaded.
    """
    from training.picture.finishing.writing import color_drawings

    jobs = options.jobs(options.drawings)
    checkpoint = find_checkpoint(options.ckpt)
    if options.hints:
        checkpoint.require_hints()
    size = working_size(checkpoint, options.size)
    yield from color_drawings(
        jobs,
        lambda: open_net(checkpoint, size),
        smooth=options.smooth,
        overwrite=options.overwrite,
    )


def working_size(checkpoint: Checkpoint, wished: str | None) -> Size:
    """Return the size of the pictures that a net works at: `wished`, or that of its training.

    Raises ConfigError for one that its stride does not allow.
    """
    trained = checkpoint.config.height_width
    if wished is None:
        return trained
    size = parse_size(wished)
    stride = stride_of(checkpoint.config.generator, size=common_side(trained))
    if any(side < stride or side % stride for side in size):
        raise ConfigError(f"size: expected a multiple of {stride} pixels, received {wished}.")
    return size


def open_net(checkpoint: Checkpoint, size: Size) -> Net:
    """Load the net of a checkpoint to work at pictures of `size`."""
    from training.picture.colorizer import net_of_generator
    from training.run.restoring import load_generator

    config = checkpoint.config
    return net_of_generator(
        load_generator(checkpoint),
        size=size,
        learned=lines_learned(config.augment.learned_lines, trained_px=min(config.height_width)),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    for output in colorize(options):
        print(output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
