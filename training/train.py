"""python -m training.train PRESET --data data/x --out runs/x

Train a generator. The run folder receives config.json, metrics.jsonl, samples/, tensorboard/ and
checkpoints/; `tensorboard --logdir runs` watches it. A killed run goes on with --resume, and a
finished one with --resume and more --epochs.
A loss that is not finite any more ends the training with status 3; its checkpoints are kept.
`python -m training.train PRESET --help` lists every setting.
"""

import dataclasses
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from training.config import TrainConfig
from training.distribution.strategy import StrategyName, is_chief
from training.errors import CheckpointError, ConfigError, OutputExists
from training.files.atomic import require_absent, written_whole
from training.files.lock import held_alone
from training.presets import PRESETS
from training.run.checkpoint import Checkpoint
from training.run.keeping import keep_newest_and_best
from training.run.memory import require_addresses
from training.run.resuming import (
    RUN_FILE,
    RUNS,
    FirstWeights,
    RunDescription,
    describe_run,
    extend,
    first_weights,
    how_it_goes_on,
    newest_checkpoint,
    require_same,
    why_ended,
)
from training.settings.sizes import SaidSize, height_width
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    from training.data.shards import ShardManifest
    from training.run.fitting import PreparedFit
    from training.run.rehearsal import Rehearsal

    Preset = TrainConfig
