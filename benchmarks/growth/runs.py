"""Prepare a crowd in a process of its own, in peace or killed on the way, and measure its set."""

import json
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.growth.crowd import WORD, Sample
from training.errors import DataError
from training.terminal.apart import start_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

Kind = Literal["drawn", "stand-ins"]
COMMAND = "benchmarks.growth.crowd"
SAID_FILE = "said.txt"
PARTS = 20  # samples of a run
LOOK_EVERY_S = 0.2


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What is prepared, and how."""

    kind: Kind
    number: int
    size: int
    workers: int | None
    cluster: str | None = None

    def arguments(self, samples: Path, out: Path) -> list[str]:
        """Return what benchmarks.growth.crowd is told."""
        how = ["--cluster", self.cluster] if self.cluster else ["--workers", str(self.workers)]
        every = str(max(1, self.number // PARTS))
        told = [str(samples), self.kind, every, WORD, "--portraits", str(self.number)]
        return [*told, "--size", str(self.size), *how, "--out", str(out), "--resume"]


def prepared(crowd: Crowd, folder: Path) -> list[Sample]:
    """Prepare a crowd into folder/data; returns what was noted. Raises DataError."""
    process, samples = _started(crowd, folder)
    process.join()
    if process.exitcode != 0:
        said = folder / SAID_FILE
        raise DataError(f"{COMMAND} ended with {process.exitcode}: see {said}.")
    return [Sample(**json.loads(line)) for line in samples.read_text().splitlines()]


def prepared_in_pieces(crowd: Crowd, folder: Path, *, kills: int, seed: int = 0) -> int:
    """Prepare a crowd into folder/data, killed so often on the way; returns how often it was."""
    moments = np.random.default_rng(seed)
    for killed in range(kills):
        process, samples = _started(crowd, folder)
        left = moments.uniform(0, 2 * PARTS / (kills + 1))  # parts of the whole
        while process.is_alive() and _lines(samples) <= left:
            time.sleep(LOOK_EVERY_S)
        if not process.is_alive():
            return killed
        process.kill()
        process.join()
    prepared(crowd, folder)
    return kills


def seconds_before_the_first_batch(data: Path, *, batch_size: int = 16) -> tuple[float, float]:
    """Return what a training waits for its first batch, and for the first of its second epoch."""
    import_tensorflow_quietly()
    from training.data.pipeline import steps_per_epoch, training_batches
    from training.data.shards import read_manifest
    from training.settings.pictures import AugmentConfig

    begun = time.perf_counter()
    batches = iter(training_batches(data, batch_size=batch_size, seed=0, augment=AugmentConfig()))
    next(batches)
    first = time.perf_counter() - begun
    for _ in range(steps_per_epoch(read_manifest(data), batch_size) - 1):
        next(batches)
    begun = time.perf_counter()
    next(batches)
    return first, time.perf_counter() - begun


def _started(crowd: Crowd, folder: Path) -> tuple[BaseProcess, Path]:
    """Begin to prepare a crowd into folder/data, or go on; returns where its samples are noted."""
    folder.mkdir(parents=True, exist_ok=True)
    samples = folder / "samples.jsonl"
    samples.unlink(missing_ok=True)
    words = crowd.arguments(samples, folder / "data")
    return start_command(COMMAND, *words, said=folder / SAID_FILE), samples


def _lines(file: Path) -> int:
    return file.read_text().count("\n") if file.exists() else 0
