"""Whether a run can go on: what it was begun with, and how far it came."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.config import TrainConfig
from training.data.named import NamedData
from training.errors import CheckpointError, ConfigError
from training.files.record_format import RecordFormat
from training.files.strict_json import to_json
from training.run.checkpoint import Checkpoint, checkpoint_folders, find_newest
from training.run.keeping import require_markable
from training.run.run_metrics import has_stalled, read_metrics
from training.settings.networks import stride_of
from training.settings.sizes import common_side

if TYPE_CHECKING:
    from training.data.shards import ShardManifest

RUN_FILE = "config.json"


@dataclass(frozen=True, kw_only=True)
class RunDescription:
    """What config.json holds: all that decides the weights, and whose pictures they saw."""

    config: TrainConfig
    data: NamedData
    init: str | None  # SHA-256 of the checkpoint whose weights it began with; None: at random


RUNS = RecordFormat(
    kind=RunDescription,
    name="nurie-run/5",
    what="the description of a run",
    remedy="Expected a run folder written by training.train.",
    error=CheckpointError,
)


def describe_run(
    config: TrainConfig, data: Path, *, manifest: "ShardManifest", init: Checkpoint | None = None
) -> RunDescription:
    """Describe the run of a config over the data set at `data`, from the weights of `init`."""
    return RunDescription(
        config=config,
        data=manifest.named(data.resolve()),
        init=None if init is None else init.sha256,
    )


def require_same_generator(config: TrainConfig, init: Checkpoint) -> None:
    """Refuse to begin with the weights of another network. Raises ConfigError.

    config: its size is known. A network of convolutions takes them at any size, if it has as many
    levels there.
    """
    wanted = to_json(config.generator) | {"stride": _stride(config)}
    given = to_json(init.config.generator) | {"stride": _stride(init.config)}
    # What only plays while training, or only says how fresh weights are drawn.
    for name in ("dropout", "initializer", "output_initializer", "depth"):
        del wanted[name], given[name]
    differing = "; ".join(
        f"generator.{name}: it has {given[name]!r}, expected {wanted[name]!r}"
        for name in wanted
        if wanted[name] != given[name]
    )
    if differing:
        raise ConfigError(
            f"init: {init.folder} is another network: {differing}. Train with its settings, or "
            "begin without --init."
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
    try:
        begun = RUNS.read(run / RUN_FILE)
    except CheckpointError as error:
        raise CheckpointError(
            f"{run} cannot be resumed: {error} Begin a new one without --resume."
        ) from error
    before, now = _flat(to_json(begun)), _flat(to_json(description))
    # The data set may have moved; its hash says whether it is the same.
    differing = sorted(name for name in now if before[name] != now[name] and name != "data.path")
    return "; ".join(
        f"{name}: the run has {before[name]!r}, received {now[name]!r}" for name in differing
    )


def require_same(run: Path, description: RunDescription) -> None:
    """Refuse to resume a run that was begun with another config or other data.

    Raises CheckpointError.
    """
    listed = differences(run, description)
    if listed:
        raise CheckpointError(
            f"{run} was begun differently: {listed}. Resume with the same settings, or begin "
            "a new run."
        )


def newest_checkpoint(run: Path) -> Checkpoint | None:
    """Return the newest checkpoint; None if the run was killed within its first epoch.

    Raises CheckpointError where it is not whole, or where the next one could not be written.
    """
    require_markable(run)
    return find_newest(run) if checkpoint_folders(run) else None


def has_ended(run: Path, config: TrainConfig, *, checkpoint: Checkpoint) -> bool:
    """Return whether nothing is left to train: all epochs are done, or none got better."""
    lines = read_metrics(run, until=checkpoint.epoch)
    return checkpoint.epoch >= config.epochs or has_stalled(lines, config=config)


def _flat(nested: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
