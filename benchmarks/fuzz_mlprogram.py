"""python -m benchmarks.fuzz_mlprogram --count 10000

Damages small ML Programs at random, loads and runs each, and accepts only our own errors: no
crash of the process, no hang, no other exception, no file read outside the package.
"""

import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.mil.mutate import mutate
from benchmarks.mil.programs import Sample, write_samples
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.progress import Progress

# A load and a run of one sample take about 20 ms; a damaged loop may turn many times.
HANG_SECONDS = 60
# Packages of one process: starting one takes about a second.
CHUNK = 500
# What a worker may map: far more than any sample needs, far less than would trouble the machine.
WORKER_BYTES = 12 * 2**30


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of the command."""

    count: int = 10_000  # damaged packages to try
    seed: int = 0  # of the first package; each has the next one


def verdict(sample: Sample, folder: Path, *, seed: int) -> str:
    """Damage a sample in `folder`, load it and run it; returns what came of it.

    "ran", the name of one of our errors, or a text that begins with "BROKEN".
    """
    import numpy as np

    from conversion.errors import ConversionError
    from conversion.mlprogram.model import load

    copy = folder / "copy.mlpackage"
    mutate(sample.path, copy, seed=seed)
    with _Opened(copy) as opened:
        try:
            model = load(copy)
            state = model.make_state() if model.states else None
            with np.errstate(all="ignore"):
                model.predict(sample.inputs, state=state)
            result = "ran"
        except ConversionError as error:
            result = type(error).__name__
            if len(str(error)) < 20:
                result = f"BROKEN: the message of {type(error).__name__} is {error!s}"
        except Exception as error:  # what this command is looking for
            result = f"BROKEN: {type(error).__name__}: {error}"
    if opened.outside:
        result = f"BROKEN: it opened {sorted(opened.outside)}"
    return result


def fuzz(*, count: int, seed: int) -> Counter[str]:
    """Return how often each verdict came of `count` damaged packages, in a process of their own.

    What crashes or hangs that process is one more verdict, "BROKEN: ..." with its seed.
    """
    verdicts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        samples = write_samples(Path(folder))
        seeds = list(range(seed, seed + count))
        with Progress("fuzzing", total=count, unit="packages") as progress:
            for start in range(0, count, CHUNK):
                results = _isolated(samples, seeds[start : start + CHUNK])
                verdicts.update(results)
                progress.advance(len(results))
    return verdicts


def _isolated(samples: list[Sample], seeds: list[int]) -> list[str]:
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit_memory)
    try:
        return pool.submit(_verdicts, samples, seeds).result(timeout=HANG_SECONDS + len(seeds))
    except (BrokenProcessPool, TimeoutError) as error:
        if len(seeds) == 1:
            kind = "a hang" if isinstance(error, TimeoutError) else "a crash"
            return [f"BROKEN: {kind} (seed {seeds[0]})"]
    finally:
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=True, cancel_futures=True)
    half = len(seeds) // 2
    return _isolated(samples, seeds[:half]) + _isolated(samples, seeds[half:])


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, WORKER_BYTES))


def _verdicts(samples: list[Sample], seeds: list[int]) -> list[str]:
    results = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            result = verdict(samples[seed % len(samples)], Path(folder), seed=seed)
        results.append(f"{result} (seed {seed})" if result.startswith("BROKEN") else result)
    return results


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    verdicts = fuzz(count=options.count, seed=options.seed)
    for result, times in sorted(verdicts.items()):
        print(f"{times:7d}  {result}")
    broken = sum(times for result, times in verdicts.items() if result.startswith("BROKEN"))
    print(f"{options.count} packages, {broken} broken")
    return FAILED if broken else DONE


class _Opened:
    """Notices every file that Python opens outside of a folder and of Python's own."""

    _current: "_Opened | None" = None
    _hooked = False  # a hook cannot be taken away: there is one for all

    def __init__(self, folder: Path) -> None:
        self._allowed = (
            str(folder.resolve()),
            sys.prefix,
            sys.base_prefix,
            "/proc",
            "/sys",
            "/dev",
        )
        self.outside: set[str] = set()

    def __enter__(self) -> "_Opened":
        if not _Opened._hooked:
            sys.addaudithook(_Opened._notice)
            _Opened._hooked = True
        _Opened._current = self
        return self

    def __exit__(self, *_: object) -> None:
        _Opened._current = None

    @staticmethod
    def _notice(event: str, arguments: tuple[Any, ...]) -> None:
        current = _Opened._current
        if event != "open" or current is None or not isinstance(arguments[0], str):
            return
        resolved = os.path.realpath(arguments[0])
        if not resolved.startswith(current._allowed) and not resolved.endswith((".py", ".pyc")):
            current.outside.add(resolved)


if __name__ == "__main__":
    sys.exit(main())
