"""python -m benchmarks.recipe_book RUN... [-o docs/recipes.md]

Export each run by every recipe in every format, hold each model to Keras, time it, and write one
page of tables. With --page-only the records of an earlier time are laid out again.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks import latency, parity
from benchmarks.exports import standing_exports
from benchmarks.recipe_page import BookRun, page
from benchmarks.report_content import LATENCY_FILE, PARITY_FILE
from conversion import to_coreml, to_onnx, to_tflite
from conversion.manifest import read_manifest
from training.atomic import require_absent, written_whole
from training.checkpoint import find_checkpoint
from training.command import DONE, FAILED, run_command
from training.typed import python_command

# Palettes are expanded when a model is loaded here, so they take the time of fp16.
TIMED = ("fp32", "fp16", "int8", "w8a8", "w8a16")
ROUNDS = 5
COMMANDS: tuple[tuple[Callable[[Sequence[str]], int], tuple[str, ...]], ...] = (
    (to_coreml.main, ("--recipe", "all")),
    (to_coreml.main, ("--recipe", "auto", "--min-psnr", "35", "--target", "iOS18")),
    (to_tflite.main, ("--recipe", "all")),
    (to_onnx.main, ("--recipe", "all")),
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What recipe_book.py is told on the command line."""

    runs: tyro.conf.Positional[tuple[Path, ...]]  # run folders, each with its data set in place
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])] = Path("docs/recipes.md")
    page_only: bool = False  # measure nothing: lay the records of the runs out again
    overwrite: bool = False  # replace an existing page, and exports and records of the runs


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_absent(options.output, overwrite=options.overwrite)
    for run in options.runs:
        find_checkpoint(run)
    worst = DONE
    for run in () if options.page_only else options.runs:
        status = _measure(run, overwrite=options.overwrite)
        if status > FAILED:  # a failed gate is a result, and stands on the page
            return status
        worst = max(worst, status)
    runs = [
        BookRun.read(run, parity=run / PARITY_FILE, latency=run / LATENCY_FILE)
        for run in options.runs
    ]
    command = python_command("benchmarks.recipe_book", *options.runs, "--overwrite")
    with written_whole(options.output, overwrite=options.overwrite) as partial:
        partial.write_text(page(runs, command=command), encoding="utf-8")
    print(options.output)
    return worst


def _measure(run: Path, *, overwrite: bool) -> int:
    """Export, compare and time one run. Returns the worst exit status, or the first refusal."""
    again = ("--overwrite",) if overwrite else ()
    for command, arguments in COMMANDS:
        status = command((str(run), *arguments, *again))
        if status != DONE:
            return status
    worst = parity.main((str(run), "--json", str(run / PARITY_FILE), *again))
    if worst > FAILED:
        return worst
    timed = [
        str(artifact)
        for artifact in standing_exports(find_checkpoint(run))
        if read_manifest(artifact).recipe in TIMED
    ]
    record = ("--rounds", str(ROUNDS), "--save", str(run / LATENCY_FILE))
    return max(worst, latency.main((*timed, *record, *again)))


if __name__ == "__main__":
    sys.exit(main())
