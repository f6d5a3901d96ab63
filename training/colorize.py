"""python -m training.colorize ckpt drawing.png [--hints hints.png] -o out.png

Colour one line drawing of any size: it is padded with paper, coloured whole and cropped back.
Hints are a PNG as large as the drawing, with colour where it is known and transparent elsewhere.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.errors import ConfigError
from training.files.atomic import require_absent, written_whole
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, run_command

# What Pillow writes in 24-bit colour at any size; PNG, BMP, TIFF and PPM without loss.
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".ppm")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What colorize.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder: its newest checkpoint
    drawing: tyro.conf.Positional[Path]  # dark lines on light or transparent paper
    # transparent picture with colour where colour is wished; for a net that takes hints
    hints: Path | None = None
    # picture to write; default: beside the drawing
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None
    overwrite: bool = False  # replace an existing output


def colorize(
    ckpt: Path,
    drawing: Path,
    *,
    hints: Path | None = None,
    output: Path,
    overwrite: bool = False,
) -> Path:
    """Colour the picture file `drawing` into the picture file `output`. Returns `output`.

    hints: picture file with transparency, as large as the drawing.
    Raises CheckpointError, PictureError, OutputExists, and ConfigError for another suffix, and for
    hints where the net takes none.
    """
    if output.suffix.lower() not in SUFFIXES:
        raise ConfigError(
            f"{output}: expected a picture in full colour ({', '.join(SUFFIXES)}), received the "
            f"suffix {output.suffix!r}. Formats of few colours, as GIF, would change the picture."
        )
    require_absent(output, overwrite=overwrite)
    checkpoint = find_checkpoint(ckpt)
    if hints is not None and not checkpoint.config.generator.hints:
        raise ConfigError(
            f"hints: expected none, since {ckpt} takes no hints, received {hints}. Leave --hints "
            "out, or use a net that was trained with --generator.hints, such as pretrained."
        )

    from PIL import Image

    from training.picture.colorizer import colorize_drawing
    from training.picture.reading import read_hints, read_lineart
    from training.run.checkpoint import load_generator
    from training.settings.networks import stride_of

    lineart = read_lineart(drawing)
    given = None if hints is None else read_hints(hints, drawing=lineart)
    size = checkpoint.config.size
    assert size is not None  # a checkpoint always states it
    painted = colorize_drawing(
        load_generator(checkpoint),
        lineart,
        given,
        multiple=stride_of(checkpoint.config.generator, size=size),
        minimum=size,
    )
    with written_whole(output, overwrite=overwrite) as partial:
        Image.fromarray(painted).save(partial)
    return output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    output = options.output or options.drawing.with_name(f"{options.drawing.stem}-color.png")
    print(
        colorize(
            options.ckpt,
            options.drawing,
            hints=options.hints,
            output=output,
            overwrite=options.overwrite,
        )
    )
    return DONE


if __name__ == "__main__":
    sys.exit(main())
