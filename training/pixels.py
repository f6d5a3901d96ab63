"""The only definition of the pixel range: uint8 [0, 255] <-> float32 [-1, 1].

Paper is +1 and ink is -1 in line art; colours are RGB. The arithmetic is written with
operators alone, so that it serves NumPy arrays and TensorFlow tensors alike.
"""

from typing import Any

import numpy as np

from training.errors import DataError

# float = uint8 * SCALE + BIAS: 0 -> -1, 127.5 -> 0, 255 -> +1.
SCALE = 1 / 127.5
BIAS = -1.0
PAPER = 255  # uint8
PAPER_UNIT = 1.0  # the same, in [-1, 1]
INK_BELOW = 128  # uint8; an antialiased edge counts as what covers most of it
CLEAN_ABOVE = 230  # uint8: paper under less ink than a tenth shows its colour


def to_unit_range(pixels: np.ndarray) -> np.ndarray:
    """Scale pixels to the range the networks work in.

    pixels: any shape, uint8 in [0, 255].
    Returns the same shape, float32 in [-1, 1]; 127.5 maps to 0.
    """
    return pixels.astype(np.float32) / np.float32(127.5) + np.float32(BIAS)


def to_uint8(unit: np.ndarray) -> np.ndarray:
    """Turn network output into pixels: clip(round((x + 1) * 127.5), 0, 255).

    unit: any shape, float in [-1, 1]; values outside are clipped. Halves round to even (NumPy).
    Returns the same shape, uint8. Raises DataError for NaN or infinity, which are no colours.
    """
    if not np.isfinite(unit).all():
        raise DataError("a picture holds NaN or infinity: the network that painted it is broken.")
    return np.clip(np.round((unit.astype(np.float32) + 1) * np.float32(127.5)), 0, 255).astype(
        np.uint8
    )


def under_ink(layer: np.ndarray, lineart: np.ndarray) -> np.ndarray:
    """Lay a drawing over the colours below it: layer x lineart in [0, 1], as in DESIGN section 1.

    layer: (..., H, W, 3), lineart: (..., H, W), uint8. Returns as layer, rounded.
    """
    import cv2

    if not layer.size:
        return layer.copy()
    # One picture after the other as rows of one: OpenCV knows no more. Halves do not occur, since
    # 255 is odd, so that its rounding is any other.
    rows = layer.reshape(-1, *layer.shape[-2:])
    ink = cv2.merge([lineart.reshape(-1, lineart.shape[-1])] * layer.shape[-1])
    ink = ink.reshape(rows.shape)
    return cv2.multiply(rows, ink, scale=1 / 255).reshape(layer.shape)


def on_paper(hints: np.ndarray) -> np.ndarray:
    """Show hints on white paper: (..., 4) uint8 RGBA -> (..., 3) uint8 RGB."""
    mask = hints[..., 3:].astype(np.uint16)
    blended = hints[..., :3] * mask + PAPER * (255 - mask)
    return ((blended + 127) // 255).astype(np.uint8)


def hints_to_unit_range(hints: np.ndarray) -> np.ndarray:
    """Turn a hint picture into what networks take.

    hints: (..., 4) uint8 RGBA. Returns float32: RGB in [-1, 1] and a mask in [0, 1]; RGB fades to
    0 with the mask.
    """
    mask = hints[..., 3:].astype(np.float32) / np.float32(255)
    return np.concatenate([to_unit_range(hints[..., :3]) * mask, mask], axis=-1)


def hints_to_uint8(hints: np.ndarray) -> np.ndarray:
    """Turn what networks take into a hint picture again: (..., 4) float32 -> uint8 RGBA.

    The mask is 0 or 1; where it is 0, all channels are.
    """
    mask = hints[..., 3:] > 0.5
    rgba = np.concatenate([to_uint8(hints[..., :3]), np.full(mask.shape, 255, np.uint8)], axis=-1)
    return np.where(mask, rgba, np.uint8(0))


def tensor_to_unit_range(pixels: Any) -> Any:
    """Do the same as `to_unit_range` to a TensorFlow tensor inside a graph."""
    import tensorflow as tf

    return tf.cast(pixels, tf.float32) / 127.5 + BIAS


def tensor_hints_to_unit_range(hints: Any) -> Any:
    """Do the same as `hints_to_unit_range` to a uint8 tensor (..., 4) inside a graph."""
    import tensorflow as tf

    mask = tf.cast(hints[..., 3:], tf.float32) / 255.0
    return tf.concat([tensor_to_unit_range(hints[..., :3]) * mask, mask], axis=-1)


def tensor_under_ink(layer: Any, lineart: Any) -> Any:
    """Do the same as `under_ink` to uint8 tensors (..., 3) and (..., 1) inside a graph."""
    import tensorflow as tf

    product = tf.cast(layer, tf.int32) * tf.cast(lineart, tf.int32)
    return tf.cast((product + 127) // 255, tf.uint8)
