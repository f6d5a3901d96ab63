"""python -m benchmarks.showcase RUN -o docs/pictures/demo.png

Draw the README's picture: the sample drawings, coloured by Keras and by the exported models. Rows
are line art, hints on it where the net takes any, Keras, then one for each artifact in RUN/exports
of the chosen recipe.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from benchmarks.agreement.record import require_made_from
from benchmarks.drawing.hints import made_up_colors
from benchmarks.drawing.pages import HINTS
from benchmarks.drawing.samples import sample_drawings
from benchmarks.runtimes.backends import open_backend
from conversion.export.drawings import Drawings, true_hints
from conversion.export.plan import SUFFIXES, default_output
from conversion.export.size import size_of
from conversion.recipes import recipe_named
from training import pixels
from training.files.atomic import require_absent, written_whole
from training.picture.grid import picture_grid
from training.picture.ports import takes_hints
from training.run.checkpoint import find_checkpoint, load_generator
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What showcase.py is told on the command line."""

    run: tyro.conf.Positional[Path]  # run folder with its exports
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]  # PNG to write
    recipe: str = "fp16"  # of the exported models to show
    zoom: int = 2  # screen pixels for each pixel of the model
    overwrite: bool = False  # replace an existing output


def showcase(run: Path, *, recipe: str) -> np.ndarray:
    """Return the picture: a row a model, a column a drawing. uint8 (H, W, 3).

    Raises CheckpointError, UnsupportedTarget, ArtifactError for an export that is not there.
    """
    checkpoint = find_checkpoint(run)
    exports = [
        default_output(checkpoint, format=format, recipe=recipe_named(recipe, format=format))
        for format in SUFFIXES
    ]
    for artifact in exports:
        require_made_from(checkpoint, artifact)

    from training.picture.colorizer import colorize_pixels

    generator = load_generator(checkpoint)
    drawings = sample_drawings(size_of(checkpoint))
    lineart = np.stack([drawing.lineart for drawing in drawings])
    rows = [np.repeat(lineart[..., np.newaxis], 3, axis=-1)]
    hints = None
    if takes_hints(generator):
        colors = np.stack([made_up_colors(drawing) for drawing in lineart])
        hints = true_hints(lineart, colors, count=HINTS)
        rows.append(pixels.under_ink(pixels.on_paper(hints), lineart))
    rows.append(colorize_pixels(generator, lineart, hints))
    for artifact in exports:
        backend = open_backend(artifact)
        every = Drawings(lineart=lineart, hints=hints)
        rows.append(np.stack([backend.colorize(*each) for each in every]))
    table = np.stack(rows)  # (models, drawings, H, W, 3)
    return picture_grid({drawing.name: table[:, column] for column, drawing in enumerate(drawings)})


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from PIL import Image

    require_absent(options.output, overwrite=options.overwrite)
    picture = showcase(options.run, recipe=options.recipe)
    enlarged = picture.repeat(options.zoom, axis=0).repeat(options.zoom, axis=1)
    with written_whole(options.output, overwrite=options.overwrite) as partial:
        Image.fromarray(enlarged).save(partial, optimize=True)
    print(options.output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
