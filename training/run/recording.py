"""What a run writes while it trains: progress, metrics, sample pictures, checkpoints."""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from training.config import TrainConfig
from training.data.named import Credit
from training.errors import Diverged
from training.files.atomic import written_whole
from training.metrics.full_reference import psnr_db
from training.metrics.hints.judging import dot_pictures
from training.picture.colorizer import colorize_pixels
from training.picture.grid import picture_grid
from training.picture.ports import takes_hints
from training.pixels import SCALE, on_paper
from training.run.checkpoint import save_checkpoint
from training.run.keeping import keep_newest_and_best
from training.run.run_metrics import add_metrics, has_stalled, read_metrics
from training.terminal.progress import Progress
from training.terminal.typed import command_line

if TYPE_CHECKING:
    from training.data.pipeline import PicturePairs
    from training.trainers.builder import Trainer

GRID_DRAWINGS = 8  # the fixed grid of validation pictures
VALIDATION_DOTS = 4  # hints of each validation picture, for a generator that takes any


class BatchProgress(keras.callbacks.Callback):
    """Shows images/s, the time left and the losses while batches go by."""

    def __init__(self, progress: Progress, *, batch_size: int) -> None:
        super().__init__()
        self.progress, self.batch_size = progress, batch_size
        self._compiled = False

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Name the epoch, which Keras counts from 0."""
        self.progress.stage = f"epoch {epoch + 1}/{self.params['epochs']}"

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Count one batch. Raises Diverged where a loss is not finite: no step brings it back."""
        losses = {name: float(value) for name, value in (logs or {}).items()}
        for name, value in losses.items():
            if not math.isfinite(value):
                raise Diverged(
                    f"the loss {name!r} is {value} in step {batch + 1} of its epoch. Every "
                    "checkpoint is from before that; begin a new run with a lower "
                    "--optimizer.learning-rate."
                )
        note = "  ".join(f"{name} {value:.4f}" for name, value in losses.items())
        self.progress.advance(self.batch_size, note=note)
        if not self._compiled:  # by the first step, which would make a short training seem long
            self._compiled = True
            self.progress.warmed_up()


class EpochRecord(keras.callbacks.Callback):
    """Writes a line of metrics, a grid of pictures and a checkpoint after every epoch.

    The checkpoint comes last: whatever a killed run wrote after its newest checkpoint belongs to
    an epoch that will be trained again, and `forget_after` takes its metrics back.
    painter: takes the weights of `trainer.deployed` and paints, on one device. progress: shows
    what was measured.
    """

    def __init__(
        self,
        run: Path,
        trainer: "Trainer",
        *,
        config: TrainConfig,
        data: Credit,
        validation: "PicturePairs",
        painter: keras.Model,
        progress: Progress | None = None,
    ) -> None:
        super().__init__()
        self.progress = progress
        self.run, self.trainer, self.config, self.data = run, trainer, config, data
        self.validation, self.painter = validation, painter
        lineart, color, ids = validation.lineart[..., 0], validation.color, validation.ids
        self._hints: np.ndarray | None = None
        if takes_hints(painter):
            self._hints = dot_pictures(lineart, color, count=VALIDATION_DOTS, ids=ids)
        self._board = tf.summary.create_file_writer(str(run / "tensorboard"))

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Start the clock of the epoch."""
        self._began, self._began_at = time.monotonic(), self._steps()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record epoch `epoch`, which Keras counts from 0 and a run from 1."""
        train_s = time.monotonic() - self._began
        step = self._steps()
        self.painter.set_weights(self.trainer.deployed.get_weights())
        painted = colorize_pixels(self.painter, self.validation.lineart[..., 0])
        pictures = {"painted": painted}
        losses = {name: float(value) for name, value in (logs or {}).items()}
        if self._hints is not None:
            hinted = colorize_pixels(self.painter, self.validation.lineart[..., 0], self._hints)
            losses["validation_hinted_psnr_db"] = _mean_psnr_db(self.validation.color, hinted)
            pictures |= {"hints": on_paper(self._hints), "hinted": hinted}
        metrics = {
            **losses,
            "validation_l1": _l1(self.validation.color, painted),
            "validation_psnr_db": _mean_psnr_db(self.validation.color, painted),
            "learning_rate": float(self.trainer.optimizer.learning_rate),
            "images_per_s": (step - self._began_at) * self.config.pairs_per_step / train_s,
        }
        grid = sample_grid(self.validation, pictures)
        _write_png(grid, self.run / "samples" / f"epoch-{epoch + 1:04d}.png")
        with self._board.as_default(step=epoch + 1):
            for name, value in metrics.items():
                tf.summary.scalar(name, value)
            tf.summary.image("validation", grid[np.newaxis])
            for name, network in self.trainer.networks().items():
                for weight in network.trainable_weights:
                    tf.summary.histogram(f"{name}/{weight.path}", weight.value)
            self._board.flush()
        add_metrics(self.run, {"epoch": epoch + 1, "step": step, **metrics})
        if self.progress:
            psnr_db = metrics["validation_psnr_db"]
            self.progress.end_stage(f"validation PSNR {psnr_db:.2f} dB")
        save_checkpoint(self.run, self.trainer, config=self.config, epoch=epoch + 1, data=self.data)
        keep_newest_and_best(self.run, config=self.config, epoch=epoch + 1)
        self.trainer.stop_training = has_stalled(read_metrics(self.run), config=self.config)

    def _steps(self) -> int:
        """Return the steps taken so far, however many devices count them."""
        return int(keras.ops.convert_to_numpy(self.trainer.optimizer.iterations))


def where_to_look(run: Path) -> str:
    """Say where the pictures and curves of a training appear while it runs."""
    watching = command_line("tensorboard", "--logdir", run)
    return f"{run / 'samples'}: pictures after each epoch; curves: {watching}"


def sample_grid(pairs: "PicturePairs", painted: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the first drawings as rows: line art, what the generator made of it, true colours.

    painted: (N, H, W, 3) uint8 each, in the order of the columns.
    """
    columns = {"lineart": np.repeat(pairs.lineart, 3, axis=-1), **painted, "color": pairs.color}
    return picture_grid({name: pictures[:GRID_DRAWINGS] for name, pictures in columns.items()})


def _l1(color: np.ndarray, painted: np.ndarray) -> float:
    """Mean absolute difference of two uint8 pictures, in the units of training: [-1, 1]."""
    return float(np.mean(np.abs(color.astype(np.float32) - painted)) * SCALE)


def _mean_psnr_db(color: np.ndarray, painted: np.ndarray) -> float:
    return float(np.mean([psnr_db(a, b) for a, b in zip(color, painted, strict=True)]))


def _write_png(picture: np.ndarray, path: Path) -> None:
    from PIL import Image

    with written_whole(path, overwrite=True) as partial:
        Image.fromarray(picture).save(partial)
