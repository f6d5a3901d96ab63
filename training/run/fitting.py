"""Put data, trainer and records together and let Keras fit them, from the start or a checkpoint."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.config import TrainConfig
from training.data.named import Credit
from training.data.pipeline import load_split, steps_per_epoch, training_batches
from training.data.shards import naming_damage
from training.data.split import warning_of_few
from training.distribution.strategy import (
    StrategyName,
    is_chief,
    losing_no_worker_silently,
    make_strategy,
    require_distributable,
)
from training.metrics.picture_statistics import measure_statistics
from training.models.standardize import UNCHANGED
from training.run.checkpoint import Checkpoint
from training.run.memory import saying_what_needs_less
from training.run.recording import BatchProgress, EpochRecord, where_to_look
from training.run.rehearsal import Rehearsal, rehearse
from training.run.restoring import load_generator, restore_trainer
from training.run.run_metrics import forget_after
from training.terminal.progress import Progress
from training.trainers.averaging import AverageWeights
from training.trainers.beginning import Taken, begin_with
from training.trainers.builder import build_generator, build_trainer, needs_statistics

if TYPE_CHECKING:
    import keras

    from training.data.shards import ShardManifest

VALIDATION_PICTURES = 256  # measured every epoch; training.evaluate measures all of them


@dataclass(frozen=True, kw_only=True)
class PreparedFit:
    """A training that is ready to begin or to go on."""

    fit: Callable[[Path], None]  # into a run folder, which the chief alone writes to
    rehearse: Callable[[], Rehearsal]  # one step, save, load, export, in a folder of its own
    taken: Taken | None  # what became of the weights to begin with; None: it did not begin with any


def prepare_fit(
    config: TrainConfig,
    data: Path,
    *,
    manifest: "ShardManifest",
    checkpoint: Checkpoint | None,
    init: Checkpoint | None = None,
    anew: Sequence[str] = (),
    strategy: StrategyName = "one",
) -> PreparedFit:
    """Build all that a training needs. Nothing is written before a function of it is called.

    checkpoint: to go on from. init: whose weights to begin with, where there is no checkpoint.
    anew: layers that begin at random all the same.

    Raises DataError, ConfigError.
    """
    devices = make_strategy(strategy)
    require_distributable(config, devices)
    if is_chief(strategy) and (few := warning_of_few(manifest.count("validation"))):
        print(few, file=sys.stderr)
    steps = steps_per_epoch(manifest, config.batch_size, batches=config.batches_per_step)
    measured = checkpoint is None and needs_statistics(config)
    statistics = measure_statistics(data) if measured else UNCHANGED
    with devices.scope():
        trainer = build_trainer(config, steps_per_epoch=steps, statistics=statistics)
        first_epoch, taken = 0, None
        if checkpoint is not None:
            restore_trainer(trainer, checkpoint)
            first_epoch = checkpoint.epoch
        elif init is not None:
            taken = begin_with(trainer, load_generator(init), anew=anew)
        callbacks: list[keras.callbacks.Callback] = []
        if trainer.average is not None:
            callbacks.append(
                AverageWeights(
                    trainer.average,
                    trainer.generator,
                    decay=config.ema,
                    optimizer=trainer.optimizer,
                )
            )
    batches = training_batches(
        data,
        batch_size=config.pairs_per_step,
        seed=config.seed,
        augment=config.augment,
        hints=config.hints if config.generator.hints else None,
        first_epoch=first_epoch,
    )
    validation = load_split(data, "validation", limit=VALIDATION_PICTURES)
    credit = Credit(source=manifest.source, licence=manifest.licence, credit=manifest.credit)
    if checkpoint is not None:
        credit = checkpoint.data
    elif init is not None:
        credit = credit.after(init.data)
    # Painting with a network that lives on several devices would ask all of them to join in.
    painter = build_generator(config) if devices.num_replicas_in_sync > 1 else trainer.deployed

    def fit(run: Path) -> None:
        images = steps * config.pairs_per_step
        progress = Progress(
            "training", total=config.epochs * images, unit="images", done=first_epoch * images
        )
        recording: list[keras.callbacks.Callback] = []
        if is_chief(strategy):
            forget_after(run, first_epoch)
            recording.append(
                EpochRecord(
                    run,
                    trainer,
                    config=config,
                    data=credit,
                    validation=validation,
                    painter=painter,
                    progress=progress,
                )
            )
            print(where_to_look(run), file=sys.stderr, flush=True)
        with (
            progress,
            naming_damage(data),
            saying_what_needs_less(config),
            losing_no_worker_silently(strategy),
        ):
            trainer.fit(
                batches,
                steps_per_epoch=steps,
                initial_epoch=first_epoch,
                epochs=config.epochs,
                callbacks=[
                    BatchProgress(progress, batch_size=config.pairs_per_step),
                    *callbacks,
                    *recording,
                ],
                shuffle=False,
                verbose=0,
            )

    return PreparedFit(
        fit=fit,
        rehearse=lambda: rehearse(
            trainer,
            batches,
            validation,
            config=config,
            data=credit,
            steps_per_epoch=steps,
        ),
        taken=taken,
    )
