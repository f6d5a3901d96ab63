"""The sample drawings as PNG files, with hints or without: what an app would read."""

import io

import numpy as np

from benchmarks.drawing.hints import made_up_colors
from benchmarks.drawing.samples import sample_drawings
from conversion.export.drawings import true_hints
from conversion.interface import Colors
from training import pixels
from training.settings.sizes import Size

# A drawing as a PNG file, and its hints as another for a model that takes any.
Page = tuple[bytes, bytes | None]
HINTS = 8  # on each drawing


def drawn_pages(size: int | Size, *, hints: bool, colors: Colors = "gray") -> list[Page]:
    """Return every sample drawing on paper of a size, by name: see `sample_drawings`.

    colors: gray for what takes line art; for what takes pictures in colour they are coloured in.
    """
    lineart = np.stack([drawing.lineart for drawing in sample_drawings(size)])
    if colors != "gray":
        return [(_png(_in_color(drawing, colors)), None) for drawing in lineart]
    if not hints:
        return [(_png(drawing), None) for drawing in lineart]
    color = np.stack([made_up_colors(drawing) for drawing in lineart])
    dots = true_hints(lineart, color, count=HINTS)
    return [(_png(drawing), _png(given)) for drawing, given in zip(lineart, dots, strict=True)]


def _in_color(drawing: np.ndarray, colors: Colors) -> np.ndarray:
    picture = made_up_colors(drawing)
    opaque = np.full_like(picture[..., :1], pixels.PAPER)
    return np.concatenate([picture, opaque], axis=-1) if colors == "rgba" else picture


def _png(picture: np.ndarray) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.fromarray(picture).save(written, format="PNG")
    return written.getvalue()
