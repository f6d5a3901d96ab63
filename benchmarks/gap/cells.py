"""Measure each net on each way of drawing: the cells of the matrix, as a record a net."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.gap.nets import GapNet
from benchmarks.gap.ways import JUDGED
from training.errors import DataError
from training.files.record_format import RecordFormat
from training.metrics.coloring import Estimate, mean_estimate
from training.run.checkpoint import find_newest
from training.terminal.typed import python_command

DOTS = 4  # hints of each drawing in the third number, as in the validation of a training


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How well a net colours the held-out drawings with one kind of lines: means over drawings."""

    drawings: int
    psnr_db: Estimate
    ciede2000: Estimate
    hinted_psnr_db: Estimate  # with DOTS dots of the true colours
    command: str  # what prints the first two


@dataclass(frozen=True, kw_only=True)
class NetCells:
    """One row of the matrix."""

    checkpoint: str
    checkpoint_sha256: str
    epoch: int
    lines: dict[str, str]  # SHA-256 of the data set of each way
    cells: dict[str, Cell]  # by JUDGED

    def __post_init__(self) -> None:
        if set(self.cells) != set(JUDGED):
            raise DataError(f"cells: expected {', '.join(JUDGED)}, received {sorted(self.cells)}.")


NET_CELLS = RecordFormat(
    kind=NetCells,
    name="nurie-line-gap/1",
    what="a row of the matrix of lines",
    expected="what benchmarks.domain_gap writes",
    remedy="remove it, and it is measured again",
)


def measured_cells(net: GapNet, *, run: Path, lines: Path, record: Path) -> NetCells:
    """Measure a net, unless `record` holds that of this very checkpoint and these drawings.

    lines: the folder of benchmarks.gap.sets.write_sets. Raises CheckpointError, DataError.
    """
    from training.data.shards import read_manifest

    checkpoint = find_newest(run)
    hashes = {way: read_manifest(lines / way).sha256 for way in JUDGED}
    if record.exists():
        known = NET_CELLS.read(record)
        if (known.checkpoint_sha256, known.lines) == (checkpoint.sha256, hashes):
            return known
    from training.run.restoring import load_generator
    from training.terminal.progress import Progress

    generator = load_generator(checkpoint)
    cells = {}
    with Progress(f"judging {net.name}", total=len(JUDGED), unit="sets") as progress:
        for way in JUDGED:
            cells[way] = _cell(generator, folder=checkpoint.folder, data=lines / way)
            progress.advance(note=way)
    measured = NetCells(
        checkpoint=str(checkpoint.folder),
        checkpoint_sha256=checkpoint.sha256,
        epoch=checkpoint.epoch,
        lines=hashes,
        cells=cells,
    )
    NET_CELLS.write(measured, record, overwrite=True)
    return measured


def _cell(generator, *, folder: Path, data: Path) -> Cell:  # type: ignore[no-untyped-def]  # Keras's
    from training.data.pipeline import load_split
    from training.metrics.full_reference import ciede2000, psnr_db
    from training.metrics.hints.judging import dot_pictures
    from training.picture.colorizer import colorize_pixels

    pairs = load_split(data, "validation")
    lineart, color = pairs.lineart[..., 0], pairs.color
    painted = colorize_pixels(generator, lineart)
    dots = dot_pictures(lineart, color, count=DOTS, ids=pairs.ids)
    hinted = colorize_pixels(generator, lineart, dots)

    def mean(numbers: Iterable[float]) -> Estimate:
        return mean_estimate(np.array(list(numbers)))

    every = range(len(pairs.ids))
    return Cell(
        drawings=len(pairs.ids),
        psnr_db=mean(psnr_db(color[n], painted[n]) for n in every),
        ciede2000=mean(float(ciede2000(color[n], painted[n]).mean()) for n in every),
        hinted_psnr_db=mean(psnr_db(color[n], hinted[n]) for n in every),
        command=python_command("training.evaluate", folder, "--data", data),
    )
