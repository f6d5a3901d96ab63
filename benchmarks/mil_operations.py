"""python -m benchmarks.mil_operations [--sample 400 --seed 0]

Run the operation tests that the installed coremltools ships, with its predict replaced by ours,
and print for each MIL operation how many were executed and how many passed. Ends with status 1 if
fewer than 95 % pass. With --tests debugging, run those of its tools that find the operation that
fails (MLModelInspector, MLModelValidator, MLModelComparator). With --docs, write
docs/mil-operations.md instead: every operation and its state.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from benchmarks.mil.known_failures import explain
from benchmarks.mil.page import page
from benchmarks.mil.runs import run_tests, tally, tally_by_operation, to_json
from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.table import print_table

EXPECTED_SHARE = 0.95
DOCS = Path(__file__).resolve().parents[1] / "docs" / "mil-operations.md"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What mil_operations.py is told on the command line."""

    tests: Literal["operations", "debugging"] = "operations"  # which of coremltools'
    sample: int | None = None  # run this many tests, drawn at random; default: all, for hours
    seed: int = 0  # of the random draw of tests
    processes: int | None = None  # that run tests; default: one for each core
    precisions: Literal["fp16", "both"] = "fp16"  # fp16 as coremltools' default, or fp32 too
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # write the record here
    docs: bool = False  # write docs/mil-operations.md and run nothing
    overwrite: bool = False  # replace an existing record


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if options.docs:
        with written_whole(DOCS, overwrite=True) as partial:
            partial.write_text(page())
        print(DOCS)
        return DONE
    if options.json:
        require_absent(options.json, overwrite=options.overwrite)
    records = run_tests(
        sample=options.sample,
        seed=options.seed,
        processes=options.processes or os.cpu_count() or 1,
        precisions=options.precisions,
        tests=options.tests,
    )
    total = tally(records)
    print_table(
        f"{total.executed} tests of coremltools executed, {len(records)} drawn",
        ("operation", "executed", "passed", "failed"),
        rows=[
            (name, str(t.executed), str(t.passed), str(t.failed))
            for name, t in tally_by_operation(records).items()
        ],
        caption="A test counts for every operation of the programs that it runs.",
    )
    for record in records:
        if record.executed and record.outcome == "failed":
            print(f"failed: {record.id}\n    {explain(record)}")
    if options.json:
        with written_whole(options.json, overwrite=options.overwrite) as partial:
            partial.write_text(to_json(records))
        print(options.json)
    print(f"{total.passed} of {total.executed} executed tests passed: {total.share:.1%}")
    return DONE if total.share >= EXPECTED_SHARE else FAILED


if __name__ == "__main__":
    sys.exit(main())
