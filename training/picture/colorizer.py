"""Colour pixels with a generator in Keras: the reference that every exported model is held to."""

from typing import TYPE_CHECKING

import numpy as np

from training import pixels
from training.picture.finishing.net import Net
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
    painted = paint_pixels(generator, lineart, hints, batch_size=batch_size)
    return pixels.under_ink(painted, lineart) if paints_layer(generator) else painted


def paint_pixels(
    generator: "keras.Model",
    lineart: np.ndarray,
    hints: np.ndarray | None = None,
    *,
    batch_size: int = 16,
) -> np.ndarray:
    """Do as `colorize_pixels`, but return a layer that the generator paints as it is."""
    inputs = [pixels.to_unit_range(lineart[..., np.newaxis])]
    if takes_hints(generator):
        given = np.zeros((*lineart.shape, 4), np.uint8) if hints is None else hints
        inputs.append(pixels.hints_to_unit_range(given))
    painted = generator.predict(as_inputs(inputs), batch_size=batch_size, verbose=0)
    return pixels.to_uint8(painted)


def net_of_generator(
    generator: "keras.Model", *, size: tuple[int, int], learned: tuple[float, float]
) -> Net:
    """Return a generator as what colours working pictures of `size`, multiples of its stride.

    learned: the thinnest and the thickest line of its training, in pixels.
    """

    def paint(lineart: np.ndarray, hints: np.ndarray | None) -> np.ndarray:
        given = None if hints is None else hints[np.newaxis]
        return paint_pixels(generator, lineart[np.newaxis], given)[0]

    return Net(paint=paint, size=size, learned=learned, layer=paints_layer(generator))


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
