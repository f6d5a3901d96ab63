"""Pixels of hints: their parts, four of one, and what is in their neighbourhoods.

No number is added to or multiplied with a tensor of one channel where it can be helped: ONNX
Runtime then goes pixel by pixel, and takes thirty times as long.
"""

from collections.abc import Callable

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("nurie")
class DepthToSpace(keras.layers.Layer):
    """(N, H, W, 4 C) -> (N, 2 H, 2 W, C): the sub-pixel layout of Shi et al. 2016."""

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: channels of the upper left, upper right, lower left, lower right pixel in turn."""
        return tf.nn.depth_to_space(x, 2)


def repeated(x: tf.Tensor, count: int) -> tf.Tensor:
    """Repeat one channel: (N, H, W, 1) -> (N, H, W, count).

    A product of equal shapes takes a runtime a tenth of the time of one that repeats on its way.
    """
    return tf.concat(count * [x], axis=-1)


def doubled(x: tf.Tensor) -> tf.Tensor:
    """Repeat each pixel to four: copies side by side in depth become neighbours."""
    return tf.nn.depth_to_space(tf.concat(4 * [x], axis=-1), 2)


def parts(hints: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Part colours (N, H, W, C) from the mask (N, H, W, 1), which is the last channel."""
    # Not by slices: coremltools moves no transpose through one, and would leave 26 of them.
    color, mask = tf.split(hints, [hints.shape[-1] - 1, 1], axis=-1)
    return color, mask


def narrowed(paper: tf.Tensor) -> tf.Tensor:
    """Halve H and W of paper (N, H, W, 1): as open as the least open of four pixels."""
    return -tf.nn.max_pool2d(-paper, 2, 2, "VALID")


def neighbourhood_maximum(x: tf.Tensor, *, training: bool) -> tf.Tensor:
    """Return the largest value of each pixel and the neighbours that it has, up to eight.

    training: of shifted pictures. TensorFlow's pooling takes twelve times as long on a CPU for as
    few channels, a ninth of a step; a converter's runtimes have fast pools, and slow shifts.
    """
    if not training:
        return tf.nn.max_pool2d(x, 3, 1, "SAME")
    return _over_neighbours(tf.maximum, x, beyond="SYMMETRIC")  # which adds nothing


def neighbourhood_mean(x: tf.Tensor, *, training: bool) -> tf.Tensor:
    """Return the mean of each pixel and the neighbours that it has, up to eight.

    training: as `neighbourhood_maximum`.
    """
    if not training:
        return tf.nn.avg_pool2d(x, 3, 1, "SAME")
    count = _over_neighbours(tf.add, tf.ones_like(x[:1, ..., :1]), beyond="CONSTANT")
    return _over_neighbours(tf.add, x, beyond="CONSTANT") / count


def _over_neighbours(joined: Callable[..., tf.Tensor], x: tf.Tensor, *, beyond: str) -> tf.Tensor:
    x = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], beyond)
    rows = joined(joined(x[:, :-2], x[:, 1:-1]), x[:, 2:])
    return joined(joined(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])
