"""The picture size of an exported model: that of the training, or the one that --size asks for."""

import re

from conversion.errors import ConversionError
from training.run.checkpoint import Checkpoint
from training.settings.networks import stride_of

Size = tuple[int, int]  # height and width in pixels


def size_of(checkpoint: Checkpoint) -> int:
    """Return the side in pixels of the pictures that a checkpoint was trained on."""
    assert checkpoint.config.size is not None  # training.train wrote it
    return checkpoint.config.size


def parse_size(text: str) -> Size:
    """Return height and width of "1024x704", as people say it: width first; "512" is a square.

    Raises ConversionError for anything else.
    """
    found = re.fullmatch(r"(\d+)(?:x(\d+))?", text)
    if not found:
        raise ConversionError(
            f"--size: expected pixels such as 512, or width by height such as 1024x704, received "
            f"{text!r}."
        )
    width, height = int(found[1]), int(found[2] or found[1])
    return height, width


def export_size(checkpoint: Checkpoint, asked: Size | None = None) -> Size:
    """Return height and width of an export's pictures: as trained, or what is asked for.

    A network of convolutions takes all sides that it can halve as often as it has levels; a larger
    picture is a larger sheet of paper, at the scale of the training.
    Raises ConversionError for a side that is no such multiple, or smaller than the training's.
    """
    trained = size_of(checkpoint)
    if asked is None:
        return trained, trained
    multiple = stride_of(checkpoint.config.generator, size=trained)
    if any(side < trained or side % multiple for side in asked):
        fitting = [max(trained, side + -side % multiple) for side in asked]
        raise ConversionError(
            f"--size: expected multiples of {multiple} from {trained} on, the size of the "
            f"training, received {said(asked)}. {said((fitting[0], fitting[1]))} would do: pad the "
            "drawing with paper."
        )
    return asked


def said(size: Size) -> str:
    """Return a size as `parse_size` takes it."""
    height, width = size
    return str(height) if height == width else f"{width}x{height}"
