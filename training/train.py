"""python -m training.train PRESET --data data/x --out runs/x

Train a generator. The run folder receives config.json, metrics.jsonl, samples/, tensorboard/ and
checkpoints/; `tensorboard --logdir runs` watches it. A killed run goes on with --resume.
"""

import dataclasses
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from training.atomic import require_absent, written_whole
from training.checkpoint import Checkpoint, find_checkpoint
from training.command import DONE, run_command
from training.config import TrainConfig
from training.errors import CheckpointError, ConfigError, OutputExists
from training.presets import PRESETS
from training.strict_json import to_json
from training.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    from training.data.shards import ShardManifest

RUN_FORMAT = "nurie-run/1"
VALIDATION_PICTURES = 256  # measured every epoch; training.evaluate measures all of them

if TYPE_CHECKING:
    Preset = TrainConfig
else:
    Preset = tyro.extras.subcommand_type_from_defaults(PRESETS, prefix_names=False)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What train.py is told on the command line."""

    config: Annotated[Preset, tyro.conf.arg(name="")]
    data: Path  # folder written by training.prepare
    out: Path  # run folder
    resume: bool = False  # continue the run from its newest checkpoint


def train(config: TrainConfig, data: Path, *, run: Path, resume: bool = False) -> Path:
    """Train `config` on the data set at `data` into the folder `run`. Returns `run`.

    Raises OutputExists if the run exists and `resume` is false; CheckpointError if there is
    nothing to resume, or the run has another config or data set; DataError, ConfigError.
    """
    from training.data.shards import read_manifest

    if run.exists() and not resume:
        raise OutputExists(
            f"{run} already exists. Expected a new run folder; name another, or continue this "
            "run with --resume."
        )
    manifest = read_manifest(data)
    config = with_size(config, manifest.size, data=data)
    description = describe_run(config, data, manifest=manifest)
    checkpoint = None
    if resume:
        _require_same(run, description)
        checkpoint = _newest_checkpoint(run)
    else:
        require_absent(run)
        with written_whole(run) as partial:
            partial.mkdir()
            (partial / "config.json").write_text(json.dumps(description, indent=2) + "\n")
    if checkpoint is None or checkpoint.epoch < config.epochs:
        _fit(config, data, run=run, manifest=manifest, checkpoint=checkpoint)
    return run


def with_size(config: TrainConfig, size: int, *, data: Path) -> TrainConfig:
    """Give a config the size of its data set; refuse another size."""
    if config.size not in (None, size):
        raise ConfigError(
            f"size: expected {size}, the size of {data}, received {config.size}. Leave --size "
            f"out, or prepare the data again with --size {config.size}."
        )
    return dataclasses.replace(config, size=size)


def describe_run(config: TrainConfig, data: Path, *, manifest: "ShardManifest") -> dict[str, Any]:
    """Return what config.json holds: all that decides the weights, and whose pictures they saw."""
    return {
        "format": RUN_FORMAT,
        "config": to_json(config),
        "data": {
            "path": str(data),
            "sha256": manifest.sha256,
            "source": manifest.source,
            "licence": manifest.licence,
            "credit": manifest.credit,
        },
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    run = train(options.config, options.data, run=options.out, resume=options.resume)
    print(run)
    return DONE


def _require_same(run: Path, description: dict[str, Any]) -> None:
    """Refuse to resume a run that was begun with another config or other data."""
    path = run / "config.json"
    try:
        begun = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{run} cannot be resumed: {path} cannot be read ({error}). Expected a run folder "
            "written by training.train; begin a new one without --resume."
        ) from error
    before, now = _flat(begun), _flat(description)
    # The data set may have moved; its hash says whether it is the same.
    differing = sorted(
        name
        for name in before.keys() | now.keys()
        if before.get(name) != now.get(name) and name != "data.path"
    )
    if differing:
        listed = "; ".join(
            f"{name}: the run has {before.get(name)!r}, received {now.get(name)!r}"
            for name in differing
        )
        raise CheckpointError(
            f"{run} was begun differently: {listed}. Resume with the same settings, or begin "
            "a new run."
        )


def _flat(nested: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _newest_checkpoint(run: Path) -> Checkpoint | None:
    """Return the newest checkpoint; None if the run was killed within its first epoch."""
    if not any((run / "checkpoints").glob("epoch-*")):
        return None
    return find_checkpoint(run)


def _fit(
    config: TrainConfig,
    data: Path,
    *,
    run: Path,
    manifest: "ShardManifest",
    checkpoint: Checkpoint | None,
) -> None:
    import_tensorflow_quietly()
    from training.checkpoint import restore_trainer
    from training.data.pipeline import load_split, steps_per_epoch, training_batches
    from training.progress import Progress
    from training.recording import BatchProgress, EpochRecord, forget_after
    from training.trainer import build_trainer

    steps = steps_per_epoch(manifest, config.batch_size)
    trainer = build_trainer(config, steps_per_epoch=steps)
    first_epoch = 0
    if checkpoint is not None:
        restore_trainer(trainer, checkpoint)
        first_epoch = checkpoint.epoch
    forget_after(run, first_epoch)
    batches = training_batches(
        data,
        batch_size=config.batch_size,
        seed=config.seed,
        augment=config.augment,
        first_epoch=first_epoch,
    )
    record = EpochRecord(
        run,
        trainer,
        config=config,
        data={name: getattr(manifest, name) for name in ("source", "licence", "credit")},
        validation=load_split(data, "validation", limit=VALIDATION_PICTURES),
    )
    images = steps * config.batch_size
    with Progress(
        "training", total=config.epochs * images, unit="images", done=first_epoch * images
    ) as progress:
        trainer.fit(
            batches,
            steps_per_epoch=steps,
            initial_epoch=first_epoch,
            epochs=config.epochs,
            callbacks=[BatchProgress(progress, batch_size=config.batch_size), record],
            shuffle=False,
            verbose=0,
        )


if __name__ == "__main__":
    sys.exit(main())
