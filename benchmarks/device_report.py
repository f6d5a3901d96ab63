"""python -m benchmarks.device_report REPORT...

Check the reports that devices sent back, and print all faults of each with their paths in the JSON.
A report that is well formed but did not measure by the protocol is accepted, with a caution.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from benchmarks.devices.protocol import cautions
from benchmarks.devices.records import DeviceReport, read_device_report
from training.errors import DataError
from training.files.printable import printable, printable_lines
from training.terminal.command import DONE, REFUSED, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What device_report.py is told on the command line."""

    reports: tyro.conf.Positional[tuple[Path, ...]]  # JSON files, as the demo app shares them


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if not options.reports:
        raise DataError("expected the path of one report or more, received none.")
    usable = 0
    for path in options.reports:
        try:
            report = read_device_report(path)
        except DataError as error:
            print(f"error: {printable_lines(str(error))}", file=sys.stderr)
            continue
        usable += 1
        print(printable(f"{path}: {_summary(report)}"))
        for caution in cautions(report):
            print(printable(f"  caution: {caution}"))
    print(f"{usable} of {len(options.reports)} reports can be used")
    return DONE if usable == len(options.reports) else REFUSED


def _summary(report: DeviceReport) -> str:
    device, artifact = report.device, report.artifact
    samples = sum(run.n for run in report.runs)
    size = "" if artifact.width is None else f" {artifact.width} x {artifact.height}"
    return (
        f"{device.model} ({device.soc or 'chip unknown'}), {device.os}; {artifact.recipe} "
        f"{artifact.format}{size} {artifact.sha256[:12]}; runs {len(report.runs)}, "
        f"samples {samples}"
    )


if __name__ == "__main__":
    sys.exit(main())
