"""python -m benchmarks.domain_gap [--out runs/line-gap] [--docs docs]

How well a net that learned one kind of lines colours another kind: nets trained on each extractor
alone, on their mix and on drawn lines, with and without other pens, judged on the same held-out
drawings with extracted, drawn, wobbly, pencilled and scanned lines, and on portraits. Repeated
after an interruption, it goes on.
"""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.gap.nets import NETS, training_step
from benchmarks.tuning.spent import is_complete
from training.errors import CheckpointError, ConfigError
from training.files.atomic import require_own_folder
from training.terminal.command import DONE, run_command
from training.terminal.steps import run_apart, run_steps
from training.terminal.table import print_table
from training.terminal.typed import typed_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What domain_gap.py is told on the command line."""

    # receives lines/WAY, nets/NET and cells/NET.json
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/line-gap")
    size: int = 64  # pixels of the drawings
    epochs: int = 3  # of every net; with more than before, nets that stand are trained on
    drawings: int | None = None  # how many of OpenMoji's to try; default: all
    page_only: bool = False  # train nothing: measure the nets that are complete
    docs: Path | None = None  # this folder receives pictures/ and a page of all cells

    def __post_init__(self) -> None:
        for name, received in (("epochs", self.epochs), ("drawings", self.drawings)):
            if received is not None and received < 1:
                raise ConfigError(f"{name}: expected at least 1, received {received}.")
        if self.docs is not None and not (self.docs / "pictures").is_dir():
            raise ConfigError(
                f"docs: expected a folder that holds pictures/, received {str(self.docs)!r}."
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("benchmarks.domain_gap", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    lines, nets = options.out / "lines", options.out / "nets"
    require_own_folder(options.out, "lines")
    if not options.page_only:
        if not lines.exists():
            from benchmarks.gap.sets import write_sets

            write_sets(lines, size=options.size, drawings=options.drawings)
        left = [net for net in NETS if not is_complete(nets / net.folder, epochs=options.epochs)]
        steps = [
            training_step(net, data=lines / net.way, run=nets / net.folder, epochs=options.epochs)
            for net in left
        ]
        status = run_steps(steps, run_apart)
        if status != DONE:
            return status

    from benchmarks.gap.cells import measured_cells
    from benchmarks.gap.page import (
        CELLS_PAGE,
        HEAT_PNG,
        SHEET_PNG,
        write_cells_page,
        write_heat_map,
        write_sheet,
    )
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    runs = {net: nets / net.folder for net in NETS}
    complete = [net for net in NETS if is_complete(runs[net], epochs=options.epochs)]
    if not complete:
        raise CheckpointError(
            f"{nets}: no net has {options.epochs} epochs. Train without --page-only."
        )
    import_tensorflow_quietly()
    rows = {
        net: measured_cells(
            net, run=runs[net], lines=lines, record=options.out / "cells" / f"{net.folder}.json"
        )
        for net in complete
    }
    _print(rows)
    pictures = options.out if options.docs is None else options.docs / "pictures"
    write_heat_map(rows, pictures / HEAT_PNG)
    write_sheet(rows, runs, lines=lines, path=pictures / SHEET_PNG)
    page = (options.docs or options.out) / f"{CELLS_PAGE}.md"
    write_cells_page(rows, page, command=command.replace(" --page-only", ""))
    print(page)
    return DONE


def _print(rows) -> None:  # type: ignore[no-untyped-def]  # page.Rows, which imports NumPy
    from benchmarks.gap.ways import JUDGED

    print_table(
        "PSNR dB without a hint, mean over the held-out drawings",
        ["trained on", *JUDGED],
        rows=[
            [net.name, *(f"{row.cells[way].psnr_db.value:.2f}" for way in JUDGED)]
            for net, row in rows.items()
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
