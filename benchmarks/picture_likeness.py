"""python -m benchmarks.picture_likeness ckpt [--drawings 20]

Colour each sample drawing at 64 to 4096 pixels, with lines of half to four times their width, and
inverted, in pencil, in the shade, turned and on nothing: its colours should be the same. PSNR in dB
between finished pictures; for line widths, between the colours where neither pen has ink.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from training.errors import ConfigError
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, FAILED, run_command

LEAST_DB = {"size": 30.0, "width of lines": 25.0, "version": 25.0}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What picture_likeness.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, run folder or the word pretrained
    drawings: int = 20  # how many of the samples
    size: str | None = None  # pixels that the net works at; default: those of its training

    def __post_init__(self) -> None:
        if self.drawings < 1:
            raise ConfigError(f"drawings: expected at least 1, received {self.drawings}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.colorize import open_net, working_size

    checkpoint = find_checkpoint(options.ckpt)
    net = open_net(checkpoint, working_size(checkpoint, options.size))

    from benchmarks.quality.likeness import drawing_files, of_sizes, of_versions, of_widths
    from training.terminal.progress import Progress

    files = drawing_files(options.drawings)
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in LEAST_DB}
    with Progress("colouring", total=len(files), unit="drawings") as progress:
        for file in files:
            sizes = of_sizes(net, file)
            found["size"][file.stem] = {f"{a} and {b}": db for (a, b), db in sizes.items()}
            widths = of_widths(net, file)
            found["width of lines"][file.stem] = {f"x {by:g}": db for by, db in widths.items()}
            found["version"][file.stem] = of_versions(net, file)
            progress.advance(note=file.stem)
    results = [_report(name, found[name], least=least) for name, least in LEAST_DB.items()]
    return DONE if all(results) else FAILED


def _report(name: str, by_drawing: Mapping[str, Mapping[str, float]], *, least: float) -> bool:
    """Print a table of one kind of change. Returns whether all drawings reach `least` dB."""
    import numpy as np

    from training.terminal.table import print_table

    changes = list(next(iter(by_drawing.values())))
    rows = []
    for change in changes:
        decibels = {drawing: row[change] for drawing, row in by_drawing.items()}
        worst = min(decibels, key=decibels.__getitem__)
        reach = sum(each >= least for each in decibels.values())
        rows.append(
            [
                change,
                f"{np.median(list(decibels.values())):.1f}",
                f"{decibels[worst]:.1f} ({worst})",
                f"{reach} of {len(decibels)}",
            ]
        )
    print_table(
        f"The same drawing by {name}, {len(by_drawing)} drawings",
        ["", "PSNR dB, median", "worst", f"at least {least:g} dB"],
        rows=rows,
    )
    return all(each >= least for row in by_drawing.values() for each in row.values())


if __name__ == "__main__":
    sys.exit(main())
