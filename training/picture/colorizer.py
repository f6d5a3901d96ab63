"""Colour pixels with a generator in Keras: the reference that every exported model is held to."""

from typing import TYPE_CHECKING

import numpy as np

from training import pixels
from training.picture.ports import as_inputs, paints_layer, takes_hints

if TYPE_CHECKING:
    import keras


def colorize_pixels(
    generator: "keras.Model",
    lineart: np.ndarray,
    hints: np.ndarray | None = None,
    *,
    batch_size: int = 16,
) -> np.ndarray:
    """Colour drawings whose sides the generator can take: multiples of its stride.

    lineart: (N, H, W) uint8, paper 255. hints: (N, H, W, 4) uint8 RGBA, for a generator that takes
    hints; None: none are given. Returns finished pictures (N, H, W, 3) uint8 RGB: a layer that
    the generator paints is laid under the ink.
    """
    inputs = [pixels.to_unit_range(lineart[..., np.newaxis])]
    if takes_hints(generator):
        given = np.zeros((*lineart.shape, 4), np.uint8) if hints is None else hints
        inputs.append(pixels.hints_to_unit_range(given))
    painted = generator.predict(as_inputs(inputs), batch_size=batch_size, verbose=0)
    picture = pixels.to_uint8(painted)
    return pixels.under_ink(picture, lineart) if paints_layer(generator) else picture


def colorize_drawing(
    generator: "keras.Model",
    lineart: np.ndarray,
    hints: np.ndarray | None = None,
    *,
    multiple: int,
    minimum: int,
) -> np.ndarray:
    """Colour one drawing of any size: padded with paper, coloured whole, cropped back.

    lineart: (H, W) uint8. hints: (H, W, 4) uint8 RGBA, or None. multiple: the generator's stride.
    minimum: the size it was trained at: a smaller drawing is padded to it, since pictures without
    margins were never seen. Returns (H, W, 3) uint8 RGB.
    """
    padded, top, left = pad_with_paper(lineart, multiple=multiple, minimum=minimum)
    height, width = lineart.shape
    inside = slice(top, top + height), slice(left, left + width)
    given = None
    if hints is not None:
        given = np.zeros((1, *padded.shape, 4), np.uint8)
        given[0][inside] = hints
    return colorize_pixels(generator, padded[np.newaxis], given)[0][inside]


def pad_with_paper(
    lineart: np.ndarray, *, multiple: int, minimum: int
) -> tuple[np.ndarray, int, int]:
    """Centre a drawing (H, W) uint8 on paper whose sides are multiples of `multiple`.

    Returns the padded drawing and the row and column at which the drawing begins.
    """
    sides = [max(side, minimum) + -max(side, minimum) % multiple for side in lineart.shape]
    gaps = [padded - side for padded, side in zip(sides, lineart.shape, strict=True)]
    widths = [(gap // 2, gap - gap // 2) for gap in gaps]
    padded = np.pad(lineart, widths, constant_values=pixels.PAPER)
    return padded, widths[0][0], widths[1][0]
