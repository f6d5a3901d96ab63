"""Save, find, load and verify the state of a training.

A run folder holds `checkpoints/epoch-0012/`, each with

    checkpoint.json              format, epoch, config, data credit, sha256 of every other file
    generator.weights.h5         what is trained (Keras's own format)
    average.weights.h5           its running average, which colours and is exported, if there is one
    <network>.weights.h5         the other networks of the trainer
    <network>_optimizer.npz      moments and step of each optimizer
    random_state.npz             the state of every seed generator: no weights format holds it

A checkpoint folder is complete or not there at all: it is written beside its place and renamed.
`training.run.keeping` says which of them are kept.

What `training.pack` made of a checkpoint holds generator.fp16.npz in place of all weights and
states: it colours and is exported, but does not go on. `pretrained` is such a folder.
"""

import functools
import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.config import TrainConfig
from training.data.named import Credit
from training.errors import CheckpointError
from training.files.atomic import written_whole
from training.files.hashes import file_sha256
from training.files.record_format import RecordFormat
from training.run.serialized import serialized_weights
from training.terminal.meant import path_meant

if TYPE_CHECKING:
    from training.trainers.builder import Trainer

GENERATOR_FILE = "generator.weights.h5"
AVERAGE_FILE = "average.weights.h5"
PACKED_FILE = "generator.fp16.npz"  # arrays in the order of the generator's weights
PRETRAINED = Path("pretrained")  # the word for the net that Nurie brings along
PRETRAINED_FOLDER = Path(__file__).resolve().parents[1] / "pretrained"
RANDOM_STATE_FILE = "random_state.npz"
DESCRIPTION_FILE = "checkpoint.json"
MODEL_SUFFIXES = (".mlpackage", ".aimodel", ".tflite", ".onnx")  # of what exports write
BEST = "best"  # the link in checkpoints/ to the epoch that was best by TrainConfig.best_by
FALL_BACK = "Copy it again, or delete this checkpoint folder to fall back to the one before it."


@dataclass(frozen=True, kw_only=True)
class Description:
    """What checkpoint.json holds."""

    epoch: int  # epochs completed
    config: TrainConfig  # its size is a number
    data: Credit
    files: dict[str, str]  # name -> sha256


CHECKPOINTS = RecordFormat(
    kind=Description,
    name="nurie-checkpoint/4",
    what="the description of a checkpoint",
    expected="a checkpoint that training.train wrote",
    remedy="train again, or read it with the version of Nurie that wrote it",
    error=CheckpointError,
)


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Description):
    """A verified description of one checkpoint folder; no weights are held."""

    folder: Path
    last_weights: bool = False  # mean the last step's weights, not their running average

    @property
    def name(self) -> str:
        """Name it where others read it: its run and epoch, never where they stand."""
        run, folder = self.run.resolve().name, self.folder.resolve().name
        return folder if folder == run else f"{run}/{folder}"

    @property
    def weights_file(self) -> Path:
        """The weights of the generator that colours and is exported."""
        if self.is_packed:
            return self.folder / PACKED_FILE
        averaged = AVERAGE_FILE in self.files and not self.last_weights
        return self.folder / (AVERAGE_FILE if averaged else GENERATOR_FILE)

    @property
    def is_packed(self) -> bool:
        """Whether only what colours was kept."""
        return PACKED_FILE in self.files

    @property
    def exports(self) -> Path:
        """The folder that models of this checkpoint are written to: exports/ of its run.

        The net that Nurie brings along is not written to: it has a run in the folder one is in.
        """
        inside = self.folder == PRETRAINED_FOLDER
        return (Path("runs") / PRETRAINED if inside else self.run) / "exports"

    @property
    def run(self) -> Path:
        """The run folder that this checkpoint stands in; its own, if it was taken out of one."""
        inside = self.folder.parent.name == "checkpoints"
        folder = self.folder if inside else self.folder.resolve()
        return folder.parent.parent if folder.parent.name == "checkpoints" else folder

    def require_hints(self) -> None:
        """Raise CheckpointError unless its generator takes hints."""
        if not self.config.generator.hints:
            raise CheckpointError(
                f"{self.folder} takes no hints: expected a network trained with "
                "--generator.hints, as by the preset mobile."
            )

    @property
    def sha256(self) -> str:
        """Identify what colours: the hash of the description, which hashes everything else.

        The last step's weights, where they are meant, go by another: what is exported of them is
        no export of the average.
        """
        described = file_sha256(self.folder / DESCRIPTION_FILE)
        if not self.last_weights:
            return described
        return hashlib.sha256(f"{described} {GENERATOR_FILE}".encode()).hexdigest()


def save_checkpoint(
    run: Path, trainer: "Trainer", *, config: TrainConfig, epoch: int, data: Credit
) -> Path:
    """Write checkpoints/epoch-NNNN of `run`, after `epoch` completed epochs. Returns the folder."""
    import numpy as np

    folder = run / "checkpoints" / folder_name(epoch)
    with written_whole(folder, overwrite=True, marker=DESCRIPTION_FILE) as partial:
        partial.mkdir()
        for name, network in trainer.networks().items():
            (partial / f"{name}.weights.h5").write_bytes(serialized_weights(network))
        for name, optimizer in trainer.optimizers().items():
            slots: dict[str, Any] = {}
            optimizer.save_own_variables(slots)
            np.savez(partial / f"{name}.npz", allow_pickle=False, **slots)
        states = {name: state.numpy() for name, state in random_states(trainer).items()}
        np.savez(partial / RANDOM_STATE_FILE, allow_pickle=False, **states)
        description = Description(
            epoch=epoch,
            config=config,
            data=data,
            files={path.name: file_sha256(path) for path in sorted(partial.iterdir())},
        )
        CHECKPOINTS.write(description, partial / DESCRIPTION_FILE)
    return folder


