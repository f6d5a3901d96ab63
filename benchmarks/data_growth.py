"""python -m benchmarks.data_growth -o docs/pictures/data-growth.png

Prepare crowds of 1,000, 10,000 and 100,000 generated portraits, and draw pictures a second of
processor time and memory against their number; then a few by one process, by two, and by a Dask
cluster that is named. --kind drawn draws each picture; stand-ins cost all but the drawing, and so
show whether what is done for each picture grows with those before it. The largest crowd is killed
on the way as well: its set must be the same, byte by byte. Ends with status 1 where the rate falls
below 0.9 of that at the start, or a byte differs.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.growth.chart import write_growth
from benchmarks.growth.crowd import Sample, crowd
from benchmarks.growth.runs import (
    Crowd,
    Kind,
    prepared,
    prepared_in_pieces,
    seconds_before_the_first_batch,
)
from training.data.preparing.preparation import prepare_candidate
from training.data.sources.candidate import DrawOptions
from training.errors import ConfigError
from training.files.atomic import require_absent, written_whole
from training.settings.checks import as_typed
from training.terminal.command import DONE, FAILED, run_command

LEAST_RATE = 0.9  # at the end, of that at the start
EDGE = 4  # parts of a run that are its start, and its end
DRAWN_BEFORE, DRAWN = 20, 40  # portraits: 20 are of all styles, in their shares


@dataclass(frozen=True, kw_only=True)
class Options:
    """What data_growth.py is told on the command line."""

    numbers: tuple[int, ...] = (1_000, 10_000, 100_000)  # of portraits, ascending
    kind: Kind = "stand-ins"  # of their pictures
    size: int = 64  # pixels
    kills: int = 10  # of the largest crowd
    drawn: int = 1000  # portraits that are drawn by each number of workers; 0: none
    drawn_size: int = 128  # pixels of these
    cluster: str | None = None  # address of a Dask scheduler that draws them, too
    # PNG of rates and memory against the number
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o", "--out"])] = None
    overwrite: bool = False  # replace it

    def __post_init__(self) -> None:
        if not self.numbers or min(self.numbers) < 40 or sorted(self.numbers) != [*self.numbers]:
            raise ConfigError(
                f"numbers: expected some, ascending, from 40 on, received {as_typed(self.numbers)}."
            )
        if min(self.kills, self.drawn) < 0:
            raise ConfigError("kills and drawn: expected 0 or more.")


def rate_at_the_end(samples: Sequence[Sample], *, drawing_s: float = 0.0) -> float:
    """Return pictures a second of processor time at the end of a run, over those at its start.

    drawing_s: of a picture, where stand-ins were prepared, which are not drawn.
    """
    # Its first sample lies before the first picture, and has the cost of beginning behind it.
    drawn = drawing_s * (samples[EDGE + 1].pictures - samples[1].pictures)
    start = _cpu_s(samples[EDGE + 1]) - _cpu_s(samples[1])
    end = _cpu_s(samples[-1]) - _cpu_s(samples[-1 - EDGE])
    return (start + drawn) / (end + drawn)


def drawing_cpu_s(size: int) -> float:
    """Return the processor time of drawing a portrait, the mean of some of each style."""
    portraits = list(crowd(DRAWN_BEFORE + DRAWN, validation_share=0.1))
    draw = DrawOptions(size=(size, size), variants=1, seed=0)
    for portrait in portraits[:DRAWN_BEFORE]:
        prepare_candidate(portrait, draw)
    begun = time.process_time()
    for portrait in portraits[DRAWN_BEFORE:]:
        prepare_candidate(portrait, draw)
    return (time.process_time() - begun) / DRAWN


def cpu_ms_a_picture(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return processor milliseconds a picture: of the process itself, and of its workers."""
    first, last = samples[1], samples[-1]
    pictures = last.pictures - first.pictures
    own = last.own_cpu_s - first.own_cpu_s
    return 1e3 * own / pictures, 1e3 * (last.workers_cpu_s - first.workers_cpu_s) / pictures


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if options.output is not None:
        require_absent(options.output, overwrite=options.overwrite)
    failed = False
    with tempfile.TemporaryDirectory(prefix="nurie-growth-") as name:
        work, runs = Path(name), {}
        drawing_s = drawing_cpu_s(options.size) if options.kind == "stand-ins" else 0.0
        for number in options.numbers:
            told = Crowd(kind=options.kind, number=number, size=options.size, workers=0)
            runs[number] = prepared(told, work / str(number))
            failed |= _tell(runs[number], number, work / str(number) / "data", drawing_s=drawing_s)
        if options.kills:
            failed |= _tell_kills(told, work / str(number) / "data", work, kills=options.kills)
        if options.drawn:
            _tell_workers(options, work)
    if options.output is not None:
        with written_whole(options.output, overwrite=options.overwrite) as partial:
            write_growth(runs, partial)
        print(options.output)
    return FAILED if failed else DONE


