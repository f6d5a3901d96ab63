"""What somebody might want of a sample drawing: dots of colour, twice over."""

from collections.abc import Mapping, Sequence

import numpy as np

RADIUS = 0.02  # of a dot, of the side of the sheet; never less than a pixel

Dot = tuple[float, float, str]  # place from the upper left, in sides of the sheet, and #rrggbb

# As one would expect, and as nobody would.
WISHES: Mapping[str, tuple[Sequence[Dot], Sequence[Dot]]] = {
    "apple": (
        ((0.50, 0.62, "#d62839"), (0.64, 0.20, "#3fa04b")),
        ((0.50, 0.62, "#8ac926"), (0.64, 0.20, "#7b4f2c")),
    ),
    "butterfly": (
        ((0.38, 0.45, "#f7a01e"), (0.64, 0.43, "#f7a01e"), (0.40, 0.66, "#d62839")),
        ((0.38, 0.45, "#6248aa"), (0.64, 0.43, "#2896c8"), (0.59, 0.64, "#eb8cb4")),
    ),
    "car": (
        ((0.40, 0.59, "#d62839"), (0.83, 0.53, "#d62839"), (0.47, 0.42, "#a8d8f0")),
        ((0.40, 0.59, "#fadd3c"), (0.83, 0.53, "#3fa04b"), (0.64, 0.42, "#404040")),
    ),
    "cat": (
        ((0.30, 0.42, "#f7a01e"),),
        ((0.30, 0.42, "#2878d8"), (0.66, 0.40, "#2878d8")),
    ),
    "fish": (
        ((0.53, 0.60, "#f7a01e"), (0.83, 0.49, "#f7a01e"), (0.28, 0.57, "#fadd3c")),
        ((0.53, 0.60, "#3fa04b"), (0.83, 0.49, "#6248aa"), (0.28, 0.57, "#eb8cb4")),
    ),
    "flower": (
        ((0.50, 0.15, "#d62839"), (0.50, 0.34, "#fadd3c"), (0.36, 0.73, "#3fa04b")),
        ((0.50, 0.15, "#6248aa"), (0.66, 0.26, "#2896c8"), (0.50, 0.34, "#f7a01e")),
    ),
    "house": (
        ((0.30, 0.385, "#d62839"), (0.34, 0.53, "#f0e0b0"), (0.48, 0.78, "#7b4f2c")),
        ((0.30, 0.385, "#2896c8"), (0.34, 0.53, "#eb8cb4"), (0.48, 0.78, "#fadd3c")),
    ),
    "mushroom": (
        ((0.38, 0.28, "#d62839"), (0.50, 0.78, "#f0e0b0")),
        ((0.38, 0.28, "#6248aa"), (0.50, 0.32, "#fadd3c"), (0.50, 0.78, "#a8d8f0")),
    ),
    "rocket": (
        ((0.50, 0.17, "#d62839"), (0.43, 0.49, "#d8d8d8"), (0.50, 0.79, "#f7a01e")),
        ((0.50, 0.17, "#3fa04b"), (0.43, 0.49, "#fadd3c"), (0.30, 0.64, "#6248aa")),
    ),
    "tree": (
        ((0.34, 0.28, "#3fa04b"), (0.50, 0.76, "#7b4f2c"), (0.58, 0.33, "#d62839")),
        ((0.34, 0.28, "#eb8cb4"), (0.50, 0.76, "#404040")),
    ),
}


def wished(dots: Sequence[Dot], *, size: int) -> np.ndarray:
    """Draw dots as a hint picture (size, size, 4) uint8 RGBA."""
    import cv2

    hints = np.zeros((size, size, 4), np.uint8)
    for x, y, color in dots:
        rgb = bytes.fromhex(color.removeprefix("#"))
        place = (int(x * size), int(y * size))
        cv2.circle(hints, place, max(1, round(RADIUS * size)), (*rgb, 255), thickness=-1)
    return hints
