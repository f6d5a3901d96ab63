"""Networks and trainers with what a checkpoint holds of them."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import CheckpointError
from training.files.damaged import read_as
from training.run.checkpoint import (
    DESCRIPTION_FILE,
    FALL_BACK,
    RANDOM_STATE_FILE,
    Checkpoint,
    random_states,
)
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras

    from training.trainers.builder import Trainer


def load_generator(checkpoint: Checkpoint) -> "keras.Model":
    """Build the generator of a checkpoint with its weights.

    Its call takes lineart (N, H, W, 1), or with hints (N, H, W, 4) a list of both, and returns
    color or a layer (N, H, W, 3), float32 in [-1, 1]: training/picture/ports.py says which.
    Raises CheckpointError for weights of another net, and for any that is no finite number.
    """
    import_tensorflow_quietly()
    import numpy as np

    from training.trainers.builder import build_generator

    generator, file = build_generator(checkpoint.config), checkpoint.weights_file
    with _read(f"the weights of the net that {DESCRIPTION_FILE} describes", file):
        if checkpoint.is_packed:
            with np.load(file, allow_pickle=False) as half:
                generator.set_weights([half[name].astype(np.float32) for name in half.files])
        else:
            generator.load_weights(file)
        if not all(np.isfinite(weight).all() for weight in generator.get_weights()):
            raise ValueError("not all are finite numbers")
    return generator


def restore_trainer(trainer: "Trainer", checkpoint: Checkpoint) -> None:
    """Give a freshly built trainer of the same config the whole state of a checkpoint.

    Raises CheckpointError for a state that is not that of such a trainer.
    """
    import numpy as np

    for name, network in trainer.networks().items():
        file = checkpoint.folder / f"{name}.weights.h5"
        with _read(f"the weights of the net that {DESCRIPTION_FILE} describes", file):
            network.load_weights(file)
    for name, optimizer in trainer.optimizers().items():
        file = checkpoint.folder / f"{name}.npz"
        with (
            _read("the state of that optimizer", file),
            np.load(file, allow_pickle=False) as slots,
        ):
            if len(slots) != len(optimizer.variables):  # Keras would warn, and begin anew
                raise ValueError(f"{len(slots)} arrays in place of {len(optimizer.variables)}")
            optimizer.load_own_variables(dict(slots))
    file = checkpoint.folder / RANDOM_STATE_FILE
    with _read("the states of random numbers", file), np.load(file, allow_pickle=False) as states:
        for name, state in random_states(trainer).items():
            state.assign(states[name])


def _read(what: str, file: Path) -> AbstractContextManager[None]:
    return read_as(what, file, error=CheckpointError, remedy=FALL_BACK)
