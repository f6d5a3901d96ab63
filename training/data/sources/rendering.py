"""Render an SVG to pixels on white paper, by resvg."""

from pathlib import Path

import numpy as np

from training.data.records import decode_color
from training.errors import PictureError
from training.picture.squares import fit


def render_file(svg: Path, *, size: int, style_sheet: str | None = None) -> np.ndarray:
    """Return (size, size, 3) uint8 RGB of an SVG file; style_sheet overrules its attributes."""
    return _render(size, svg_path=str(svg), style_sheet=style_sheet)


def render_text(svg: str, *, size: int) -> np.ndarray:
    """Return (size, size, 3) uint8 RGB of an SVG document."""
    return _render(size, svg_string=svg)


def _render(
    size: int,
    *,
    svg_path: str | None = None,
    svg_string: str | None = None,
    style_sheet: str | None = None,
) -> np.ndarray:
    import resvg_py

    try:
        png = resvg_py.svg_to_bytes(
            svg_path=svg_path,
            svg_string=svg_string,
            width=size,
            height=size,
            background="#ffffff",
            style_sheet=style_sheet,
            skip_system_fonts=True,  # no drawing holds text, and looking for fonts takes long
        )
    except ValueError as error:
        raise PictureError(f"cannot be rendered: {error}") from error
    # A drawing that is not square comes smaller than asked for: it is centred on paper.
    return fit(decode_color(png), (size, size))
