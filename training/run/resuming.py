"""Whether a run can go on: what it was begun with, how far it came, and how much longer it may be.

Asked for more epochs, a run goes on with the learning rate that a training of so many epochs has in
each of them: the rate depends on the epoch and the config alone, so that a resumed run is exact
however often it was interrupted, and one that is made longer before its rate falls ends with the
bits of a run that was begun so.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.config import TrainConfig
from training.data.named import NamedData
from training.errors import CheckpointError, ConfigError
from training.files.record_format import RecordFormat
from training.files.strict_json import to_json
from training.run.checkpoint import (
    Checkpoint,
    checkpoint_folders,
    find_checkpoint,
    find_newest,
)
from training.run.keeping import require_markable
from training.run.run_metrics import has_stalled, read_metrics
from training.settings.networks import stride_of
from training.settings.sizes import common_side

if TYPE_CHECKING:
    from training.data.shards import ShardManifest

RUN_FILE = "config.json"


@dataclass(frozen=True, kw_only=True)
class Extension:
    """When a run was asked for more epochs."""

    after: int  # epochs that were done by then
    planned: int  # epochs that it was to have until then


@dataclass(frozen=True, kw_only=True)
class RunDescription:
    """What config.json holds: all that decides the weights, and whose pictures they saw."""

    config: TrainConfig
    data: NamedData
    init: str | None = None  # SHA-256 of the checkpoint whose weights it began with; or at random
    init_anew: tuple[str, ...] = ()  # layers that began at random all the same
    init_taken: tuple[str, ...] = ()  # where there are such: layers whose weights were taken
    init_unused: tuple[str, ...] = ()  # layers of that checkpoint without a place in this net
    extended: tuple[Extension, ...] = ()  # oldest first; config.epochs is the newest plan


RUNS = RecordFormat(
    kind=RunDescription,
    # 6 added init_anew, init_taken, init_unused and extended.
    name="nurie-run/6",
    what="the description of a run",
    expected="a run folder written by training.train",
    error=CheckpointError,
)


_PARTLY = "; --init-partly LAYER... takes the others' weights where only sizes differ"
# What a run finds out by itself, and where its data set stands now.
_NOT_ASKED_FOR = ("data.path", "init_taken", "init_unused", "extended")
# What another network may differ in of whose layers only some are taken: their shapes tell.
_SHAPES_TELL = ("hints", "width", "stride")


@dataclass(frozen=True, kw_only=True)
class FirstWeights:
    """What a generator begins with."""

    init: Checkpoint | None = None  # None: at random
    anew: tuple[str, ...] = ()  # layers that begin at random all the same


AT_RANDOM = FirstWeights()


def first_weights(
    init: Path | None, config: TrainConfig, *, anew: Sequence[str] = ()
) -> FirstWeights:
    """Find the weights to begin with; whether their layers fit is seen where nets are built.

    config: its size is known. anew: layers that begin at random all the same.
    Raises CheckpointError; ConfigError as `require_same_generator`.
    """
    if init is None:
        return AT_RANDOM
    checkpoint = find_checkpoint(init)
    require_same_generator(config, checkpoint, partly=bool(anew))
    return FirstWeights(init=checkpoint, anew=tuple(sorted(set(anew))))


def describe_run(
    config: TrainConfig,
    data: Path,
    *,
    manifest: "ShardManifest",
    first: FirstWeights = AT_RANDOM,
) -> RunDescription:
    """Describe the run of a config over the data set at `data`, from its first weights."""
    return RunDescription(
        config=config,
        data=manifest.named(data.resolve()),
        init=None if first.init is None else first.init.sha256,
        init_anew=first.anew,
    )


def require_same_generator(config: TrainConfig, init: Checkpoint, *, partly: bool = False) -> None:
    """Refuse to begin with the weights of another network. Raises ConfigError.

    config: its size is known. A network of convolutions takes them at any size, if it has as many
    levels there. partly: some layers begin at random, so it may have other inputs and widths.
    """
    wanted = to_json(config.generator) | {"stride": _stride(config)}
    given = to_json(init.config.generator) | {"stride": _stride(init.config)}
    # What only plays while training, or only says how fresh weights are drawn.
    free = ("dropout", "initializer", "output_initializer", "depth")
    for name in (*free, *(_SHAPES_TELL if partly else ())):
        del wanted[name], given[name]
    differing = "; ".join(
        f"generator.{name}: it has {given[name]!r}, expected {wanted[name]!r}"
        for name in wanted
        if wanted[name] != given[name]
    )
    if differing:
        raise ConfigError(
            f"init: {init.folder} is another network: {differing}. Train with its settings, or "
            f"begin without --init{'' if partly else _PARTLY}."
        )


def how_to_begin_again(run: Path) -> str | None:
    """Say what to type to begin a run anew; None for a folder that is no run."""
    is_run = (run / RUN_FILE).is_file()
    return f"To begin this run again: rm -r {shlex.quote(str(run))}" if is_run else None


def _stride(config: TrainConfig) -> int:
    return stride_of(config.generator, size=common_side(config.height_width))


def differences(run: Path, description: RunDescription) -> str:
    """Return what a run was begun with and `description` has otherwise; empty where it is the same.

    Raises CheckpointError where the run has no config that can be read.
    """
    return _differences(_begun(run), description)


def require_same(run: Path, description: RunDescription) -> RunDescription:
    """Refuse to resume a run that was begun with another config or other data, or for longer.

    Returns what the run was begun with: of `description` it differs in fewer epochs at most.
    Raises CheckpointError.
    """
    begun = _begun(run)
    same_length = replace(
        description, config=replace(description.config, epochs=begun.config.epochs)
    )
    listed = _differences(begun, same_length)
    if listed:
        raise CheckpointError(
            f"{run} was begun differently: {listed}. Resume with the same settings, or begin "
            "a new run."
        )
    wanted = description.config.epochs
    if wanted < begun.config.epochs:
        raise CheckpointError(
            f"{run}: epochs: expected {begun.config.epochs}, which the run is to have, or more, "
            f"received {wanted}. A shorter training would have had other learning rates. Resume "
            f"with --epochs {begun.config.epochs}, or use one of its checkpoints as it is."
        )
    return begun


def extend(run: Path, begun: RunDescription, *, epochs: int, after: int) -> None:
    """Record that a run, of which `after` epochs are done, is to have more epochs than planned."""
    extension = Extension(after=after, planned=begun.config.epochs)
    longer = replace(
        begun,
        config=replace(begun.config, epochs=epochs),
        extended=(*begun.extended, extension),
    )
    RUNS.write(longer, run / RUN_FILE, overwrite=True)


def how_it_goes_on(begun: TrainConfig, *, epochs: int, after: int) -> str:
    """Say what a run becomes that is made longer after so many epochs: another training, or not."""
    said = (
        f"goes on from epoch {after} to {epochs}, {begun.epochs} were planned; from here on the "
        f"learning rate is that of a training of {epochs} epochs"
    )
    if after <= begun.optimizer.constant_share * begun.epochs:
        return f"{said}. It has not fallen yet: the result is that of a training begun so."
    return f"{said}. It had fallen sooner before: the result is not that of a training begun so."


def newest_checkpoint(run: Path) -> Checkpoint | None:
    """Return the newest checkpoint; None if the run was killed within its first epoch.

    Raises CheckpointError where it is not whole, or where the next one could not be written.
    """
    require_markable(run)
    return find_newest(run) if checkpoint_folders(run) else None


def why_ended(run: Path, config: TrainConfig, *, checkpoint: Checkpoint) -> str | None:
    """Say why nothing is left to train: all epochs are done, or none got better; None: some is."""
    done = checkpoint.epoch
    if done >= config.epochs:
        return f"all {done} epochs are done. --epochs {done + 1} or more trains on."
    if has_stalled(read_metrics(run, until=done), config=config):
        return (
            f"it ended early after epoch {done}: none was better in {config.early_stop} epochs. "
            "A new run can begin with its weights, by --init."
        )
    return None


def _begun(run: Path) -> RunDescription:
    try:
        return RUNS.read(run / RUN_FILE)
    except CheckpointError as error:
        raise CheckpointError(
            f"{run} cannot be resumed: {error} Begin a new one without --resume."
        ) from error


def _differences(begun: RunDescription, description: RunDescription) -> str:
    before, now = _flat(to_json(begun)), _flat(to_json(description))
    differing = sorted(
        name for name in now if name not in _NOT_ASKED_FOR and before[name] != now[name]
    )
    return "; ".join(
        f"{name}: the run has {before[name]!r}, received {now[name]!r}" for name in differing
    )


def _flat(nested: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
