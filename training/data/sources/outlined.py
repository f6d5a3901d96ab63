"""Make a pair of a drawing that has shapes, or shapes and ink: line art, layer and picture."""

import numpy as np

from training.data.sources.candidate import LINE_WIDTHS, Pair, width_names
from training.data.sources.rendering import render_text
from training.data.sources.shapes import ShapeDrawing
from training.picture.distance import nearest_known
from training.pixels import INK_BELOW, PAPER, under_ink

# Ink is widened and thinned at this side at least, where a step is a fraction of a line.
_FINE_SIDE = 512
_SAME_COLOR = 24  # grey levels of any channel: no edge that a line would stand for


def outlined_pair(drawing: ShapeDrawing, *, outline: float, size: int) -> Pair:
    """Draw an outline of each width about every shape; `outline` in units of the drawing."""
    layer = render_text(drawing.colors(outline), size=size)
    lineart = tuple(
        render_text(drawing.line_art(outline * width), size=size)[..., 0] for width in LINE_WIDTHS
    )
    return Pair(
        color=under_ink(layer, lineart[0]),
        lineart=lineart,
        extractors=width_names("outlined"),
        layer=layer,
    )


def parted_pair(drawing: ShapeDrawing, *, outline: float, size: int) -> Pair:
    """As outlined_pair, without the lines that have one colour on both sides.

    For drawings whose shapes overlap where nobody sees it, such as hair before hair.
    """
    import cv2

    side = _fine_side(size)
    layer = render_text(drawing.colors(outline), size=side)
    ink = render_text(drawing.line_art(0), size=side)[..., 0]
    edges = cv2.morphologyEx(layer, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=-1)
    # As far from an edge as the widest line reaches on one side of it, outlines twice as wide
    # included: _outlined of shapes.
    reach = round(outline * max(LINE_WIDTHS) * side / drawing.width) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    parts = cv2.dilate(edges, disc) > _SAME_COLOR
    lineart = []
    for width in LINE_WIDTHS:
        outlines = render_text(drawing.line_art(outline * width), size=side)[..., 0]
        lines = np.where(parts, outlines, ink).astype(np.uint8)
        lineart.append(_reduced(lines, size))
    layer = _reduced(layer, size)
    return Pair(
        color=under_ink(layer, lineart[0]),
        lineart=tuple(lineart),
        extractors=width_names("outlined"),
        layer=layer,
    )


def inked_pair(drawing: ShapeDrawing, *, own: float, line: float, size: int) -> Pair:
    """Draw a drawing's own ink, whose lines are about `own` of its side wide, `line` wide instead.

    Often the ink lies below the colours as a larger shape, so that nothing is left in its place
    without it: there the layer takes the nearest colour.
    """
    side = _fine_side(size)
    fine_ink = render_text(drawing.line_art(0), size=side)[..., 0]
    fine_layer = _grown_under(fine_ink, render_text(drawing.colors(0), size=side))
    lineart = tuple(
        _reduced(_widened(fine_ink, (line * width - own) * side / 2), size) for width in LINE_WIDTHS
    )
    layer = _reduced(fine_layer, size)
    return Pair(
        color=under_ink(layer, lineart[0]),
        lineart=lineart,
        extractors=width_names("drawn"),
        layer=layer,
    )


def _fine_side(size: int) -> int:
    return size * -(-_FINE_SIDE // size)


def _grown_under(ink: np.ndarray, layer: np.ndarray) -> np.ndarray:
    import cv2

    # One pixel beyond the ink too: its soft edge was mixed with what is no colour.
    clean = cv2.erode(ink, np.ones((3, 3), np.uint8)) >= PAPER - 4
    return layer.reshape(-1, 3)[nearest_known(clean, mask_size=5)] if clean.any() else layer


def _widened(ink: np.ndarray, by: float) -> np.ndarray:
    """Return ink that is wider by so many pixels on each side, or narrower if below 0.

    A line too thin to be narrowed stays as it is.
    """
    import cv2

    radius = round(abs(by))
    if radius == 0:
        return ink
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    if by > 0:
        return cv2.erode(ink, disc)
    narrowed = cv2.dilate(ink, disc)
    wide_alone = cv2.erode(narrowed, disc)
    is_thin = (ink < INK_BELOW) & (wide_alone >= INK_BELOW)
    return np.where(is_thin, ink, narrowed).astype(np.uint8)


def _reduced(picture: np.ndarray, size: int) -> np.ndarray:
    import cv2

    return cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
