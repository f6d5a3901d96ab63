"""Drawings of one style that `pretrained` has never seen."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.data.sources.candidate import Pair

STYLE = "miniavs"  # of dicebear-styles; none of training/data/sources/portraits/styles.py
LICENCE = "CC BY 4.0"
LINE, DRAWN_AT = 0.016, 256  # of a drawing's width; pixels


def drawn(numbers: Iterable[int]) -> "Iterator[tuple[str, Pair]]":
    """Yield a name and a pair for each number, which decides what it looks like."""
    from dicebear import Avatar, Style

    from training.data.sources.outlined import parted_pair
    from training.data.sources.portraits.styles import definition
    from training.data.sources.shapes import ShapeDrawing

    style = Style(definition(STYLE))
    for number in numbers:
        svg = str(Avatar(style, {"seed": f"nurie-{number}", "backgroundColor": []}))
        drawing = ShapeDrawing(svg)
        pair = parted_pair(drawing, outline=LINE * drawing.width, size=DRAWN_AT)
        yield f"{STYLE}-{number:02d}", pair


def credit() -> str:
    """Return whom to name for them."""
    from training.data.sources.portraits.styles import definition

    text: str = definition(STYLE)["meta"]["license"]["text"]
    return text
