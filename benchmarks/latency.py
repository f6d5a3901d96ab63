"""python -m benchmarks.latency MODEL... [--save base.json] [--baseline base.json --tolerance 10%]

Time exported models in every runtime that runs here; a run folder stands for Keras and all of its
exports. Ends with status 1 where the median of a model is slower than in the baseline by more than
the tolerance, with 95 % confidence.
"""

import contextlib
import functools
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.drawing.pages import drawn_pages
from benchmarks.statistics.ratio import parse_tolerance
from benchmarks.timing.baseline import Comparison, compare, not_compared, require_same_machine
from benchmarks.timing.device_reports import (
    require_core_ml,
    require_reports_absent,
    write_device_reports,
)
from benchmarks.timing.machine import load_average, thermal_states, this_machine
from benchmarks.timing.process import Block, TimedProcess
from benchmarks.timing.record import LATENCIES, Latency, Timing, as_json, write_latency
from benchmarks.timing.subjects import Subject, subjects_of
from conversion.coreai import api
from conversion.export.origins.asked import NOTHING, Asked
from conversion.manifest import Manifest, tool_versions
from training.errors import ConfigError
from training.files.atomic import require_absent
from training.settings.sizes import Size, as_said, parse_size
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.progress import Progress
from training.terminal.table import print_table
from training.terminal.typed import typed_command

