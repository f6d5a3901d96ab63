"""Keep of a checkpoint what colours: a folder that any checkpoint can be read in place of."""

import dataclasses
import shutil
from pathlib import Path

from training.errors import CheckpointError
from training.files.hashes import file_sha256
from training.run.checkpoint import (
    CHECKPOINTS,
    DESCRIPTION_FILE,
    PACKED_FILE,
    Checkpoint,
    Description,
)
from training.run.restoring import load_generator
from training.run.resuming import RUN_FILE, RUNS
from training.run.run_metrics import METRICS_FILE


def pack_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Write into `folder`: weights in half precision, descriptions, and the metrics of the run.

    Raises CheckpointError for what is packed already, and for weights beyond half precision.
    """
    import numpy as np

    if checkpoint.is_packed:
        raise CheckpointError(f"{checkpoint.folder} is packed already. Copy the folder as it is.")
    weights = [weight.astype(np.float16) for weight in load_generator(checkpoint).get_weights()]
    if not all(np.isfinite(weight).all() for weight in weights):
        raise CheckpointError(
            f"{checkpoint.folder}: expected weights that half precision holds, up to 65,504, "
            "received larger ones. Train again with a lower --optimizer.learning-rate."
        )
    np.savez_compressed(folder / PACKED_FILE, *weights, allow_pickle=False)
    description = Description(
        epoch=checkpoint.epoch,
        config=checkpoint.config,
        data=checkpoint.data,
        files={PACKED_FILE: file_sha256(folder / PACKED_FILE)},
    )
    CHECKPOINTS.write(description, folder / DESCRIPTION_FILE)
    run = RUNS.read(checkpoint.run / RUN_FILE)
    # A name, not somebody's folders: the packed checkpoint goes to others.
    data = dataclasses.replace(run.data, path=Path(run.data.path).name)
    RUNS.write(dataclasses.replace(run, data=data), folder / RUN_FILE)
    if (checkpoint.run / METRICS_FILE).is_file():
        shutil.copy(checkpoint.run / METRICS_FILE, folder / METRICS_FILE)
