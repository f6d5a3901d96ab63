"""The sample drawings: line art that no extractor made and no network was trained on."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from training import pixels
from training.errors import DataError
from training.settings.sizes import Size

FOLDER = Path(__file__).resolve().parents[2] / "ios_demo_assets" / "drawings"


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One drawing, ready for a model."""

    name: str
    lineart: np.ndarray  # (H, W) uint8, paper 255


def sample_drawings(size: int | Size, *, folder: Path = FOLDER) -> list[Drawing]:
    """Rasterise every SVG of `folder`, by name, each on paper of `size`.

    size: the side of a square in pixels, or height and width. A drawing of another shape is fitted
    in and stands in the middle, never squashed.
    Raises DataError if there is no drawing, or one is not an SVG with a viewBox.
    """
    paths = sorted(folder.glob("*.svg"))
    if not paths:
        raise DataError(f"{folder}: expected SVG drawings, received none. Is the checkout whole?")
    return [Drawing(name=path.stem, lineart=rasterise(path, size)) for path in paths]


def rasterise(path: Path, size: int | Size) -> np.ndarray:
    """Draw one SVG file in the middle of paper of a size. Returns (H, W) uint8."""
    import io

    import resvg_py
    from PIL import Image

    width, height = _view_box(path)
    paper = np.full((size, size) if isinstance(size, int) else size, pixels.PAPER, np.uint8)
    scale = min(paper.shape[0] / height, paper.shape[1] / width)
    png = resvg_py.svg_to_bytes(
        svg_path=str(path),
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        background="#ffffff",
        skip_system_fonts=True,
    )
    drawn = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    top, left = (paper.shape[0] - drawn.shape[0]) // 2, (paper.shape[1] - drawn.shape[1]) // 2
    paper[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return paper


def _view_box(path: Path) -> tuple[float, float]:
    """Return width and height of the drawing in its own units."""
    try:
        numbers = ElementTree.parse(path).getroot().get("viewBox", "").split()
        _, _, width, height = (float(number) for number in numbers)
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise DataError(
            f"{path} is not a drawing: expected an SVG with a viewBox of four numbers ({error})."
        ) from error
    return width, height
