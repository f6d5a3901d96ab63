"""python -m benchmarks.coreai_operations [--sample 400] [-o docs/coreai-operations.md]

Run a sample of coremltools' operation tests here, make a Core AI asset of every program that they
predict with, run it in Apple's runtime, and write one page: the share of programs that agree, and
MIL operation -> ONNX -> Core AI. A sample of some size; the share is published, however it falls.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.mil.assets import AGREES
from benchmarks.mil.runs import TestRecord, run_tests, to_json
from conversion.coreai import api
from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, run_command

MOST_REASONS = 12  # of programs that do not go, on the page


@dataclass(frozen=True, kw_only=True)
class Options:
    """What coreai_operations.py is told on the command line."""

    sample: int = 400  # tests drawn at random; those that run no program count for nothing
    seed: int = 0  # of the draw
    processes: int | None = None  # that run tests; default: one for each core
    # page to write
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])] = Path(
        "docs/coreai-operations.md"
    )
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # file for the figures
    overwrite: bool = False  # replace an existing page and record


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    api.require_installed()
    for path in filter(None, (options.output, options.json)):
        require_absent(path, overwrite=options.overwrite)
    records = run_tests(
        sample=options.sample,
        seed=options.seed,
        processes=options.processes or os.cpu_count() or 1,
        precisions="fp16",
        coreai=True,
    )
    if options.json:
        with written_whole(options.json, overwrite=options.overwrite) as partial:
            partial.write_text(to_json(records))
    text = page(records, sample=options.sample, seed=options.seed)
    with written_whole(options.output, overwrite=options.overwrite) as partial:
        partial.write_text(text, encoding="utf-8")
    print(text.splitlines()[2])
    print(options.output)
    return DONE


def page(records: Sequence[TestRecord], *, sample: int, seed: int) -> str:
    """Return the page as Markdown. Imports coreai_onnx."""
    passed = [record for record in records if record.executed and record.outcome == "passed"]
    tried = [record for record in passed if record.assets]
    agreeing = [record for record in tried if set(record.assets) == {AGREES}]
    outcomes = Counter(_worst(record) for record in tried)
    share = len(agreeing) / len(tried) if tried else 0.0
    reasons = Counter(
        detail.splitlines()[0].rpartition(": ")[2][:90]
        for record in tried
        for outcome, detail in zip(record.assets, record.asset_details, strict=True)
        if outcome != AGREES and detail
    )
    typed = f"python -m benchmarks.coreai_operations --sample {sample} --seed {seed} --overwrite"
    lines = [
        "# MIL operations in Core AI",
        "",
        f"Of {len(tried)} tests of coremltools that pass in our runtime, {len(agreeing)} "
        f"({share:.0%}) have programs that become Core AI assets and agree.",
        "",
        f"Written by `{typed}`; do not edit.",
        "A program goes through ONNX; ONNX Runtime and Apple's Core AI runtime compute it from the",
        "test's own numbers, and agree at 60 dB or more, whole numbers exactly.",
        "",
        "| outcome | tests |",
        "|---|---|",
        *(f"| {outcome} | {count} |" for outcome, count in outcomes.most_common()),
        "",
        "## Why not",
        "",
        "| said | programs |",
        "|---|---|",
        *(f"| {_cell(said)} | {count} |" for said, count in reasons.most_common(MOST_REASONS)),
        "",
        "## MIL operation, ONNX, Core AI",
        "",
        "As these tests lowered them: another shape or parameter may need other ONNX operations.",
        "What stands in bold has no counterpart in Core AI.",
        "The third column: what every such program has in Core AI, after Apple's rewriting.",
        "",
        "| MIL | ONNX | Core AI | tests that agree |",
        "|---|---|---|---|",
        *_rows(tried),
        "",
    ]
    return "\n".join(lines)


def _rows(tried: Sequence[TestRecord]) -> list[str]:
    known = api.known_operations()
    lowered: Mapping[str, set[str]] = defaultdict(set)
    made: dict[str, set[str]] = {}
    agree, all_tests = Counter[str](), Counter[str]()
    for record in tried:
        for kind, names in record.lowered.items():
            lowered[kind].update(names)
            for operations in filter(None, record.made):
                made[kind] = made.get(kind, set(operations)) & set(operations)
            all_tests[kind] += 1
            agree[kind] += set(record.assets) == {AGREES}
    return [
        f"| `{kind}` | {', '.join(_named(name, known) for name in sorted(names))} "
        f"| {', '.join(sorted(made.get(kind, ())))} | {agree[kind]} of {all_tests[kind]} |"
        for kind, names in sorted(lowered.items())
    ]


def _named(operation: str, known: frozenset[str]) -> str:
    return operation if operation in known else f"**{operation}**"


def _worst(record: TestRecord) -> str:
    return next((outcome for outcome in record.assets if outcome != AGREES), AGREES)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("`", "'")


if __name__ == "__main__":
    sys.exit(main())
