"""python -m benchmarks.experiment --out runs/experiment

The experiment of 2017 on equal terms: what L1, GAN, WGAN-GP and SELU each do to colouring. Trains
every preset with the same number of generator updates and several seeds, the failures of 2017 with
one repair after the other, and two nets at several rates. Repeated after an interruption, it goes
on.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.experiment_plan import Budget, Cell, static_cells
from benchmarks.experiment_runs import run_cells
from training.command import DONE, run_command
from training.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Options:
    """What experiment.py is told on the command line."""

    out: Path = Path("runs/experiment")
    data: Path = Path("data/openmoji-64")  # data folder; prepared if it is not there
    jobs: int = 2  # trainings at a time, each on one thread
    steps: int = Budget.steps  # updates of every generator, as near as whole epochs allow
    batch_size: int = Budget.batch_size
    width: int = Budget.width  # of all networks
    seeds: int = 3  # of presets and rates
    repair_seeds: int = 1  # of the repairs

    def __post_init__(self) -> None:
        for name in ("jobs", "seeds", "repair_seeds"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name}: expected at least 1, received {getattr(self, name)}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.data.shards import read_manifest

    manifest = read_manifest(options.data)
    budget = Budget(
        steps=options.steps,
        batch_size=options.batch_size,
        width=options.width,
        size=manifest.size,
        pairs=manifest.count("train"),
    )
    cells: list[Cell] = static_cells(budget, seeds=options.seeds, repair_seeds=options.repair_seeds)
    run_cells(cells, options.out, data=options.data, jobs=options.jobs)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
