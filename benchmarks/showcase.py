"""python -m benchmarks.showcase RUN -o docs/pictures/demo.png

Draw the README's picture: a row a sample drawing, as it is given, then coloured by Keras and by
each artifact in RUN/exports of the chosen recipe. Where the net takes hints, three times: without,
with hints for what one would expect, and for what nobody would.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from benchmarks.agreement.record import require_made_from
from benchmarks.drawing.enlarged import write_enlarged
from benchmarks.drawing.samples import Drawing, sample_drawings
from benchmarks.drawing.wishes import WISHES, wished
from conversion.export.drawings import Drawings
from conversion.export.origins.find import find_origin
from conversion.export.plan import default_output
from conversion.recipes import Format, recipe_named
from conversion.runtimes.backends import open_backend
from training import pixels
from training.files.atomic import require_absent
from training.picture.grid import picture_grid
from training.settings.sizes import square_side
from training.terminal.command import DONE, run_command

SHOWN: tuple[Format, ...] = ("coreml", "tflite", "onnx")  # a column each


@dataclass(frozen=True, kw_only=True)
class Options:
    """What showcase.py is told on the command line."""

    run: tyro.conf.Positional[Path]  # run folder with its exports
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]  # PNG to write
    recipe: str = "fp16"  # of the exported models to show
    zoom: int = 1  # screen pixels for each pixel of the model
    overwrite: bool = False  # replace an existing output


def showcase(run: Path, *, recipe: str) -> np.ndarray:
    """Return the picture: a row a drawing; what was given, and a column a model. uint8 (H, W, 3).

    Raises CheckpointError, UnsupportedTarget, ArtifactError for an export that is not there.
    """
    origin = find_origin(run)
    exports = [
        default_output(origin, format=format, recipe=recipe_named(recipe, format=format))
        for format in SHOWN
    ]
    for artifact in exports:
        require_made_from(origin, artifact)

    generator, size = origin.load(), square_side(origin.fitting_size())
    drawings = [drawing for drawing in sample_drawings(size) if drawing.name in WISHES]
    lineart = np.stack([drawing.lineart for drawing in drawings])
    backends = [open_backend(artifact) for artifact in exports]
    columns: list[np.ndarray] = []
    for hints in _given(drawings, size=size) if origin.ports.hints else [None]:
        paper = np.full((*lineart.shape, 3), pixels.PAPER, np.uint8)
        seen = paper if hints is None else pixels.on_paper(hints)
        columns.append(pixels.under_ink(seen, lineart))
        every = Drawings(lineart=lineart, hints=hints)
        columns.append(origin.paint(generator, every))
        columns += [np.stack([backend.colorize(*each) for each in every]) for backend in backends]
    return picture_grid({str(number): column for number, column in enumerate(columns)})


def _given(drawings: Sequence[Drawing], *, size: int) -> list[np.ndarray]:
    """Return no hints, then those of each wish: (N, H, W, 4) uint8."""
    wishes = [
        np.stack([wished(WISHES[drawing.name][which], size=size) for drawing in drawings])
        for which in range(2)
    ]
    return [np.zeros_like(wishes[0]), *wishes]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_absent(options.output, overwrite=options.overwrite)
    picture = showcase(options.run, recipe=options.recipe)
    write_enlarged(picture, options.output, zoom=options.zoom, overwrite=options.overwrite)
    print(options.output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
