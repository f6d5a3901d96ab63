"""python -m benchmarks.experiment --out runs/experiment

The experiment of 2017 on equal terms: what L1, GAN, WGAN-GP and SELU each do to colouring. Trains
every preset with the same number of generator updates and several seeds, the failures of 2017 with
one repair after the other, two nets at several rates, and what works once more for longer. Repeated
after an interruption, it goes on; OUT/experiment.html shows what there is.
"""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.study.groups import Extent, Groups, read_groups, waves
from benchmarks.study.measure import measure_cells
from benchmarks.study.plan import Budget, Cell
from benchmarks.study.runs import is_over, read_status, require_own, run_cells
from training import prepare
from training.errors import ConfigError, DataError
from training.files.atomic import require_own_folder
from training.settings.sizes import height_width, square_side
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.typed import python_command, typed_command

KIND, SIZE = "openmoji", 64  # pixels, where the data are made here
LARGER = 2  # times the size: where the best presets are trained once more


@dataclass(frozen=True, kw_only=True)
class Options:
    """What experiment.py is told on the command line."""

    # receives a folder for each training, and the page
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/experiment")
    data: Path = Path(f"data/{KIND}-{SIZE}")  # data folder; this one is prepared if it is missing
    large_data: Path | None = None  # at twice the size; default: beside data, if that is OpenMoji
    jobs: int = 2  # trainings at a time, each on one thread
    steps: int = Budget.steps  # updates of every generator, as near as whole epochs allow
    batch_size: int = Budget.batch_size  # drawings of a step; a critic's steps have their own
    width: int = Budget.width  # of all networks
    seeds: int = Extent.seeds  # of presets and rates
    repair_seeds: int = Extent.repair_seeds  # of the repairs
    longer: int = Extent.longer  # times the steps, for one more training of each preset; 1: none
    kid: bool = False  # kernel inception distance too; needs the extra [kid]
    page_only: bool = False  # train nothing: measure what is complete, and write the page
    docs: Path | None = None  # this folder receives experiment-tables.md too, and pictures/

    def __post_init__(self) -> None:
        for name in ("jobs", "seeds", "repair_seeds", "longer"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name}: expected at least 1, received {getattr(self, name)}.")
        if self.docs is not None and not self.docs.is_dir():
            raise ConfigError(f"docs: expected a folder that exists, received {str(self.docs)!r}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("benchmarks.experiment", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    require_own_folder(options.out, "*.seed[0-9]*")
    if not options.page_only:
        if options.data == Options.data:
            status = _prepare(options.data, size=SIZE)
            if status != DONE:
                return status
        status = _train(options)
        if status != DONE:
            return status
    groups = _measured_groups(options)

    from benchmarks.study.page import Place, paint, write_docs, write_page

    place = Place(
        out=options.out,
        data=options.data,
        large_data=_large_data(options),
        command=command.replace(" --page-only", ""),  # what makes the numbers, not only the page
    )
    painted = paint(groups, place)
    page = write_page(groups, place, painted)
    if options.docs is not None:
        print(write_docs(groups, place, painted, options.docs))
    print(page)
    failed = [
        f"{row.row.name}.seed{seed}: {status.said}"
        for row in groups.all_rows()
        for seed, status in row.statuses.items()
        if status.outcome == "failed"
    ]
    for line in failed:
        print(f"failed: {line}", file=sys.stderr)
    return FAILED if failed else DONE


def _train(options: Options) -> int:
    """Train wave after wave, each cell once at most, measuring after each. Returns a status."""
    tried: set[str] = set()

    def untried(wave: list[Cell]) -> list[Cell]:
        return [
            cell
            for cell in wave
            if cell.name not in tried and not is_over(read_status(options.out / cell.name))
        ]

    while True:
        groups = _measured_groups(options)
        large_data = _large_data(options)
        decided = all(row.is_over for row in groups.presets.values())
        if large_data is not None and options.large_data is None and decided:
            status = _prepare(large_data, size=SIZE * LARGER)
            if status != DONE:
                return status
            groups = _groups(options)
        left = next((wave for wave in map(untried, waves(groups)) if wave), [])
        if not left:
            return DONE
        large = left[0].config.size != groups.budget.size
        data = large_data if large and large_data else options.data
        run_cells(left, options.out, data=data, jobs=options.jobs)
        tried |= {cell.name for cell in left}


def _measured_groups(options: Options) -> Groups:
    """Measure what is complete, and read all there is."""
    for cells, data in _by_data(_groups(options), options):
        require_own(cells, options.out, data=data)
        measure_cells([cell.name for cell in cells], options.out, data=data, kid=options.kid)
    return _groups(options)


def _groups(options: Options) -> Groups:
    budget, large_data = _budget(options, options.data), _large_data(options)
    large_budget = None
    if large_data is not None and large_data.exists():
        large_budget = _budget(options, large_data)
        if large_budget.size <= budget.size:
            raise DataError(
                f"{large_data}: expected pictures larger than the {budget.size} pixels of "
                f"{options.data}, received {large_budget.size}. Prepare them with a larger --size."
            )
    return read_groups(
        budget,
        large_budget,
        options.out,
        extent=Extent(
            seeds=options.seeds, repair_seeds=options.repair_seeds, longer=options.longer
        ),
    )


def _by_data(groups: Groups, options: Options) -> list[tuple[list[Cell], Path]]:
    """Return all cells beside the data set of their size."""
    cells = [cell for row in groups.all_rows() for cell in row.row.cells]
    small = [cell for cell in cells if cell.config.size == groups.budget.size]
    large = [cell for cell in cells if cell.config.size != groups.budget.size]
    large_data = _large_data(options)
    return [(small, options.data), *([(large, large_data)] if large and large_data else [])]


def _budget(options: Options, data: Path) -> Budget:
    from training.data.shards import read_manifest

    manifest = read_manifest(data)
    return Budget(
        steps=options.steps,
        batch_size=options.batch_size,
        width=options.width,
        size=square_side(height_width(manifest.size)),
        pairs=manifest.count("train"),
    )


def _large_data(options: Options) -> Path | None:
    """Return where the larger drawings are or will be; None where nobody can make them here."""
    if options.large_data is not None:
        return options.large_data
    from training.data.shards import read_manifest

    manifest = read_manifest(options.data)
    if (manifest.kind, manifest.size) != (KIND, SIZE):
        return None
    return options.data.parent / f"{KIND}-{SIZE * LARGER}"


def _prepare(data: Path, *, size: int) -> int:
    """Prepare OpenMoji where there is nothing yet; returns the exit status."""
    if data.exists():
        return DONE
    words = (KIND, "--out", str(data), "--size", str(size))
    print(f"$ {python_command('training.prepare', *words)}", flush=True)
    return prepare.main(words)


if __name__ == "__main__":
    sys.exit(main())
