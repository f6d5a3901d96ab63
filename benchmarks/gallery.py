"""python -m benchmarks.gallery ckpt -o docs/pictures/unseen.png

Draw held-out drawings as a net with hints colours them: a drawing's lines, then what it paints
without a hint, with 2 dots and with 8 dots of the true colours, each beside its dots, and the true
picture. For looking at: would you keep them?
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import tyro

from benchmarks.drawing.enlarged import write_enlarged
from training.errors import ConfigError
from training.files.atomic import require_absent
from training.run.checkpoint import find_checkpoint
from training.run.held_out import held_out
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    import keras

    from training.data.pipeline import PicturePairs

HINTED = (0, 2, 8)  # dots a drawing


@dataclass(frozen=True, kw_only=True)
class Options:
    """What gallery.py is told on the command line."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained
    ckpt: tyro.conf.Positional[Path]
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]  # PNG to write
    data: Path | None = None  # data folder; default: the one it was trained on
    drawings: int = 24  # how many, from the first of the held-out ones on
    across: int = 2  # drawings side by side
    zoom: int = 1  # screen pixels for each pixel of the model
    overwrite: bool = False  # replace an existing output

    def __post_init__(self) -> None:
        if min(self.drawings, self.across, self.zoom) < 1:
            raise ConfigError(f"expected drawings, across and zoom of at least 1, received {self}.")


def gallery(generator: "keras.Model", pairs: "PicturePairs", *, across: int) -> np.ndarray:
    """Return the picture, uint8 (H, W, 3): drawings row by row, `across` of them in each.

    generator: a net that takes hints.
    """
    from training.metrics.hints.judging import dot_pictures
    from training.picture.colorizer import colorize_pixels
    from training.picture.grid import picture_grid
    from training.pixels import PAPER, on_paper, under_ink

    lineart = pairs.lineart[..., 0]
    columns = [under_ink(np.full_like(pairs.color, PAPER), lineart)]
    for count in HINTED:
        hints = dot_pictures(lineart, pairs.color, count=count, ids=pairs.ids)
        if count:
            columns.append(under_ink(on_paper(hints), lineart))
        columns.append(colorize_pixels(generator, lineart, hints))
    columns.append(pairs.color)
    blank = -len(lineart) % across
    padding = ((0, blank), (0, 0), (0, 0), (0, 0))
    whole = [np.pad(column, padding, constant_values=PAPER) for column in columns]
    return picture_grid(
        {f"{place} {n}": c[place::across] for place in range(across) for n, c in enumerate(whole)}
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_absent(options.output, overwrite=options.overwrite)
    checkpoint = find_checkpoint(options.ckpt)
    checkpoint.require_hints()
    pairs, first = held_out(checkpoint, options.data).pairs, slice(options.drawings)

    from training.run.restoring import load_generator

    pairs = replace(
        pairs, ids=pairs.ids[first], lineart=pairs.lineart[first], color=pairs.color[first]
    )
    picture = gallery(load_generator(checkpoint), pairs, across=options.across)
    write_enlarged(picture, options.output, zoom=options.zoom, overwrite=options.overwrite)
    print(options.output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