else:
    Preset = tyro.extras.subcommand_type_from_defaults(PRESETS, prefix_names=False)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What train.py is told on the command line."""

    config: Annotated[Preset, tyro.conf.arg(name="")]
    data: Path  # folder written by training.prepare
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])]  # run folder
    # begin with the weights of this checkpoint, or of the word pretrained; default: at random
    init: Path | None = None
    # layers that begin at random all the same; the net of --init may then differ in hints, width
    # and depth, as far as all other layers fit
    init_partly: tuple[str, ...] = ()
    resume: bool = False  # continue the run from its newest checkpoint, also to more --epochs
    # who shares each batch. mirrored: all GPUs of this machine; multiworker: the machines that
    # TF_CONFIG names, with one run folder and one data folder for all
    strategy: StrategyName = "one"
    dry_run: bool = False  # try data, settings, memory and export in one step; write no run

    def __post_init__(self) -> None:
        if self.init_partly and self.init is None:
            raise ConfigError(
                f"init_partly: expected none without --init, received "
                f"{' '.join(self.init_partly)}. Name with --init whose other layers to take."
            )
        if self.dry_run and self.resume:
            raise ConfigError(
                "resume: expected False with --dry-run, which tries the beginning of a training, "
                "received True. Leave --resume out, or --dry-run."
            )
        if self.dry_run and self.strategy != "one":
            raise ConfigError(
                "strategy: expected one with --dry-run, which tries one device, received "
                f"{self.strategy!r}. Leave --strategy out, or --dry-run."
            )


def train(
    config: TrainConfig,
    data: Path,
    *,
    run: Path,
    init: Path | None = None,
    anew: Sequence[str] = (),
    resume: bool = False,
    strategy: StrategyName = "one",
) -> Path:
    """Train `config` on the data set at `data` into the folder `run`. Returns `run`.

    init: checkpoint whose weights the generator begins with; its optimizer begins anew.
    anew: layers that begin at random all the same; the others must fit.
    resume: go on from the newest checkpoint; config.epochs may have grown since.
    strategy: who computes a step; of several workers only the chief writes.
    Raises OutputExists if the run exists and `resume` is false; CheckpointError if there is
    nothing to resume, the run has another config or data set or more epochs, or is being trained
    already; DataError, ConfigError, Diverged, WorkerLost.
    """
    require_addresses()
    chief = is_chief(strategy)
    if chief and not resume:
        _require_new(run)

    from training.data.shards import read_manifest

    manifest = read_manifest(data)
    config = with_size(config, manifest.size, data=data)
    first = first_weights(init, config, anew=anew)
    description = describe_run(config, data, manifest=manifest, first=first)
    taken = CheckpointError(
        f"{run} is being trained by another process. Wait for it, or end it first."
    )
    if resume:
        begun = require_same(run, description)
        # Before anything is read that the process which trains it may be replacing.
        with held_alone(run, refusal=taken) if chief else nullcontext():
            _resume(
                config,
                data,
                run=run,
                begun=begun,
                manifest=manifest,
                first=first,
                strategy=strategy,
            )
        return run
    # Whatever can be refused is refused before the run folder is made.
    prepared = _prepared(config, data, manifest=manifest, first=first, strategy=strategy)
    if not chief:
        prepared.fit(run)
        return run
    with written_whole(run, marker=RUN_FILE) as partial:
        partial.mkdir()
        RUNS.write(_with_taken(description, prepared), partial / RUN_FILE)
    with held_alone(run, refusal=taken):
        prepared.fit(run)
    return run


def _with_taken(description: RunDescription, prepared: "PreparedFit") -> RunDescription:
    """Record which layers had the weights of another net, and say so, where not all had."""
    taken = prepared.taken
    if taken is None or not taken.anew:
        return description
    print(
        f"init: {len(taken.layers)} layers, {taken.weights:,} weights, were taken; at random: "
        f"{', '.join(taken.anew)}; not used: {', '.join(taken.unused) or 'none'}",
        file=sys.stderr,
    )
    return dataclasses.replace(description, init_taken=taken.layers, init_unused=taken.unused)


def _resume(
    config: TrainConfig,
    data: Path,
    *,
    run: Path,
    begun: RunDescription,
    manifest: "ShardManifest",
    first: FirstWeights,
    strategy: StrategyName,
) -> None:
    """Go on with a run, which is held alone, from its newest checkpoint."""
    checkpoint = newest_checkpoint(run)
    why = why_ended(run, config, checkpoint=checkpoint) if checkpoint else None
    if checkpoint and why:
        if is_chief(strategy):  # it may have been killed when all that was left to do was this
            keep_newest_and_best(run, config=config, epoch=checkpoint.epoch)
            print(f"{run}: nothing to do: {why}", file=sys.stderr)
        return
    prepared = _prepared(
        config, data, manifest=manifest, first=first, strategy=strategy, checkpoint=checkpoint
    )
    if is_chief(strategy) and begun.config.epochs < config.epochs:
        done = checkpoint.epoch if checkpoint else 0
        said = how_it_goes_on(begun.config, epochs=config.epochs, after=done)
        print(f"{run}: {said}", file=sys.stderr)
        extend(run, begun, epochs=config.epochs, after=done)
    prepared.fit(run)


def _prepared(
    config: TrainConfig,
    data: Path,
    *,
    manifest: "ShardManifest",
    first: FirstWeights,
    strategy: StrategyName = "one",
    checkpoint: Checkpoint | None = None,
) -> "PreparedFit":
    import_tensorflow_quietly()

    from training.run.fitting import prepare_fit

    return prepare_fit(
        config,
        data,
        manifest=manifest,
        checkpoint=checkpoint,
        init=first.init,
        anew=first.anew,
        strategy=strategy,
    )


def dry_run(
    config: TrainConfig,
    data: Path,
    *,
    run: Path,
    init: Path | None = None,
    anew: Sequence[str] = (),
) -> "Rehearsal":
    """Check data, config, memory and export by one step on one device; leave nothing behind.

    run: the folder that the training is to write. Raises OutputExists, DataError, ConfigError,
    CheckpointError, Diverged: what `train` would raise, and sooner.
    """
    require_addresses()
    _require_new(run)

    from training.data.shards import read_manifest

    manifest = read_manifest(data)
    config = with_size(config, manifest.size, data=data)
    first = first_weights(init, config, anew=anew)
    return _prepared(config, data, manifest=manifest, first=first).rehearse()


def with_size(config: TrainConfig, size: SaidSize, *, data: Path) -> TrainConfig:
    """Give a config the size of its data set; refuse another size."""
    if config.size is not None and config.height_width != height_width(size):
        raise ConfigError(
            f"size: expected {size}, the size of {data}, received {config.size}. Leave --size "
            f"out, or prepare the data again with --size {config.size}."
        )
    return dataclasses.replace(config, size=size)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if options.dry_run:
        tried = dry_run(
            options.config,
            options.data,
            run=options.out,
            init=options.init,
            anew=options.init_partly,
        )
        for line in tried.lines():
            print(line)
        return DONE
    try:
        run = train(
            options.config,
            options.data,
            run=options.out,
            init=options.init,
            anew=options.init_partly,
            resume=options.resume,
            strategy=options.strategy,
        )
    except (KeyboardInterrupt, OSError):
        if options.out.exists():
            print(f"{options.out}: continue with --resume", file=sys.stderr)
        raise
    print(run)
    return DONE


def _require_new(run: Path) -> None:
    if run.exists():
        raise OutputExists(
            f"{run} already exists. Expected a new run folder; name another, or continue this "
            "run with --resume."
        )
    require_absent(run)  # and may be written


if __name__ == "__main__":
    sys.exit(main())
