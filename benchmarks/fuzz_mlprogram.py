"""python -m benchmarks.fuzz_mlprogram --count 20000

Reads, runs and converts hostile ML Programs: small ones damaged at random, and valid ones that ask
for too much. Only our own errors may come of it, in time and within the memory that was given: no
crash of the process, no hang, no other exception, no file read outside the package.
"""

import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.hostile.opened import Opened
from benchmarks.mil.feeding import fed
from benchmarks.mil.hostile import hostile
from benchmarks.mil.mutate import mutate
from benchmarks.mil.programs import Sample, write_samples
from training.run.memory import peak_bytes
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.progress import Progress

# What each program is given, and how much more than that its process may be seen to take: Python's
# own objects, ONNX Runtime's threads.
MEMORY_BYTES = 128 * 2**20
BESIDE_BYTES = 64 * 2**20
SECONDS = 1.5
# For reading, running, converting and listing one program, all together.
HANG_SECONDS = 10.0
# For a process to start, imports included.
START_SECONDS = 60.0
# What a worker may map, should all else fail: less than would trouble the machine.
WORKER_BYTES = 12 * 2**30


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of the command."""

    count: int = 20_000  # programs to try
    seed: int = 0  # of the first program; each has the next one


def verdict(sample: Sample, folder: Path, *, seed: int) -> str:
    """Damage a sample in `folder`, then read, run and convert it; returns what came of it.

    "ran", the name of one of our errors, or a text that begins with "BROKEN".
    """
    copy = folder / "copy.mlpackage"
    mutate(sample.path, copy, seed=seed)
    return _tried(copy, sample.inputs, seed=seed)


def hostile_verdict(folder: Path, *, seed: int) -> str:
    """Write a valid program with hostile values into `folder`, and try it likewise."""
    return _tried(hostile(seed).save(folder / "hostile.mlpackage"), None, seed=seed)


def _tried(path: Path, inputs: dict[str, Any] | None, *, seed: int) -> str:
    """inputs: what a run is given; None: what the program describes, as hostile as that allows."""
    import numpy as np

    from conversion.errors import ConversionError
    from conversion.mlprogram.listing import as_text, list_stages
    from conversion.mlprogram.model import Limits, load, to_onnx

    limits = Limits(memory_bytes=MEMORY_BYTES, seconds=SECONDS)

    def run() -> None:
        model = load(path, limits=limits)
        state = model.make_state() if model.states else None
        given = fed(model, seed=seed) if inputs is None else inputs
        with np.errstate(all="ignore"):
            model.predict(given, state=state)

    results = []
    with Opened(path) as opened:
        for step in (
            run,
            lambda: to_onnx(path, limits=limits).SerializeToString(),
            lambda: [as_text(each) for each in list_stages(path, limits=limits)],
        ):
            try:
                step()
                results.append("ran")
            except ConversionError as error:
                results.append(_name(error))
            except Exception as error:  # what this command is looking for
                results.append(f"BROKEN: {type(error).__name__}: {error}")
    if opened.outside:
        results.insert(0, f"BROKEN: it opened {sorted(opened.outside)}")
    return next((result for result in results if result.startswith("BROKEN")), results[0])


def _name(error: Exception) -> str:
    """Return the class of one of our errors, with the foreign one that it stands for."""
    if len(str(error)) < 20:
        return f"BROKEN: the message of {type(error).__name__} is {error!s}"
    cause: BaseException | None = error
    while cause is not None and "fails as no sound program does" in str(error):
        if type(cause).__module__ != type(error).__module__:
            return f"{type(error).__name__} in place of {type(cause).__name__}"
        cause = cause.__cause__
    return type(error).__name__


def fuzz(*, count: int, seed: int) -> Counter[str]:
    """Return how often each verdict came of `count` programs, in processes of their own.

    What crashes or hangs such a process is one more verdict, "BROKEN: ..." with its seed.
    """
    verdicts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        samples = write_samples(Path(folder))
        with Progress("fuzzing", total=count, unit="packages") as progress:
            for result in _isolated(samples, range(seed, seed + count)):
                verdicts[result] += 1
                progress.advance()
    return verdicts


def _isolated(samples: list[Sample], seeds: range) -> Iterator[str]:
    """Yield a verdict for each seed; a process that ends or hangs is replaced by the next one."""
    context = get_context("spawn")
    while seeds:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work_off, args=(theirs, samples, seeds), daemon=True)
        process.start()
        theirs.close()
        patience = START_SECONDS
        try:
            while seeds:
                if not ours.poll(patience):
                    yield f"BROKEN: a hang (seed {seeds[0]})"
                    break
                patience = HANG_SECONDS
                answer = ours.recv()
                if answer is not None:  # None: the process has started
                    yield answer
                    seeds = seeds[1:]
        except EOFError:
            process.join()
            yield f"BROKEN: a crash, status {process.exitcode} (seed {seeds[0]})"
        finally:
            process.kill()
            process.join()
            ours.close()
        seeds = seeds[1:]


def _work_off(connection: Connection, samples: list[Sample], seeds: range) -> None:
    import numpy  # noqa: F401 - before the memory is measured that programs take
    import onnxruntime  # noqa: F401

    from conversion.mlprogram.model import load

    load(samples[0].path).predict(samples[0].inputs)  # what is imported, and made once
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, WORKER_BYTES))
    connection.send(None)
    for seed in seeds:
        connection.send(_measured(samples, seed))


def _measured(samples: list[Sample], seed: int) -> str:
    """Return the verdict of one program, of its memory too."""
    before, began = _reset_peak(), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if seed % 2:
            result = hostile_verdict(folder, seed=seed)
        else:
            result = verdict(samples[seed // 2 % len(samples)], folder, seed=seed)
    taken, seconds = peak_bytes() - before, time.monotonic() - began
    if taken > MEMORY_BYTES + BESIDE_BYTES:
        result = f"BROKEN: {taken / 2**20:.0f} MiB where {MEMORY_BYTES / 2**20:.0f} were given"
    if seconds > HANG_SECONDS:
        result = f"BROKEN: {seconds:.0f} seconds"
    return f"{result} (seed {seed})" if result.startswith("BROKEN") else result


def _reset_peak() -> int:
    """Forget the peak of this process's memory; returns what it holds now. Linux."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_bytes()


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


if __name__ == "__main__":
    sys.exit(main())
