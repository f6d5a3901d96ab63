"""python -m benchmarks.report RUN -o report.html

Show a run as one HTML file that needs nothing else: drawings, truth, Keras and every exported model
side by side, training curves, sizes, parity, the commands and versions that made them. Its numbers
are those that training.evaluate --json and benchmarks.parity --json left in the run folder. Of a
Keras generator of your own, what its models paint, parity, cost and speed: there is no training.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from conversion.errors import ConversionError
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.reading import kind_of
from conversion.export.size import Size, parsed_size, said
from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What report.py is told on the command line."""

    # run folder; its best checkpoint is shown. Or a Keras generator of your own: a .keras or .h5
    # file, a SavedModel folder, or module:function
    run: tyro.conf.Positional[Path]
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]  # HTML file to write
    # data folder; default: the one that it was trained on. Of a generator of your own: a folder of
    # pictures; default: those that benchmarks.parity compared last
    data: Annotated[Path | None, tyro.conf.arg(aliases=["--drawings"])] = None
    size: str | None = None  # in pixels, of a generator of your own that takes any
    own: Annotated[Asked, tyro.conf.arg(name="")] = NOTHING
    overwrite: bool = False  # replace an existing output


def write_report(
    run: Path,
    output: Path,
    *,
    data: Path | None = None,
    own: Asked = NOTHING,
    size: Size | None = None,
    overwrite: bool = False,
) -> Path:
    """Write the report on `run` to `output`. Returns `output`.

    own, size: what the user says of a generator of their own.
    Raises CheckpointError, ConversionError, DataError, ArtifactError, OutputExists.
    """
    require_absent(output, overwrite=overwrite)
    page = _page(run, output, data=data, own=own, size=size)
    with written_whole(output, overwrite=overwrite) as partial:
        partial.write_text(page, encoding="utf-8")
    return output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    written = write_report(
        options.run,
        options.output,
        data=options.data,
        own=options.own,
        size=parsed_size(options.size),
        overwrite=options.overwrite,
    )
    print(written)
    return DONE


def _page(run: Path, output: Path, *, data: Path | None, own: Asked, size: Size | None) -> str:
    from benchmarks.pages import content, page

    if kind_of(run) is None:
        own.require_nothing(run)
        if size is not None:
            raise ConversionError(
                f"--size is of a generator of your own, received {said(size)} for {run}, whose "
                "report is of the size of its training. Leave it out."
            )
        return page.render(content.gather(run, output=output, data=data))
    from benchmarks.own import content as of_others

    gathered = of_others.gather(run, own, size=size, output=output, drawings=data)
    return page.laid_out("own.html.j2", gathered)


if __name__ == "__main__":
    sys.exit(main())
