"""A results folder of the experiment with made-up numbers: what trained cells leave, untrained."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from benchmarks.study.groups import Extent, Groups, read_groups, waves
from benchmarks.study.measure import (
    BASELINES,
    MEASURED_FILE,
    MEASUREMENTS,
    NUMBERS,
    Measured,
    baseline_folder,
)
from benchmarks.study.plan import Budget, Cell, in_order
from benchmarks.study.runs import RUN, STATUS_FILE, STATUSES, Status
from training.data.shards import read_manifest
from training.run.resuming import RUN_FILE, RUNS, describe_run
from training.run.run_metrics import add_metrics

BUDGET, EXTENT = Budget(), Extent(seeds=2, repair_seeds=1)
DRAWINGS = 5
IDS = tuple(f"drawing-{n}" for n in range(DRAWINGS))


def made_up(ciede2000: float, *, spread: float = 0.1) -> Measured:
    """Numbers of five drawings around a CIEDE2000; PSNR is 25 less it, so that the two agree."""
    offsets = spread * np.linspace(-1, 1, DRAWINGS)
    numbers = {name: np.full(DRAWINGS, 0.5) for name in NUMBERS}
    numbers |= {"ciede2000": ciede2000 + offsets, "psnr_db": 25 - ciede2000 - offsets}
    return Measured(ids=IDS, numbers={name: tuple(n.tolist()) for name, n in numbers.items()})


def write_status(out: Path, cell: Cell, status: Status) -> None:
    (out / cell.name / RUN).mkdir(parents=True, exist_ok=True)
    STATUSES.write(status, out / cell.name / STATUS_FILE, overwrite=True)


def write_cells(
    out: Path, cells: Iterable[Cell], *, ciede2000: Callable[[Cell], float], run: Path | None = None
) -> None:
    """Leave what complete cells leave. run: a run folder with a checkpoint, for each of them."""
    for cell in cells:
        status = Status(command="made up", outcome="complete", step=10, cpu_s=20.0)
        write_status(out, cell, status)
        lines = [
            {
                "epoch": epoch,
                "step": 5 * epoch,
                "l1": 0.2,
                "generator_gradient": 10.0 / epoch,
                "validation_l1": 0.3 / epoch,
                "validation_psnr_db": 10.0 + epoch,
                "learning_rate": 1e-3,
                "images_per_s": 100.0,
            }
            for epoch in (1, 2)
        ]
        for line in lines:
            add_metrics(out / cell.name / RUN, line)
        if run is not None:
            shutil.copytree(run / "checkpoints", out / cell.name / RUN / "checkpoints")
        record = made_up(ciede2000(cell))
        MEASUREMENTS.write(record, out / cell.name / MEASURED_FILE, overwrite=True)


def write_run_config(out: Path, cell: Cell, *, data: Path) -> None:
    """Leave config.json as training.train does when it begins a run."""
    (out / cell.name / RUN).mkdir(parents=True, exist_ok=True)
    description = describe_run(cell.config, data, manifest=read_manifest(data))
    RUNS.write(description, out / cell.name / RUN / RUN_FILE)


def write_baselines(out: Path, *, size: int) -> None:
    for label in BASELINES:
        write_measured_into(baseline_folder(out, label, size=size))


def write_measured_into(folder: Path) -> None:
    folder.mkdir(parents=True)
    MEASUREMENTS.write(made_up(9.0), folder / MEASURED_FILE)


def complete_groups(out: Path, numbers: dict[str, float]) -> Groups:
    """All cells with these means of CIEDE2000, by name of row or of its preset; 8 for others."""

    def number(cell: Cell) -> float:
        row = cell.name.rpartition(".")[0]
        return numbers.get(row, numbers.get(row.partition("+")[0], 8.0))

    while True:
        read = read_groups(BUDGET, None, out, extent=EXTENT)
        todo = [cell for cell in in_order(*waves(read)) if not (out / cell.name).exists()]
        if not todo:
            return read
        write_cells(out, todo, ciede2000=number)