WARM_UP = 10  # predictions of each model before the first round
PREDICTIONS, END_TO_END = 5, 2  # timed in one round
# With coreai-core, where it is installed.
TOOLS = ("tensorflow", "keras", "coremltools", "ai-edge-litert", "onnxruntime", "numpy")
COLUMNS = (
    "model",
    "setting",
    "MB",
    "p50 ms",
    "95 % interval",
    "p90",
    "p99",
    "CPU ms",
    "CPU wait",
    "PNG to PNG",
    "load",
    "first",
    "peak MB",
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What latency.py is told on the command line."""

    # exported models; a run or a Keras generator of yours stands for Keras and all of its exports
    models: tyro.conf.Positional[tuple[Path, ...]] = ()
    own: Annotated[Asked, tyro.conf.arg(name="")] = NOTHING
    rounds: int = 20  # each lets every model predict five times in a row, models in random order
    seed: int = 0  # of the random order
    # of models that serve several: time this one, such as 512x384; default: each of them. Of a
    # generator of your own that takes any: its size
    size: str | None = None
    one_thread: bool = False  # time with one thread only, not also with one for each core
    json: bool = False  # print the record, with every sample, instead of the table
    save: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # write the record here
    # record to compare with, written by --save
    baseline: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    tolerance: str = "10%"  # how much slower than the baseline a median may be
    # write a device report for each model here; on a Mac only
    device_reports: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER")] = None
    overwrite: bool = False  # replace an existing record


def measure(
    models: Sequence[Path],
    *,
    rounds: int = 20,
    size: Size | None = None,
    seed: int = 0,
    one_thread: bool = False,
    own: Asked = NOTHING,
    command: str = "",
) -> Latency:
    """Time models, each in a process of its own, asked in turn.

    own, size: of a generator of the user's own. size: of models that serve several, too; default:
    each. one_thread: leave out the settings that use more. command: what was typed, for the record.
    Raises CheckpointError, ArtifactError, DataError, ConfigError, InvalidProgram, and TimingFailed
    where a process ends.
    """
    if rounds < 2:
        raise ConfigError(f"rounds: expected at least 2 for an interval, received {rounds}.")
    named = subjects_of(models, own, size=size)
    subjects = [s for s in named if not one_thread or s.threads in (None, 1)]
    kinds = {(subject.size, subject.takes_hints, subject.colors) for subject in subjects}
    pages = {kind: drawn_pages(kind[0], hints=kind[1], colors=kind[2]) for kind in kinds}
    before, thermal = load_average(), thermal_states()
    with contextlib.ExitStack() as stack, _progress(len(subjects) * (rounds + 1)) as progress:
        processes = []
        for subject in subjects:  # one by one: loading times mean something
            its_pages = pages[subject.size, subject.takes_hints, subject.colors]
            process = stack.enter_context(TimedProcess(subject, its_pages))
            process.warm_up(WARM_UP)
            processes.append(process)
            progress.advance(note=subject.path.name)
        blocks = time_in_turn(processes, rounds=rounds, seed=seed, after_each=progress.advance)
        timings = [_timing(process, blocks[n]) for n, process in enumerate(processes)]
    return Latency(
        command=command,
        machine=this_machine(),
        tools=tool_versions(*TOOLS, *(["coreai-core"] if api.installed() else [])),
        load_average=(before, load_average()),
        thermal=(*thermal, *thermal_states()),
        warm_up=WARM_UP,
        seed=seed,
        timings=tuple(timings),
    )


def time_in_turn(
    processes: Sequence[TimedProcess],
    *,
    rounds: int,
    seed: int,
    after_each: Callable[[], None] = lambda: None,
) -> list[list[Block]]:
    """Ask every process for one block per round, in an order shuffled anew for each round.

    Returns the blocks of each process, in the order of `processes`.
    """
    blocks: list[list[Block]] = [[] for _ in processes]
    shuffled = random.Random(seed)
    for _ in range(rounds):
        order = list(range(len(processes)))
        shuffled.shuffle(order)
        for n in order:
            blocks[n].append(processes[n].block(predictions=PREDICTIONS, end_to_end=END_TO_END))
            after_each()
    return blocks


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("benchmarks.latency", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    tolerance = parse_tolerance(options.tolerance)
    size = None if options.size is None else parse_size(options.size)
    if options.save:
        require_absent(options.save, overwrite=options.overwrite)
    if options.device_reports:
        require_core_ml()
        paths = [subject.path for subject in subjects_of(options.models, options.own, size=size)]
        require_reports_absent(paths, options.device_reports, overwrite=options.overwrite)
    before = LATENCIES.read(options.baseline) if options.baseline else None
    if before:
        require_same_machine(this_machine(), before)
    now = measure(
        options.models,
        rounds=options.rounds,
        size=size,
        seed=options.seed,
        one_thread=options.one_thread,
        own=options.own,
        command=command,
    )
    if options.save:  # before any comparison: hours of samples must not be lost to its refusal
        write_latency(now, options.save, overwrite=options.overwrite)
    reports = (
        write_device_reports(now, options.device_reports, overwrite=options.overwrite)
        if options.device_reports
        else []
    )
    comparisons = compare(now, before, tolerance=tolerance) if before else []
    if options.json:
        print(as_json(now), end="")
        for row in comparisons:  # stdout is for the record
            print(f"{Path(row.artifact).name}, {row.setting}: {row.verdict}", file=sys.stderr)
    else:
        _print_timings(now)
        if before:
            _print_comparisons(now, before, comparisons)
    for path in reports:
        print(path, file=sys.stderr if options.json else sys.stdout)
    if options.save and not options.json:
        print(options.save)
    return DONE if all(row.passed for row in comparisons) else FAILED


def _progress(total: int) -> Progress:
    return Progress("latency", total=total, unit="blocks")


def _timing(process: TimedProcess, blocks: Sequence[Block]) -> Timing:
    subject, start, memory = process.subject, process.start, process.memory()
    manifest = subject.model if isinstance(subject.model, Manifest) else None
    return Timing(
        artifact=str(subject.path),
        setting=subject.setting,
        format=manifest.format if manifest else "keras",
        recipe=manifest.recipe if manifest else "fp32",
        target=manifest.target if manifest else None,
        bytes=_bytes(subject),
        sha256=subject.model.sha256,
        size=as_said(subject.size),
        threads=subject.threads,
        compute_units=subject.compute_units,
        import_ms=start.import_ms,
        load_ms=start.load_ms,
        first_ms=start.first_ms,
        bare_mb=memory.bare_mb,
        peak_mb=memory.peak_mb,
        rounds_ms=tuple(block.predict_ms for block in blocks),
        cpu_ms=tuple(block.cpu_ms for block in blocks),
        waited_ms=tuple(block.waited_ms for block in blocks),
        end_to_end_ms=tuple(block.end_to_end_ms for block in blocks),
    )


def _bytes(subject: Subject) -> int:
    """Return the bytes of an artifact, or of the weights of a generator."""
    if isinstance(subject.model, Manifest):
        return subject.model.bytes
    return subject.model.weights_bytes


def _print_timings(latency: Latency) -> None:
    before, after = latency.load_average
    samples = len(latency.timings[0].samples_ms)
    print_table(
        f"{len(latency.timings)} models and settings, {latency.machine}",
        COLUMNS,
        rows=[_row(row) for row in latency.timings],
        caption=(
            f"{samples} predictions each, pixels to pixels, in "
            f"{len(latency.timings[0].rounds_ms)} shuffled rounds after {latency.warm_up} "
            f"warm-ups; load average {before:.1f} before, {after:.1f} after. CPU ms: processor "
            "time of all threads. CPU wait: time that threads were ready but had no core, as a "
            "share of the elapsed time, summed over threads. load, first: ms to load the model, "
            "and for its first prediction. peak MB: of the whole process, with Python and its "
            "libraries. Core AI interpreter: Apple's for Linux, no guide to a phone's times."
        ),
    )


def _row(row: Timing) -> tuple[str, ...]:
    summary = row.summary()
    return (
        Path(row.artifact).name,
        row.setting,
        f"{row.bytes / 1e6:.2f}",
        f"{summary['p50_ms']:.2f}",
        f"{summary['low_ms']:.2f} to {summary['high_ms']:.2f}",
        f"{summary['p90_ms']:.2f}",
        f"{summary['p99_ms']:.2f}",
        f"{summary['cpu_p50_ms']:.2f}",
        f"{summary['waited']:.0%}",
        f"{summary['end_to_end_p50_ms']:.2f}",
        f"{row.load_ms:.0f}",
        f"{row.first_ms:.1f}",
        f"{row.peak_mb:.0f}",
    )


def _print_comparisons(now: Latency, before: Latency, comparisons: Sequence[Comparison]) -> None:
    for sentence in not_compared(now, before):
        print(sentence, file=sys.stderr)
    print_table(
        "Against the baseline",
        ("model", "setting", "verdict"),
        rows=[(Path(row.artifact).name, row.setting, row.verdict) for row in comparisons],
    )
    slower = sum(not row.passed for row in comparisons)
    unjudged = sum(row.speed is None for row in comparisons)
    print(
        f"{slower} of {len(comparisons)} are slower than the baseline allows, "
        f"{unjudged} could not be judged"
    )


if __name__ == "__main__":
    sys.exit(main())
