"""The picture sizes of an exported model: that of the training, or those that --size asks for."""

from conversion.errors import ConversionError
from training.run.checkpoint import Checkpoint
from training.settings.networks import stride_of
from training.settings.sizes import Size, common_side, parse_size, said


def size_of(checkpoint: Checkpoint) -> Size:
    """Return the size of the pictures that a checkpoint was trained on."""
    return checkpoint.config.height_width


def parse_sizes(text: str) -> list[Size]:
    """Return the sizes of "128,256,512x384", in this order. Raises ConfigError."""
    return [parse_size(each) for each in text.split(",")]


def parsed_size(text: str | None) -> Size | None:
    """Return what `parse_size` does; None where nothing was asked for."""
    return None if text is None else parse_size(text)


def export_size(checkpoint: Checkpoint, asked: Size | None = None) -> Size:
    """Return height and width of an export's pictures: as trained, or what is asked for.

    A network of convolutions takes all sides that it can halve as often as it has levels; a larger
    picture is a larger sheet of paper, at the scale of the training.
    Raises ConversionError for a side that is no such multiple, or smaller than the training's.
    """
    trained = size_of(checkpoint)
    if asked is None:
        return trained
    multiple = stride_of(checkpoint.config.generator, size=common_side(trained))
    sides = list(zip(asked, trained, strict=True))
    if any(side < least or side % multiple for side, least in sides):
        height, width = (max(least, side + -side % multiple) for side, least in sides)
        raise ConversionError(
            f"--size: expected multiples of {multiple} from {said(trained)} on, the size of the "
            f"training, received {said(asked)}. {said((height, width))} would do: pad the drawing "
            "with paper."
        )
    return asked
