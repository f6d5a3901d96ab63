"""Put data, trainer and records together and let Keras fit them, from the start or a checkpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from training.averaging import AverageWeights
from training.checkpoint import Checkpoint, Credit, restore_trainer
from training.config import TrainConfig
from training.data.pipeline import load_split, steps_per_epoch, training_batches
from training.data.statistics import UNCHANGED, measure_statistics
from training.progress import Progress
from training.recording import BatchProgress, EpochRecord, forget_after
from training.trainer import build_trainer, needs_statistics

if TYPE_CHECKING:
    from training.data.shards import ShardManifest

VALIDATION_PICTURES = 256  # measured every epoch; training.evaluate measures all of them


def prepare_fit(
    config: TrainConfig,
    data: Path,
    *,
    manifest: "ShardManifest",
    checkpoint: Checkpoint | None,
) -> Callable[[Path], None]:
    """Build all that a training needs; return the function that trains into a run folder.

    Nothing is written before that function is called. Raises DataError, ConfigError.
    """
    steps = steps_per_epoch(manifest, config.batch_size, batches=config.batches_per_step)
    measured = checkpoint is None and needs_statistics(config)
    trainer = build_trainer(
        config,
        steps_per_epoch=steps,
        statistics=measure_statistics(data) if measured else UNCHANGED,
    )
    first_epoch = 0
    if checkpoint is not None:
        restore_trainer(trainer, checkpoint)
        first_epoch = checkpoint.epoch
    batches = training_batches(
        data,
        batch_size=config.pairs_per_step,
        seed=config.seed,
        augment=config.augment,
        first_epoch=first_epoch,
    )
    validation = load_split(data, "validation", limit=VALIDATION_PICTURES)
    credit = Credit(source=manifest.source, licence=manifest.licence, credit=manifest.credit)

    def fit(run: Path) -> None:
        forget_after(run, first_epoch)
        record = EpochRecord(run, trainer, config=config, data=credit, validation=validation)
        averaging = []
        if trainer.average is not None:
            averaging = [
                AverageWeights(
                    trainer.average,
                    trainer.generator,
                    decay=config.ema,
                    optimizer=trainer.optimizer,
                )
            ]
        images = steps * config.pairs_per_step
        with Progress(
            "training", total=config.epochs * images, unit="images", done=first_epoch * images
        ) as progress:
            trainer.fit(
                batches,
                steps_per_epoch=steps,
                initial_epoch=first_epoch,
                epochs=config.epochs,
                callbacks=[
                    BatchProgress(progress, batch_size=config.pairs_per_step),
                    *averaging,
                    record,
                ],
                shuffle=False,
                verbose=0,
            )

    return fit
