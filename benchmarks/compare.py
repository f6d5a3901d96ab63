"""python -m benchmarks.compare REPORT... [--baseline FILE] [--tolerance 10%] [--plot chart.png]

Compare what devices measured: median and 90th percentile by device, recipe, compute units and mode,
the fastest first. Ends with status 1 where a golden drawing misses the gate of its model, or where
a median is slower than in the baseline by more than the tolerance, with 95 % confidence. Reports of
other input sizes, or of one device with other builds, are refused unless --across names that.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.devices.chart import draw_chart, require_chart
from benchmarks.devices.comparable import Across, require_comparable
from benchmarks.devices.comparison import Row, judge_reports, not_compared
from benchmarks.devices.protocol import cautions
from benchmarks.devices.records import Run, read_device_report
from benchmarks.statistics.ratio import parse_tolerance
from training.errors import DataError
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.table import print_table

COLUMNS = (
    "device",
    "model",
    "runtime",
    "mode",
    "p50 ms",
    "95 % interval",
    "p90 ms",
    "end to end",
    "MB",
    "ane/gpu/cpu",
    "thermal",
    "parity",
    "against baseline",
)
CAPTION = (
    "Measured by the devices. Interval: bootstrap of the median; it takes samples for independent, "
    "which those of a device that warms up are not quite. MB: at most, and what of it came with "
    "the model. ane/gpu/cpu: operations, and the share of the cost on the Neural Engine."
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What compare.py is told on the command line."""

    reports: tyro.conf.Positional[tuple[Path, ...]]  # JSON files, as the demo app shares them
    baseline: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # an earlier report
    tolerance: str = "10%"  # how much slower than the baseline a median may be
    across: tuple[Across, ...] = ()  # differences to compare across all the same
    plot: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # .png, .svg or .pdf
    overwrite: bool = False  # replace an existing plot


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if not options.reports:
        raise DataError("expected the path of one report or more, received none.")
    tolerance = parse_tolerance(options.tolerance)
    if options.plot:
        require_chart(options.plot, overwrite=options.overwrite)
    reports = {path: read_device_report(path) for path in options.reports}
    baseline = read_device_report(options.baseline) if options.baseline else None
    everything = reports | ({options.baseline: baseline} if options.baseline and baseline else {})
    require_comparable(everything, across=options.across)
    rows = judge_reports(reports, baseline=baseline, tolerance=tolerance)
    print_table("Reports of devices", COLUMNS, rows=[_row(row) for row in rows], caption=CAPTION)
    for path, report in everything.items():
        for caution in cautions(report):
            print(f"caution: {path}: {caution}")
    if baseline:
        for line in not_compared(rows, baseline):
            print(line)
    if options.plot:
        draw_chart(rows, options.plot, overwrite=options.overwrite)
        print(options.plot)
    passed = sum(row.passed for row in rows)
    print(f"{passed} of {len(rows)} runs pass")
    return DONE if passed == len(rows) else FAILED


def _row(row: Row) -> tuple[str, ...]:
    run, setting = row.run, row.setting
    low, high = row.p50_interval
    return (
        f"{setting.device} ({row.soc})" if row.soc else setting.device,
        f"{setting.recipe} {setting.format} {row.artifact_sha256[:8]}",
        f"{setting.runtime} {setting.compute_units}",
        setting.mode,
        f"{run.p50:.2f}",
        f"{low:.2f} to {high:.2f}",
        f"{run.p90:.2f}",
        "-" if run.e2e_p50_ms is None else f"{run.e2e_p50_ms:.2f}",
        _memory(run),
        _plan(run),
        " to ".join(dict.fromkeys([run.thermal[0], run.thermal[-1]])),
        row.gate.verdict,
        "-" if row.speed is None else row.speed.verdict,
    )


def _memory(run: Run) -> str:
    if run.peak_mem_mb is None:
        return "-"
    if run.baseline_mem_mb is None:
        return f"{run.peak_mem_mb:.0f}"
    return f"{run.peak_mem_mb:.0f} (+{run.peak_mem_mb - run.baseline_mem_mb:.0f})"


def _plan(run: Run) -> str:
    plan = run.plan
    if plan is None:
        return "-"
    counts = f"{plan.ane}/{plan.gpu}/{plan.cpu}"
    return counts if plan.cost is None else f"{counts}, {plan.cost.ane:.0%}"


if __name__ == "__main__":
    sys.exit(main())
