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
from conversion.manifest import read_manifest
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    for output in colorize(options):
        print(output)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
