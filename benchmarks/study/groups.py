"""The groups of the experiment as far as they are measured, and what is to be trained next."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.study.measure import Measured, read_baselines
from benchmarks.study.plan import (
    SEARCHED,
    Budget,
    Cell,
    as_meant_row,
    attempt_rows,
    in_order,
    large_rows,
    longer_rows,
    preset_rows,
    repair_rows,
)
from benchmarks.study.results import (
    RowResult,
    best_presets,
    read_row,
    searched_rates,
    to_mend,
)


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How often each row is trained, and how long."""

    seeds: int = 3  # of presets and rates
    repair_seeds: int = 3
    longer: int = 4  # times as many steps in one more training of each preset; 1: there is none


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Every row of the experiment, measured or not."""

    budget: Budget
    large_budget: Budget | None  # None: there is no data set at that size yet
    presets: dict[str, RowResult]
    rates: dict[str, dict[float, RowResult]]  # net -> times its own rate
    repairs: dict[str, list[RowResult]]  # failure of 2017 -> as it was, and each repair
    as_meant: RowResult
    attempts: dict[str, list[RowResult]]  # repaired preset that did not converge -> what was tried
    large: list[RowResult]  # best first; empty before the presets are over
    longer: list[RowResult]  # in the order of the presets
    longer_steps: int  # updates of each of them, as near as whole epochs allow
    baselines: dict[str, Measured]
    large_baselines: dict[str, Measured]

    def all_rows(self) -> list[RowResult]:
        """Return every row once."""
        rows = [
            *self.presets.values(),
            *(row for chain in self.repairs.values() for row in chain),
            self.as_meant,
            *(row for rates in self.rates.values() for row in rates.values()),
            *(row for rows in self.attempts.values() for row in rows),
            *self.large,
            *self.longer,
        ]
        # The same row may be in two groups, with more seeds in one of them.
        most: dict[str, RowResult] = {}
        for row in rows:
            if row.row.name not in most or len(row.row.seeds) > len(most[row.row.name].row.seeds):
                most[row.row.name] = row
        return list(most.values())


def read_groups(
    budget: Budget, large_budget: Budget | None, out: Path, *, extent: Extent
) -> Groups:
    """Read what was measured in `out`. Raises ConfigError, DataError."""
    presets = {
        name: read_row(row, out) for name, row in preset_rows(budget, seeds=extent.seeds).items()
    }
    attempts = {
        name: [read_row(row, out) for row in attempt_rows(budget, name)]
        for name in to_mend(presets)
    }
    # Which are best may change with every seed, so these wait for the last one.
    decided = all(result.is_over for result in presets.values())
    large = large_rows(large_budget, best_presets(presets)) if large_budget and decided else []
    longer = longer_rows(budget, times=extent.longer) if extent.longer > 1 else []
    return Groups(
        budget=budget,
        large_budget=large_budget,
        presets=presets,
        rates={net: searched_rates(budget, net, out, seeds=extent.seeds) for net in SEARCHED},
        repairs={
            name: [read_row(row, out) for row in chain]
            for name, chain in repair_rows(budget, seeds=extent.repair_seeds).items()
        },
        as_meant=read_row(as_meant_row(budget), out),
        attempts=attempts,
        large=[read_row(row, out) for row in large],
        longer=[read_row(row, out) for row in longer],
        longer_steps=budget.steps * extent.longer,
        baselines=read_baselines(out, size=budget.size),
        large_baselines=read_baselines(out, size=large_budget.size) if large_budget else {},
    )


def waves(groups: Groups) -> Iterator[list[Cell]]:
    """Yield what to train, in the order in which it is worth most; large cells in waves of theirs.

    A wave may ask for others once it is measured, so read the groups again after each.
    """
    presets = [result.row for result in groups.presets.values()]
    rates = [result.row for net in groups.rates.values() for result in net.values()]
    repairs = [result.row for chain in groups.repairs.values() for result in chain]
    attempts = [result.row for rows in groups.attempts.values() for result in rows]
    yield in_order(
        (row.cells[0] for row in presets),
        (row.cells[0] for row in repairs),
        groups.as_meant.row.cells,
        (row.cells[0] for row in rates),
    )
    longest = max(len(row.seeds) for row in (*presets, *rates))
    yield in_order(
        (cell for row in attempts for cell in row.cells),
        (
            cell
            for seed in range(1, longest)
            for row in (*presets, *rates)
            for cell in row.cells[seed : seed + 1]
        ),
        (cell for row in repairs for cell in row.cells),
        (cell for row in rates for cell in row.cells),
    )
    yield in_order(cell for result in groups.large for cell in result.row.cells)
    # The longest first: begun last, one of them would train on alone.
    longer = sorted((row.row for row in groups.longer), key=lambda row: -row.config.epochs)
    yield in_order(cell for row in longer for cell in row.cells)
