"""The tables of the experiment as text, the same for the web page and the Markdown page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.study.groups import Groups
from benchmarks.study.measure import Measured
from benchmarks.study.plan import RELU_NET, RELU_NO_DROPOUT, SELU_NET
from benchmarks.study.results import (
    RowResult,
    best_rate,
    difference,
    estimates,
    has_converged,
)
from training.metrics.coloring import Estimate
from training.metrics.coloring_table import NONE

# Number -> heading, decimals.
COLUMNS = {
    "psnr_db": ("PSNR dB", 2),
    "ssim": ("SSIM", 3),
    "ms_ssim": ("MS-SSIM", 3),
    "ciede2000": ("CIEDE2000", 2),
    "colorfulness": ("colour", 2),
    "bleeding": ("bleeding", 2),
}
SHORT = ("psnr_db", "ciede2000")
TableCell = tuple[str, str]  # a number, and its interval or what else stands in small letters


@dataclass(frozen=True, kw_only=True)
class Table:
    """Heads and rows of text."""

    heads: list[str]  # of the columns after the first
    rows: list[tuple[str, list[TableCell]]]  # name of the row, cells


def preset_table(groups: Groups) -> Table:
    """Lay out the presets and both baselines."""
    rows = [*groups.presets.values()]
    kid = any(m.kid is not None for row in rows for m in row.measured.values())
    heads = ["seeds", *(head for head, _ in COLUMNS.values()), *(["KID"] if kid else [])]
    return Table(
        heads=[*heads, "converged"],
        rows=[
            *(
                (
                    row.row.label,
                    [
                        _seeds(row),
                        *_numbers(row, COLUMNS),
                        *([_kid(row.measured.values())] if kid else []),
                        _verdict(row, groups.presets),
                    ],
                )
                for row in rows
            ),
            *_baseline_rows(groups.baselines, kid=kid),
        ],
    )


def large_table(groups: Groups) -> Table:
    """Lay out the best presets at the larger size."""
    return Table(
        heads=["seeds", *(head for head, _ in COLUMNS.values())],
        rows=[
            *((row.row.label, [_seeds(row), *_numbers(row, COLUMNS)]) for row in groups.large),
            *(
                (label, cells[:-1])
                for label, cells in _baseline_rows(groups.large_baselines, kid=False)
            ),
        ],
    )


def longer_table(groups: Groups) -> Table:
    """Lay out the longer trainings, each against the first seed of its preset, and the baselines.

    Converged: as near to the best of the longer references as the presets are to theirs.
    """
    names = (*SHORT, "colorfulness", "bleeding")
    longer = {row.row.label: row for row in groups.longer}
    rows = []
    for name, result in longer.items():
        psnr, ciede, *others = _numbers(result, names)
        short = groups.presets[name].first_seed()
        psnr_gain, ciede_gain = _changes(result, short)
        rows.append((name, [psnr, psnr_gain, ciede, ciede_gain, *others, _verdict(result, longer)]))
    for name, measured in groups.baselines.items():
        psnr, ciede, *others = _measured_numbers(measured, names)
        rows.append((name, [psnr, ("", ""), ciede, ("", ""), *others, ("", "")]))
    heads = [COLUMNS[name][0] for name in names]
    return Table(heads=[heads[0], "change", heads[1], "change", *heads[2:], "converged"], rows=rows)


def cost_table(rows: Sequence[RowResult]) -> Table:
    """Lay out what each row took, and what training recorded in its last epoch."""
    return Table(
        heads=[
            "generator steps",
            "pictures seen",
            "processor s",
            "L1",
            "generator gradient",
            "adversary gradient",
            "penalty",
        ],
        rows=[(row.row.label, _cost(row)) for row in rows],
    )


def rate_table(groups: Groups, net: str) -> Table:
    """Lay out one net at every rate; the best one is marked."""
    results = groups.rates[net]
    best = best_rate(results)
    return Table(
        heads=["seeds", *(COLUMNS[name][0] for name in SHORT), ""],
        rows=[
            (
                result.row.label,
                [
                    _seeds(result),
                    *_numbers(result, SHORT),
                    ("best" if rate == best else "", ""),
                ],
            )
            for rate, result in results.items()
        ],
    )


def selu_table(groups: Groups) -> Table:
    """Lay out SELU less ReLU with norm, each at its own best rate, as far as these are known."""
    selu = groups.rates[SELU_NET]
    rows = []
    for net in (RELU_NO_DROPOUT, RELU_NET):
        relu = groups.rates[net]
        first, second = best_rate(selu), best_rate(relu)
        if first is not None and second is not None:
            label = f"{selu[first].row.label} less {relu[second].row.label}"
            rows.append((label, _changes(selu[first], relu[second])))
    return Table(heads=[COLUMNS[name][0] for name in SHORT], rows=rows)


def repair_table(chain: Sequence[RowResult]) -> Table:
    """Lay out a failure of 2017 and each repair, with what the repair changed."""
    rows = []
    for n, result in enumerate(chain):
        psnr_gain, ciede_gain = _changes(result, chain[n - 1] if n else None)
        psnr, ciede = _numbers(result, SHORT)
        rows.append((result.row.label, [_seeds(result), psnr, psnr_gain, ciede, ciede_gain]))
    return Table(heads=["seeds", "PSNR dB", "change", "CIEDE2000", "change"], rows=rows)


def attempt_table(rows: Sequence[RowResult], groups: Groups) -> Table:
    """Lay out what was tried to make a preset converge."""
    return Table(
        heads=["seeds", *(COLUMNS[name][0] for name in SHORT), "converged"],
        rows=[
            (
                row.row.label,
                [_seeds(row), *_numbers(row, SHORT), _verdict(row, groups.presets)],
            )
            for row in rows
        ],
    )


def _cell(estimate: Estimate | None, decimals: int, *, sign: str = "") -> TableCell:
    if estimate is None:
        return NONE, ""
    value, low, high = (
        f"{number:{sign}.{decimals}f}" for number in (estimate.value, estimate.low, estimate.high)
    )
    return value, f"{low} to {high}"


def _changes(result: RowResult, before: RowResult | None) -> list[TableCell]:
    """Return what changed in the short columns, paired over drawings; blank without a before."""
    return [
        _cell(difference(result, before, name) if before else None, COLUMNS[name][1], sign="+")
        for name in SHORT
    ]


def _numbers(result: RowResult, names: Iterable[str]) -> list[TableCell]:
    found = result.estimates()
    return [_cell(found.get(name), COLUMNS[name][1]) for name in names]


def _baseline_rows(
    baselines: Mapping[str, Measured], *, kid: bool
) -> list[tuple[str, list[TableCell]]]:
    rows = []
    for label, measured in baselines.items():
        cells = _measured_numbers(measured, COLUMNS)
        rows.append((label, [("", ""), *cells, *([_kid([measured])] if kid else []), ("", "")]))
    return rows


def _measured_numbers(measured: Measured, names: Iterable[str]) -> list[TableCell]:
    found = estimates({name: np.array([values]) for name, values in measured.numbers.items()})
    return [_cell(found[name], COLUMNS[name][1]) for name in names]


def _kid(measured: Iterable[Measured]) -> TableCell:
    values = [m.kid for m in measured if m.kid is not None]
    return (f"{np.mean(values):.4f}", "") if values else (NONE, "")


def _seeds(result: RowResult) -> TableCell:
    done, asked = len(result.measured), len(result.row.seeds)
    return f"{done}" if done == asked else f"{done} of {asked}", ""


def _verdict(result: RowResult, presets: Mapping[str, RowResult]) -> TableCell:
    if result.diverged:
        seed, status = min(result.diverged.items())
        return "no", f"diverged after step {status.step}, seed {seed}"
    verdict = has_converged(result, presets)
    return {None: (NONE, ""), True: ("yes", ""), False: ("no", "")}[verdict]


def _cost(result: RowResult) -> list[TableCell]:
    over = [result.statuses[seed] for seed in result.measured]
    lines = [result.metrics[seed][-1] for seed in result.measured if result.metrics[seed]]
    if not over or not lines:
        return [(NONE, "")] * 7
    steps = [status.step for status in over]
    seconds = float(np.mean([status.cpu_s for status in over]))
    counted = all(status.counted for status in over)
    return [
        (f"{np.mean(steps):.0f}", ""),
        (f"{np.mean(steps) * result.row.config.pairs_per_step:,.0f}", ""),
        (f"{seconds:.0f}" if counted else f"more than {seconds:.0f}", ""),
        *(
            _recorded(lines, names, decimals)
            for names, decimals in (
                (("l1",), 3),
                (("generator_gradient",), 2),
                (("discriminator_gradient", "critic_gradient"), 2),
                (("penalty",), 3),
            )
        ),
    ]


def _recorded(
    lines: Sequence[Mapping[str, float]], names: Sequence[str], decimals: int
) -> TableCell:
    values = [line[name] for line in lines for name in names if name in line]
    return (f"{np.mean(values):.{decimals}f}", "") if values else (NONE, "")
