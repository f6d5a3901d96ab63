"""python -m benchmarks.lent_pack PRESET --data data/x --out .gpu/x

Pack a training for a machine with a GPU that has JAX and not TensorFlow: its step, its state and
its pictures, for `benchmarks.lent_train` there and `benchmarks.lent_adopt` here. It takes the
settings of training.train. With a GPU build of TensorFlow, training.train does all of it directly.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.config import TrainConfig
from training.errors import ConfigError
from training.files.atomic import require_absent
from training.run.checkpoint import Checkpoint, find_checkpoint, find_newest
from training.run.resuming import require_same_generator
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly
from training.train import Preset, with_size


@dataclass(frozen=True, kw_only=True)
class Options:
    """What lent_pack.py is told on the command line."""

    config: Annotated[Preset, tyro.conf.arg(name="")]
    data: Path  # folder written by training.prepare
    # program folder; the pictures go beside it, to pictures-..., unless they are there
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])]
    init: Path | None = None  # begin with the weights of this checkpoint; default: at random
    resume: Path | None = None  # go on from this checkpoint, of the same config and data


def pack(
    config: TrainConfig,
    data: Path,
    *,
    out: Path,
    init: Path | None = None,
    resume: Path | None = None,
) -> tuple[Path, Path]:
    """Write a program folder and, if they are not there, its pictures. Returns both folders.

    Raises OutputExists, DataError, CheckpointError, ConfigError.
    """
    from training.data.shards import read_manifest

    require_absent(out)
    manifest = read_manifest(data)
    config = with_size(config, manifest.size, data=data)
    begun = _checkpoint(init, resume, config)
    import_tensorflow_quietly()

    from benchmarks.lent_gpu.batches import recipe_of
    from benchmarks.lent_gpu.exported import export_step, named_variables
    from benchmarks.lent_gpu.program import Program, write_program
    from training.data.pipeline import steps_per_epoch
    from training.metrics.picture_statistics import measure_statistics
    from training.models.standardize import UNCHANGED
    from training.run.restoring import load_generator, restore_trainer
    from training.trainers.beginning import begin_with
    from training.trainers.builder import build_trainer, needs_statistics

    steps = steps_per_epoch(manifest, config.batch_size, batches=config.batches_per_step)
    measured = resume is None and needs_statistics(config)
    statistics = measure_statistics(data) if measured else UNCHANGED
    trainer = build_trainer(config, steps_per_epoch=steps, statistics=statistics)
    if begun is not None and resume is not None:
        restore_trainer(trainer, begun)
    elif begun is not None:
        begin_with(trainer, load_generator(begun))
    recipe = recipe_of(config, steps=steps)
    step = export_step(trainer, recipe=recipe, decay=config.ema)
    program = Program(
        config=config,
        data=manifest.named(data.resolve()),
        init=None if begun is None or resume is not None else begun.sha256,
        steps_per_epoch=steps,
        losses=step.losses,
        taken=step.taken,
        given=step.given,
    )
    write_program(
        out,
        program,
        hlo=step.hlo,
        variables={name: value.numpy() for name, value in named_variables(trainer).items()},
        step=0 if begun is None or resume is None else begun.epoch * steps,
    )
    pictures = out.parent / f"pictures-{manifest.size}-{manifest.sha256[:8]}"
    if not pictures.exists():
        _pack_pictures(data, pictures)
    return out, pictures


def _checkpoint(init: Path | None, resume: Path | None, config: TrainConfig) -> Checkpoint | None:
    if init is not None and resume is not None:
        raise ConfigError("init: expected none beside --resume, received both. Leave one out.")
    if init is not None:
        checkpoint = find_checkpoint(init)
        require_same_generator(config, checkpoint)
        return checkpoint
    if resume is None:
        return None
    checkpoint = find_newest(resume)
    if checkpoint.config != config or checkpoint.is_packed:
        raise ConfigError(
            f"resume: {checkpoint.folder} was trained with other settings, or packed. Expected "
            "a whole checkpoint of the same ones; or begin anew with --init."
        )
    return checkpoint


def _pack_pictures(data: Path, folder: Path) -> None:
    from benchmarks.lent_gpu.pictures import pack_pictures
    from training.data.records import decode_color, decode_lineart
    from training.data.shards import read_manifest, read_records, require_intact

    manifest = read_manifest(data)
    require_intact(data, manifest, split="train")
    records = read_records(data, manifest, split="train")
    pairs = (
        (
            decode_color(record.color),
            [decode_lineart(png) for png in record.lineart],
            None if record.layer is None else decode_color(record.layer),
        )
        for record in records
    )
    pack_pictures(pairs, folder, sha256=manifest.sha256)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    packed = pack(
        options.config, options.data, out=options.out, init=options.init, resume=options.resume
    )
    for folder in packed:
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{folder}: {size / 1e6:.1f} MB", file=sys.stderr)
    print(*packed)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
