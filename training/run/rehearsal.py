"""Try one step, a checkpoint and an export before a training begins: --dry-run."""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf

from training.config import TrainConfig
from training.data.named import Credit
from training.errors import CheckpointError, Diverged
from training.picture.colorizer import colorize_pixels
from training.run.checkpoint import find_checkpoint, find_newest
from training.run.memory import peak_bytes, saying_what_needs_less
from training.run.recording import EpochRecord
from training.run.restoring import load_generator
from training.terminal.command import DONE
from training.terminal.steps import Step, run_apart

if TYPE_CHECKING:
    from training.data.pipeline import PicturePairs
    from training.trainers.builder import Trainer

EXPORTER = "conversion.to_tflite"  # run as a user runs it: training imports no conversion
GIB = 2**30
TIMED_STEPS = 4  # after the first, which compiles and fills what is shuffled; the median counts


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a rehearsed training needs."""

    parameters: dict[str, int]  # of each network, by its name
    losses: dict[str, float]  # of the one step that was tried
    memory_bytes: int  # the most that the process, or its GPU, held at a time
    checkpoint_bytes: int
    export_bytes: int
    step_seconds: float
    end_seconds: float  # of measuring and saving after an epoch
    steps_per_epoch: int
    epochs: int

    def lines(self) -> list[str]:
        """Return the findings as sentences, one a line."""
        networks = ", ".join(f"{name} {n:,}" for name, n in self.parameters.items())
        losses = ", ".join(f"{name} {value:.4g}" for name, value in self.losses.items())
        epoch = self.steps_per_epoch * self.step_seconds + self.end_seconds
        return [
            f"parameters: {networks}",
            f"one step on real pictures: {losses}",
            f"memory at most: {self.memory_bytes / GIB:.2f} GiB",
            f"one checkpoint: {self.checkpoint_bytes / 1e6:.1f} MB; it is read back unchanged",
            f"{EXPORTER}: {self.export_bytes / 1e6:.2f} MB",
            f"time, by {TIMED_STEPS} more steps, measuring and saving, here and now:",
            f"  an epoch of {self.steps_per_epoch:,} steps about {_spoken(epoch)}, "
            f"all {self.epochs:,} epochs {_spoken(epoch * self.epochs)}",
        ]


def rehearse(
    trainer: "Trainer",
    batches: tf.data.Dataset,
    validation: "PicturePairs",
    *,
    config: TrainConfig,
    data: Credit,
    steps_per_epoch: int,
) -> Rehearsal:
    """Take some steps, save, load, colour and export, all in a folder that is deleted again.

    The trainer has moved by these steps afterwards. Raises ConfigError where memory does not
    suffice; Diverged where a loss is not finite; CheckpointError where what was saved paints
    otherwise, or cannot be exported.
    """
    with saying_what_needs_less(config):
        watch = _StepWatch()
        steps = 1 + TIMED_STEPS
        trainer.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[watch])
    _require_finite(watch.losses)
    with tempfile.TemporaryDirectory(prefix="nurie-dry-run-") as name:
        run = Path(name) / "run"
        run.mkdir()
        record = EpochRecord(
            run, trainer, config=config, data=data, validation=validation, painter=trainer.deployed
        )
        for epoch in range(2):  # the first compiles
            began = time.monotonic()
            record.on_epoch_begin(epoch)
            record.on_epoch_end(epoch, watch.losses)
            end_seconds = time.monotonic() - began
        folder = find_newest(run).folder
        lineart = validation.lineart[:1, ..., 0]
        painted = colorize_pixels(trainer.deployed, lineart)
        again = colorize_pixels(load_generator(find_checkpoint(folder)), lineart)
        # One grey level is what another order of sums may bring about.
        if _levels_apart(painted, again) > 1:
            raise CheckpointError(f"{folder} paints otherwise than what was saved in it.")
        return Rehearsal(
            parameters={name: net.count_params() for name, net in trainer.networks().items()},
            losses=watch.losses,
            memory_bytes=_most_memory(),
            checkpoint_bytes=sum(file.stat().st_size for file in folder.iterdir()),
            export_bytes=_export(run, Path(name) / "model.tflite"),
            step_seconds=float(np.median(watch.seconds)),
            end_seconds=end_seconds,
            steps_per_epoch=steps_per_epoch,
            epochs=config.epochs,
        )


class _StepWatch(keras.callbacks.Callback):
    """Times each step but the first, until its losses are known."""

    def __init__(self) -> None:
        super().__init__()
        self.losses: dict[str, float] = {}  # of the first
        self.seconds: list[float] = []  # of each that follows
        self._before = 0.0

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        # Reading them waits for a GPU, which computes behind our back.
        losses = {name: float(value) for name, value in (logs or {}).items()}
        now = time.monotonic()
        if self.losses:
            self.seconds.append(now - self._before)
        else:
            self.losses = losses
        self._before = now


def _spoken(seconds: float) -> str:
    """Return a duration in two figures, in the unit that suits it."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds:.2g} s"


def _require_finite(losses: Mapping[str, float]) -> None:
    for name, value in losses.items():
        if not np.isfinite(value):
            raise Diverged(
                f"the loss {name!r} is {value} in the first step. Expected a finite number; try "
                "a lower --optimizer.learning-rate, or --precision float32."
            )


def _levels_apart(painted: np.ndarray, again: np.ndarray) -> int:
    return int(np.abs(painted.astype(int) - again).max())


def _most_memory() -> int:
    """Return the peak in bytes: of the GPU where there is one, else of this process."""
    if tf.config.list_logical_devices("GPU"):
        return int(tf.config.experimental.get_memory_info("GPU:0")["peak"])
    return peak_bytes()


def _export(run: Path, output: Path) -> int:
    told = output.with_suffix(".txt")
    status = run_apart(Step(EXPORTER, (str(run), "-o", str(output))), said=told)
    if status != DONE:
        last = (told.read_text(errors="replace").splitlines() or ["nothing"])[-1]
        raise CheckpointError(
            f"{EXPORTER} cannot export what this config trains: it ended with status "
            f"{status} and said: {last}. Expected 0."
        )
    return output.stat().st_size
