"""python -m benchmarks.data_speed [--workers 2]

Measure at 64 pixels, in pairs of pictures a second: preparing OpenMoji, from SVG to shards, and
reading, from shards to augmented training batches. Ends with status 1 if preparing is slower
than 120 pairs/s.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.data.split import SPLITS
from training.errors import ConfigError
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

EXPECTED_PREPARED_PER_S = 120.0  # on 2 cores
SIZE = 64  # pixels


@dataclass(frozen=True, kw_only=True)
class Options:
    """What data_speed.py is told on the command line."""

    workers: int | None = None  # processes that prepare; default: one for each core
    batch_size: int = 16  # pairs in a batch that is read
    seconds: float = 5.0  # how long reading is timed, about

    def __post_init__(self) -> None:
        if self.batch_size < 1 or not self.seconds > 0:
            raise ConfigError(f"expected batch_size and seconds above 0, received {self}.")


@dataclass(frozen=True, kw_only=True)
class PreparingSpeed:
    """How long one whole run of training.prepare took, the writing of its shards included."""

    drawings: int  # rendered, five times each: line art in three widths, layer, picture
    pairs: int  # kept
    seconds: float

    @property
    def pairs_per_s(self) -> float:
        """Pairs kept per second; the drawings that the filters reject cost time and count not."""
        return self.pairs / self.seconds


def measure_preparing(data: Path, *, workers: int | None) -> PreparingSpeed:
    """Time the preparation of OpenMoji into the folder `data`."""
    from training.data.shards import read_manifest
    from training.data.sources.openmoji import openmoji_drawings
    from training.prepare import Options as PrepareOptions
    from training.prepare import prepare

    began = time.perf_counter()
    prepare(PrepareOptions(sources=("openmoji",), out=data, size=SIZE, workers=workers))
    seconds = time.perf_counter() - began
    manifest = read_manifest(data)
    return PreparingSpeed(
        drawings=len(openmoji_drawings()),
        pairs=sum(manifest.count(split) for split in SPLITS),
        seconds=seconds,
    )


def measure_reading(data: Path, *, batch_size: int, seconds: float) -> float:
    """Return augmented training pairs per second, after a warm-up of one epoch."""
    import_tensorflow_quietly()
    from training.data.pipeline import steps_per_epoch, training_batches
    from training.data.shards import read_manifest
    from training.settings.pictures import AugmentConfig

    batches = iter(training_batches(data, batch_size=batch_size, seed=0, augment=AugmentConfig()))
    for _ in range(steps_per_epoch(read_manifest(data), batch_size)):
        next(batches)
    pairs, began = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - began) < seconds:
        next(batches)
        pairs += batch_size
    return pairs / elapsed


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "openmoji"
        preparing = measure_preparing(data, workers=options.workers)
        reading = measure_reading(data, batch_size=options.batch_size, seconds=options.seconds)
    print(
        f"prepared: {preparing.drawings} drawings in {preparing.seconds:.1f} s, "
        f"{preparing.pairs} pairs kept at {SIZE} pixels"
    )
    print(f"OpenMoji to shards: {preparing.pairs_per_s:.0f} pairs/s")
    print(f"shards to batches of {options.batch_size}: {reading:.0f} pairs/s")
    if preparing.pairs_per_s < EXPECTED_PREPARED_PER_S:
        print(
            f"expected at least {EXPECTED_PREPARED_PER_S:.0f} pairs/s from OpenMoji to shards",
            file=sys.stderr,
        )
        return FAILED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