def _tell(samples: Sequence[Sample], number: int, data: Path, *, drawing_s: float) -> bool:
    """Print what a run cost; returns whether its rate fell."""
    own, _ = cpu_ms_a_picture(samples)
    rate = rate_at_the_end(samples, drawing_s=drawing_s)
    first, second = seconds_before_the_first_batch(data)
    print(
        f"{number}: {own:.2f} ms of processor a picture, {number / samples[-1].seconds:.0f} "
        f"pictures/s by the clock; rate at the end {rate_at_the_end(samples):.2f} of that at the "
        f"start, {rate:.2f} with {1e3 * drawing_s:.2f} ms for drawing; "
        f"{samples[-1].own_mb:.0f} MB, {samples[1].now_mb:.0f} of them at the start; first batch "
        f"after {first:.1f} s, of the second epoch {second:.2f} s",
        flush=True,
    )
    return rate < LEAST_RATE


def _tell_kills(told: Crowd, whole: Path, work: Path, *, kills: int) -> bool:
    """Prepare the crowd again, killed on the way; returns whether a byte differs."""
    killed = prepared_in_pieces(told, work / "killed", kills=kills)
    files, again = _files(whole), _files(work / "killed" / "data")
    differing = sorted(n for n in files.keys() | again.keys() if files.get(n) != again.get(n))
    print(f"killed {killed} times: {len(differing)} of {len(files)} files differ", flush=True)
    return bool(differing)


def _tell_workers(options: Options, work: Path) -> None:
    """Print what drawing costs in one process, in one and two beside it, and on the cluster."""
    ways: dict[str, tuple[int | None, str | None]] = {
        "in one process": (0, None),
        "by a pool of 1": (1, None),
        "by a pool of 2": (2, None),
    }
    if options.cluster:
        ways["by the cluster"] = (None, options.cluster)
    for way, (workers, cluster) in ways.items():
        told = Crowd(
            kind="drawn",
            number=options.drawn,
            size=options.drawn_size,
            workers=workers,
            cluster=cluster,
        )
        samples = prepared(told, work / way.replace(" ", "-"))
        own, of_workers = cpu_ms_a_picture(samples)
        pictures = samples[-1].pictures - samples[1].pictures
        rate = pictures / (samples[-1].seconds - samples[1].seconds)
        print(
            f"drawn {way}: {rate:.1f} pictures/s by the clock; of processor, {own:.2f} ms a "
            f"picture its own and {of_workers:.2f} its workers'; {samples[-1].own_mb:.0f} MB",
            flush=True,
        )


def _cpu_s(sample: Sample) -> float:
    return sample.own_cpu_s + sample.workers_cpu_s


def _files(data: Path) -> dict[str, str]:
    from training.files.hashes import file_sha256

    return {path.name: file_sha256(path) for path in data.iterdir()}


if __name__ == "__main__":
    sys.exit(main())