def random_states(trainer: "Trainer") -> dict[str, Any]:
    """Return the state of all that draws numbers: of layers by network and name, and others."""
    layers = {
        f"{network_name}.{layer.name}": layer.seed_generator
        for network_name, network in trainer.networks().items()
        for layer in network.layers
        # The average only ever paints: it draws nothing.
        if network is not trainer.average and hasattr(layer, "seed_generator")
    }
    return {name: seeds.state for name, seeds in (layers | trainer.seed_generators()).items()}


def find_checkpoint(path: Path) -> Checkpoint:
    """Describe the checkpoint at `path`: a checkpoint folder, or a run.

    A run means the checkpoint that it marks as its best, else its newest: stderr tells which one.
    The word pretrained means the net that Nurie brings along.

    The path of a checkpoint's generator.weights.h5 means that checkpoint with the weights of the
    last step, not their running average.
    Verifies that every file is there and unchanged. Imports no TensorFlow.
    Raises CheckpointError for anything else.
    """
    if path == PRETRAINED:
        if path.exists():
            raise CheckpointError(
                f"{path} is the net that Nurie brings along, and a folder here. Give the folder "
                f"with its whole path, {path.resolve()}, or rename it."
            )
        path = PRETRAINED_FOLDER
    last_weights = path.name == GENERATOR_FILE and path.is_file()
    if last_weights:
        path = path.parent
    return _described(path if is_complete(path) else _best(path), last_weights=last_weights)


def find_newest(path: Path) -> Checkpoint:
    """Describe the checkpoint folder at `path`, or of a run its newest one, where training ended.

    Raises CheckpointError for anything else.
    """
    return _described(path if is_complete(path) else _newest(path))


def checkpoint_folders(run: Path) -> list[Path]:
    """Return what stands at the places of checkpoints, oldest first, whole or not.

    Copies under other names are none.
    """
    numbered = {
        int(found[1]): path
        for path in (run / "checkpoints").glob("epoch-*")
        if (found := re.fullmatch(r"epoch-(\d+)", path.name))
    }
    return [numbered[epoch] for epoch in sorted(numbered)]


def is_complete(folder: Path) -> bool:
    """Return whether a checkpoint stands in a folder, not what a copy has left so far."""
    return (folder / DESCRIPTION_FILE).is_file()


def folder_name(epoch: int) -> str:
    """Return the name of a checkpoint's folder: the epochs that are completed."""
    return f"epoch-{epoch:04d}"


def _best(path: Path) -> Path:
    marked = path / "checkpoints" / BEST
    if not marked.is_symlink() and not is_complete(marked):
        newest = _newest(path)
        _tell(f"{path}: {newest.name}, its newest checkpoint")
        return newest
    best = marked.parent / marked.readlink() if marked.is_symlink() else marked
    if not is_complete(best):
        raise CheckpointError(
            f"{marked} is marked as the best checkpoint, and {best} is not whole: expected "
            f"{DESCRIPTION_FILE} in it. Copy it again, or name the folder of another checkpoint."
        )
    newest = (checkpoint_folders(path) or [best])[-1]
    others = "" if newest.name == best.name else f"; its newest: {newest}"
    _tell(f"{path}: {best.name}, its best checkpoint{others}")
    return best


@functools.cache  # once, though a command looks for it more often
def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _newest(path: Path) -> Path:
    expected = "Expected a run folder written by training.train, or a folder of its checkpoints/"
    if not path.exists():
        meant = path_meant(path, str(PRETRAINED), folders=True)
        raise CheckpointError(
            f"{path} does not exist. {expected}, or the word {PRETRAINED}.{meant}"
        )
    if path.suffix in MODEL_SUFFIXES:
        raise CheckpointError(
            f"{path} is an exported model, where a checkpoint was expected. {expected}; "
            "conversion.colorize colours with exported models."
        )
    if path.is_file():
        raise CheckpointError(f"{path} is a file, and no checkpoint. {expected}.")
    folders = checkpoint_folders(path)
    if not folders:
        raise CheckpointError(
            f"{path} is not a checkpoint: {DESCRIPTION_FILE} is missing. {expected}."
        )
    if not is_complete(folders[-1]):  # half copied: what is older was not asked for
        raise CheckpointError(
            f"{folders[-1]} is not whole: {DESCRIPTION_FILE} is missing. {FALL_BACK}"
        )
    return folders[-1]


def _described(folder: Path, *, last_weights: bool = False) -> Checkpoint:
    where = folder / DESCRIPTION_FILE
    described = CHECKPOINTS.read(where)
    if described.config.size is None or not {GENERATOR_FILE, PACKED_FILE} & described.files.keys():
        raise CheckpointError(f"{where}: expected a size, and {GENERATOR_FILE} among its files.")
    checkpoint = Checkpoint(**vars(described), folder=folder, last_weights=last_weights)
    for name, expected in checkpoint.files.items():
        _verify(folder / name, expected)
    return checkpoint


def _verify(file: Path, expected: str) -> None:
    if not file.is_file():
        raise CheckpointError(f"{file} is missing. {FALL_BACK}")
    if file_sha256(file) != expected:
        raise CheckpointError(
            f"{file} is not the file that was saved: its hash differs. {FALL_BACK}"
        )
