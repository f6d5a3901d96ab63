"""Find what is to be exported or measured: a checkpoint of ours, or a generator of the user's."""

from pathlib import Path

from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.origin import Origin
from conversion.export.origins.reading import kind_of
from conversion.export.origins.trained import Trained
from conversion.export.size import Size
from training.run.checkpoint import find_checkpoint


def find_origin(ckpt: Path, asked: Asked = NOTHING, *, size: Size | None = None) -> Origin:
    """Return the generator at `ckpt`, verified.

    ckpt: what training.run.checkpoint.find_checkpoint takes, or a .keras or .h5 file, a SavedModel
    folder, or module:function. asked, size: what the user says of a generator of their own.
    Raises CheckpointError, ConversionError.
    """
    if kind_of(ckpt) is None:
        origin = Trained(find_checkpoint(ckpt))
        asked.require_nothing(ckpt)
        return origin
    from conversion.export.origins.own import own_generator

    return own_generator(ckpt, asked, size=size)
