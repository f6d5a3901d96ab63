"""python -m conversion.colorize model drawing.png... [--hints hints.png] [-o out.png] [--layers D]

Colour line drawings of any size with an exported model, .onnx, .tflite, .mlpackage or .aimodel, by
what its manifest says: as training.colorize does with a checkpoint, without TensorFlow, and so in a
second.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from conversion.errors import ArtifactError
from conversion.manifest import Manifest, read_manifest
from training.errors import PictureError
from training.picture.finishing.jobs import Job
from training.picture.finishing.options import ColoringOptions
from training.settings.sizes import parse_size
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options(ColoringOptions):
    """What colorize.py is told on the command line."""

    model: tyro.conf.Positional[Path]  # exported model, its manifest beside it
    drawings: tyro.conf.Positional[tuple[Path, ...]]  # picture files
    # of a model that serves several: the pixels it works at, such as 512x384; default: the first
    size: str | None = None


def colorize(options: Options) -> Iterator[Path]:
    """Colour picture files; yields each picture once it stands, in the order of the drawings.

    Raises ArtifactError and InvalidProgram for a model that cannot run, PictureError, OutputExists,
    and ConfigError for options that contradict one another.
    """
    from conversion.runtimes.backends import load_backend
    from training.picture.finishing.writing import color_drawings

    jobs = options.jobs(options.drawings)
    manifest = read_manifest(options.model)
    if not manifest.interface.colors_line_art:
        yield from _results(options, manifest, jobs)
        return
    if options.hints and not manifest.interface.takes_hints:
        raise ArtifactError(
            f"{options.model} takes no hints: expected a model of a network trained with "
            "--generator.hints, as by the preset mobile."
        )
    size = manifest.sizes[0] if options.size is None else parse_size(options.size)
    manifest.interface_at(size)  # refused before the model is loaded
    yield from color_drawings(
        jobs,
        lambda: load_backend(options.model, manifest, threads=None, compute_units=None).as_net(
            size
        ),
        smooth=options.smooth,
        overwrite=options.overwrite,
    )


def _results(options: Options, manifest: Manifest, jobs: Sequence[Job]) -> Iterator[Path]:
    """Write what a net that takes any picture makes of each, which must have the net's size."""
    from conversion.runtimes.backends import load_backend
    from training.picture.finishing.writing import write_picture
    from training.picture.reading import read_picture, to_grey

    port = manifest.interface.inputs[0]
    if options.hints or options.layers or options.smooth or port.colors == "rgba":
        raise ArtifactError(
            f"{options.model} is no colourer of line art, and is given pictures as they are: "
            "expected a model of one or three channels, and no --hints, --layers or --smooth."
        )
    height, width = port.height_width
    pictures = {job: read_picture(job.drawing) for job in jobs}
    for job, picture in pictures.items():
        if picture.shape[:2] != (height, width):
            raise PictureError(
                f"{job.drawing}: expected a picture of {width} x {height} pixels, the size of "
                f"{options.model.name}, received {picture.shape[1]} x {picture.shape[0]}. Scale "
                "it first, or export the net at that size: --size."
            )
    backend = load_backend(options.model, manifest, threads=None, compute_units=None)
    for job, picture in pictures.items():
        given = to_grey(picture) if port.colors == "gray" else picture
        write_picture(backend.colorize(given), job.output, overwrite=options.overwrite)
        yield job.output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    for output in colorize(options):
        print(output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
