"""python -m benchmarks.report RUN -o report.html

Show a run as one HTML file that needs nothing else: drawings, truth, Keras and every exported model
side by side, training curves, sizes, parity, the commands and versions that made them. Its numbers
are those that training.evaluate --json and benchmarks.parity --json left in the run folder.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What report.py is told on the command line."""

    run: tyro.conf.Positional[Path]  # run folder; its best checkpoint is shown
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]  # HTML file to write
    data: Path | None = None  # data folder; default: the one that it was trained on
    overwrite: bool = False  # replace an existing output


def write_report(
    run: Path, output: Path, *, data: Path | None = None, overwrite: bool = False
) -> Path:
    """Write the report on `run` to `output`. Returns `output`.

    Raises CheckpointError, DataError, ArtifactError, OutputExists.
    """
    require_absent(output, overwrite=overwrite)

    from benchmarks.pages.content import gather
    from benchmarks.pages.page import render

    page = render(gather(run, output=output, data=data))
    with written_whole(output, overwrite=overwrite) as partial:
        partial.write_text(page, encoding="utf-8")
    return output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(write_report(options.run, options.output, data=options.data, overwrite=options.overwrite))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
