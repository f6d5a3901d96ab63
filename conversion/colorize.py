"""python -m conversion.colorize model drawing.png... [--hints hints.png] [-o out.png] [--layers D]

Colour line drawings of any size with an exported model, .onnx, .tflite or .mlpackage, by what its
manifest says: as training.colorize does with a checkpoint, without TensorFlow, and so in a second.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from conversion.errors import ArtifactError
from conversion.manifest import read_manifest
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What colorize.py is told on the command line."""

    model: tyro.conf.Positional[Path]  # exported model, its manifest beside it
    drawings: tyro.conf.Positional[tuple[Path, ...]]  # picture files
    # transparent picture with colour where it is wished, for a model that takes hints; of several
    # drawings, once for each in their order
    hints: tyro.conf.UseAppendAction[tuple[Path, ...]] = ()
    # picture to write, or folder for several; default: beside each drawing
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None
    # folder for ink, flats and smooth layer as PNG, and all of them as OpenRaster
    layers: Path | None = None
    smooth: bool = False  # what the model painted as it is, without regions
    overwrite: bool = False  # replace existing outputs


def colorize(options: Options) -> list[Path]:
    """Colour picture files. Returns the pictures that were written, in the order of the drawings.

    Raises ArtifactError and InvalidProgram for a model that cannot run, PictureError, OutputExists,
    and ConfigError for options that contradict one another.
    """
    from conversion.runtimes.backends import load_backend
    from training.picture.finishing.jobs import plan_jobs
    from training.picture.finishing.writing import color_drawings

    jobs = plan_jobs(
        options.drawings,
        hints=options.hints,
        output=options.output,
        layers=options.layers,
        overwrite=options.overwrite,
    )
    manifest = read_manifest(options.model)
    if options.hints and not manifest.interface.takes_hints:
        raise ArtifactError(
            f"{options.model} takes no hints: expected a model of a network trained with "
            "--generator.hints, as by the preset mobile."
        )
    outputs = []
    for output in color_drawings(
        jobs,
        lambda: load_backend(options.model, manifest, threads=None, compute_units=None).as_net(),
        smooth=options.smooth,
        overwrite=options.overwrite,
    ):
        print(output)
        outputs.append(output)
    return outputs


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    colorize(options)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
