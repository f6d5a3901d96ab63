"""Sizes of pictures as people say them: 64 is a square, "192x128" is 192 wide and 128 high."""

import math
import re

from training.errors import ConfigError

Size = tuple[int, int]  # height and width in pixels
SaidSize = int | str  # as options and records have it: the side of a square, or width by height


def parse_size(text: str) -> Size:
    """Return height and width of "1024x704", as people say it: width first; "512" is a square.

    Raises ConfigError for anything else.
    """
    found = re.fullmatch(r"0*([1-9]\d{0,8})(?:x0*([1-9]\d{0,8}))?", text)
    if not found:
        raise ConfigError(
            f"--size: expected pixels such as 512, or width by height such as 1024x704, received "
            f"{text!r}."
        )
    width, height = int(found[1]), int(found[2] or found[1])
    return height, width


def height_width(size: SaidSize) -> Size:
    """Return height and width of a size. Raises ConfigError for what is none."""
    return (size, size) if isinstance(size, int) else parse_size(size)


def common_side(size: Size) -> int:
    """Return the side of the largest squares that fill a picture: both sides halve as it does."""
    return math.gcd(*size)


def square_side(size: Size) -> int:
    """Return the side of a square. Raises ConfigError for another picture."""
    if size[0] != size[1]:
        raise ConfigError(f"size: expected a square, received {said(size)}.")
    return size[0]


def said(size: Size) -> str:
    """Return a size as `parse_size` takes it."""
    height, width = size
    return str(height) if height == width else f"{width}x{height}"


def as_said(size: Size) -> SaidSize:
    """Return a size as records have it: the side of a square, or its text."""
    height, width = size
    return height if height == width else said(size)
