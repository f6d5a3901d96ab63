"""The data set of a checkpoint: the drawings it was not trained on, and where the others are."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.data.named import NamedData
from training.errors import CheckpointError, DataError
from training.run.checkpoint import Checkpoint
from training.run.resuming import RUN_FILE, RUNS
from training.settings.sizes import height_width
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    from training.data.pipeline import PicturePairs
    from training.data.shards import ShardManifest

REMEDY = "Name the data set with --data."


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """The validation split of one data set, and whose pictures they are."""

    folder: Path
    data: NamedData  # for a record
    pairs: "PicturePairs"


def held_out(checkpoint: Checkpoint, data: Path | None) -> HeldOut:
    """Load the validation split of `data`, or of the data set that the checkpoint's run names.

    Raises DataError where that data set has moved or changed, or has pictures of another size.
    """
    import_tensorflow_quietly()
    from training.data.pipeline import load_split

    folder, manifest = fitting_data(checkpoint, data)
    return HeldOut(
        folder=folder,
        data=manifest.named(folder),
        pairs=load_split(folder, "validation"),
    )


def fitting_data(checkpoint: Checkpoint, data: Path | None) -> tuple[Path, "ShardManifest"]:
    """Return folder and manifest of `data`, or of the data set that the checkpoint's run names.

    Raises DataError where that data set has moved or changed, or has pictures of another size.
    """
    from training.data.shards import read_manifest

    folder = data or data_of_run(checkpoint.run)
    manifest = read_manifest(folder)
    if height_width(manifest.size) != checkpoint.config.height_width:
        raise DataError(
            f"{folder}: expected pictures of {checkpoint.config.size} pixels, the size of "
            f"{checkpoint.folder}, received {manifest.size}. Prepare the data again with "
            f"--size {checkpoint.config.size}."
        )
    return folder, manifest


def data_of_run(run: Path) -> Path:
    """Return the folder of the data set that `run` was trained on, checked by its hash.

    Raises DataError where it has moved or changed: then it must be named.
    """
    from training.data.shards import read_manifest

    folder, expected = recorded_data(run)
    if not folder.is_dir():
        raise DataError(f"{run} was trained on {folder}, which is not there. {REMEDY}")
    received = read_manifest(folder).sha256
    if received != expected:
        raise DataError(
            f"{folder} is not the data set that {run} was trained on: expected SHA-256 "
            f"{expected[:12]}, received {received[:12]}. {REMEDY}"
        )
    return folder


def recorded_data(run: Path) -> tuple[Path, str]:
    """Return folder and SHA-256 of the data set that `run` names, whether it is there or not.

    Raises DataError where the run does not say.
    """
    try:
        data = RUNS.read(run / RUN_FILE).data
    except CheckpointError as error:
        raise DataError(f"{run} does not say what it was trained on: {error} {REMEDY}") from error
    return Path(data.path), data.sha256
