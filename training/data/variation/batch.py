"""Vary the lines of a batch and draw its hints, as a step of a tf.data pipeline.

Each picture has random numbers of its own, from the key of its batch and its place in it: neither
threads nor the pictures beside it matter.
"""

import numpy as np
import tensorflow as tf

from training import pixels
from training.data.variation.hints import hinted
from training.data.variation.pens import redraw
from training.settings.pictures import AugmentConfig, HintsConfig

_PEN, _HINTS = range(2)  # one stream of random numbers for each purpose


def vary_lines(
    lineart: tf.Tensor,
    color: tf.Tensor,
    layer: tf.Tensor,
    has_layer: tf.Tensor,
    *,
    key: tf.Tensor,
    augment: AugmentConfig,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Draw a share of the pictures with another pen.

    lineart: (N, H, W, 1), color, layer: (N, H, W, 3), uint8; has_layer: (N,) bool: whether the
    layer is known; key: (2,) int64. Returns lineart and color.
    """

    @tf.autograph.experimental.do_not_convert  # it is NumPy throughout
    def varied(*arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        of_key, lines, colors, layers, known = arrays
        lines, colors = lines.copy(), colors.copy()
        for i in range(len(lines)):
            rng = _rng(of_key, _PEN, i)
            if rng.random() < augment.redrawn:
                below = layers[i] if known[i] else None
                lines[i, ..., 0], colors[i] = redraw(
                    lines[i, ..., 0], colors[i], below, rng=rng, augment=augment
                )
        return lines, colors

    new = tf.numpy_function(
        varied, (key, lineart, color, layer, has_layer), (tf.uint8, tf.uint8), stateful=False
    )
    return tf.ensure_shape(new[0], lineart.shape), tf.ensure_shape(new[1], color.shape)


def add_hints(
    lineart: tf.Tensor, color: tf.Tensor, *, key: tf.Tensor, config: HintsConfig
) -> tuple[tf.Tensor, tf.Tensor]:
    """Draw the hints of each picture.

    lineart: (N, H, W, 1), color: (N, H, W, 3), float32 in [-1, 1]; key: (2,) int64.
    Returns hints (N, H, W, 4) and color, which differs where a picture with hints is recoloured.
    """

    @tf.autograph.experimental.do_not_convert  # it is NumPy throughout
    def drawn(*arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        of_key, lines, colors = arrays
        lines, colors = pixels.to_uint8(lines[..., 0]), pixels.to_uint8(colors)
        hints = np.empty((*lines.shape, 4), np.uint8)
        for i in range(len(lines)):
            rng = _rng(of_key, _HINTS, i)
            hints[i], colors[i] = hinted(lines[i], colors[i], rng=rng, config=config)
        return pixels.hints_to_unit_range(hints), pixels.to_unit_range(colors)

    new = tf.numpy_function(drawn, (key, lineart, color), (tf.float32, tf.float32), stateful=False)
    shape = (*color.shape[:-1], 4)
    return tf.ensure_shape(new[0], shape), tf.ensure_shape(new[1], color.shape)


def _rng(key: np.ndarray, purpose: int, picture: int) -> np.random.Generator:
    """Return the random numbers of one picture. key: (2,) int64, of either sign."""
    return np.random.default_rng([*key.view(np.uint64).tolist(), purpose, picture])
