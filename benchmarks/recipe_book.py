"""python -m benchmarks.recipe_book RUN... [-o docs/recipes.md]

Export each run by every recipe in every format, compare each model with Keras, time it, and write
one page of tables. Each step has its own process: converting 54 M parameters to ONNX takes 14 GB.
Existing exports are kept, so that an interrupted command goes on; --fresh exports them again.
With --page-only nothing is measured: the page is written from earlier records.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.agreement.record import require_made_from
from benchmarks.pages.content import LATENCY_FILE, PARITY_FILE
from benchmarks.pages.recipes import UNTIMED, BookRun, page
from benchmarks.runtimes.exports import standing_exports
from conversion.coreai import api
from conversion.export.origins.find import find_origin
from conversion.export.plan import default_output
from conversion.manifest import read_manifest
from conversion.recipes import AUTO, FORMATS, Format, recipes_of
from training.errors import ConfigError
from training.files.atomic import require_absent, written_whole
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.steps import Step, run_apart, run_steps
from training.terminal.typed import install_command

# Palettes are expanded when a model is loaded here, so they take the time of fp16.
TIMED = ("fp32", "fp16", "int8", "w8a8", "w8a16")
ROUNDS = 5
AUTO_TARGET = "iOS18"
AUTO_OPTIONS = ("--min-psnr", "35", "--target", AUTO_TARGET)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What recipe_book.py is told on the command line."""

    runs: tyro.conf.Positional[tuple[Path, ...]]  # run folders whose data sets are in place
    # page
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])] = Path("docs/recipes.md")
    formats: tuple[Format, ...] = FORMATS  # export and compare these alone
    data: Path | None = None  # data folder; default: the one that each was trained on
    drawings: int | None = None  # compare only this many for each run; default: all
    page_only: bool = False  # measure nothing; write the page from the runs' records
    fresh: bool = False  # export again what was exported before, too
    overwrite: bool = False  # replace an existing page, and the records of the runs


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if not options.runs:
        raise ConfigError("expected one run or more, received none: name a folder of runs/.")
    require_absent(options.output, overwrite=options.overwrite)
    for run in options.runs:
        folder = _records(run)
        if not options.page_only:  # before hours of work, not after
            for record in (PARITY_FILE, LATENCY_FILE):
                require_absent(folder / record, overwrite=options.overwrite)
    worst = DONE
    for run in () if options.page_only else options.runs:
        status = run_steps(export_steps(run, options), run_apart)
        if status != DONE:
            return status
        # What is timed is known once it stands.
        status = run_steps(measure_steps(run, options), run_apart)
        if status not in (DONE, FAILED):
            return status
        worst = max(worst, status)  # a failed gate is a result, and stands on the page
    runs = [
        BookRun.read(run, parity=_records(run) / PARITY_FILE, latency=_records(run) / LATENCY_FILE)
        for run in options.runs
    ]
    with written_whole(options.output, overwrite=options.overwrite) as partial:
        partial.write_text(page(runs), encoding="utf-8")
    print(options.output)
    return worst


def export_steps(run: Path, options: Options) -> list[Step]:
    """Return the commands that export a run by every recipe in every format that is asked for.

    Unless all shall be fresh, what stands and was made from this checkpoint is left out; so is
    Core AI where its packages are not installed.
    Raises ArtifactError for what stands and was made from another.
    """
    origin = find_origin(run)
    more = (*_data(options), *(("--overwrite",) if options.fresh else ()))
    formats = [each for each in options.formats if each != "coreai" or api.installed()]
    wanted = [(format, recipe) for format in formats for recipe in recipes_of(format).values()]
    if "coreml" in formats:
        wanted.append(("coreml", AUTO))  # the search last: it takes longest
    steps = []
    for format, recipe in wanted:
        target = AUTO_TARGET if recipe is AUTO else None
        output = default_output(origin, format=format, recipe=recipe, target=target)
        if output.exists() and not options.fresh:
            require_made_from(origin, output)
            print(f"kept: {output}")
            continue
        searched = AUTO_OPTIONS if recipe is AUTO else ()
        arguments = (str(run), "--recipe", recipe.name, *searched, *more)
        steps.append(Step(f"conversion.to_{format}", arguments))
    return steps


def measure_steps(run: Path, options: Options) -> list[Step]:
    """Return the commands that compare and time the exports of a run."""
    again = ("--overwrite",) if options.overwrite else ()
    origin, folder = find_origin(run), _records(run)
    models = {path: read_manifest(path) for path in standing_exports(origin)}
    # Models of larger pictures have other bytes, times and drawings: no row for them.
    compared = {
        str(path): manifest
        for path, manifest in models.items()
        if origin.fitting_size() in manifest.sizes and manifest.format in options.formats
    }
    if not compared:
        raise ConfigError(
            f"formats: expected some of which a model stands in {origin.exports}, received "
            f"{', '.join(options.formats)}. Core AI needs {install_command('coreai')}."
        )
    timed = [
        path
        for path, manifest in compared.items()
        if manifest.recipe in TIMED and manifest.format not in UNTIMED
    ]
    few = () if options.drawings is None else ("--drawings", str(options.drawings))
    record = ("--json", str(folder / PARITY_FILE))
    steps = [
        Step("benchmarks.parity", (str(run), *compared, *_data(options), *few, *record, *again))
    ]
    if timed:
        # All processes are alive at once, and the page shows one thread: the rest stays away.
        timing = ("--one-thread", "--rounds", str(ROUNDS), "--save", str(folder / LATENCY_FILE))
        steps.append(Step("benchmarks.latency", (*timed, *timing, *again)))
    return steps


def _records(run: Path) -> Path:
    """Return the folder of what is measured of a run: that of the run, where its exports are."""
    return find_checkpoint(run).exports.parent


def _data(options: Options) -> tuple[str, ...]:
    return () if options.data is None else ("--data", str(options.data))


if __name__ == "__main__":
    sys.exit(main())
