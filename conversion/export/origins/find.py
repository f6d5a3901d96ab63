"""Find what is to be exported or measured: a checkpoint of ours, or a generator of the user's."""

from pathlib import Path

from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.origin import Origin
from conversion.export.origins.reading import kind_of
from conversion.export.origins.trained import Trained
from conversion.export.size import Size
from training.errors import CheckpointError
from training.run.checkpoint import PRETRAINED, find_checkpoint
from training.terminal.meant import path_meant


def find_origin(ckpt: Path, asked: Asked = NOTHING, *, size: Size | None = None) -> Origin:
    """Return the generator at `ckpt`, verified.

    ckpt: what training.run.checkpoint.find_checkpoint takes, or a .keras or .h5 file, a SavedModel
    folder, or module:function. asked, size: what the user says of a generator of their own.
    Raises CheckpointError, ConversionError.
    """
    kind = kind_of(ckpt)
    if kind != "function" and ckpt != PRETRAINED and not ckpt.exists():
        raise CheckpointError(
            f"{ckpt} does not exist. Expected a run folder written by training.train, or a folder "
            f"of its checkpoints/, or the word {PRETRAINED}, or a Keras generator: a .keras or .h5 "
            f"file, a SavedModel folder, or module:function.{path_meant(ckpt, str(PRETRAINED))}"
        )
    if kind is None:
        origin = Trained(find_checkpoint(ckpt))
        asked.require_nothing(ckpt)
        return origin
    from conversion.export.origins.own import own_generator

    return own_generator(ckpt, asked, size=size)
