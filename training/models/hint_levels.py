"""What the hints around a place say, at every level of an encoder: pull and push.

A hint is a few pixels of many. Averaged down level by level, only over where there is one (pull),
and filled up again from coarse to fine (push), it reaches every place as the colour of the hints
near it (Gortler et al. 1996, The Lumigraph, 5.4). Nothing here is learned.
"""

import keras
import tensorflow as tf

FEWEST = 1e-4  # share of hinted places: where there is one, it is more


def filled_hints(hints: keras.KerasTensor, *, levels: int) -> list[keras.KerasTensor]:
    """Return for each level, (N, H / 2^(level + 1), ..., 4): the colour around, the mask there.

    hints: (N, H, W, 4), RGB in [-1, 1] times the mask, and the mask. Colours are 0 where the
    picture has no hint.
    """
    pulled = []
    for level in range(levels):
        hints = PulledHints(name=f"hints_pulled_{level}")(hints)
        pulled.append(hints)
    around = MeanHint(name="hints_mean")(pulled[-1])
    filled = [FillFromMean(name=f"hints_filled_{levels - 1}")([pulled[-1], around])]
    for level in reversed(range(levels - 1)):
        filled.append(PushedHints(name=f"hints_filled_{level}")([pulled[level], filled[-1]]))
    return filled[::-1]


@keras.saving.register_keras_serializable("nurie")
class PulledHints(keras.layers.Layer):
    """(N, H, W, 4) -> (N, H/2, W/2, 4): the mean of the hints among four pixels, where any is."""

    def call(self, hints: tf.Tensor) -> tf.Tensor:
        """The mask is 0 or 1 again where it was: colours are divided by the number of hints."""
        total = 4.0 * tf.nn.avg_pool2d(hints, 2, 2, "VALID")
        _, count = _parts(total)
        return total / tf.maximum(count, 1.0)


@keras.saving.register_keras_serializable("nurie")
class MeanHint(keras.layers.Layer):
    """(N, H, W, 4) -> (N, 1, 1, 4): the mean of all hints, and 1; 0 where there is none."""

    def call(self, hints: tf.Tensor) -> tf.Tensor:
        """hints: as `PulledHints` returns them."""
        mean = tf.reduce_mean(hints, axis=(1, 2), keepdims=True)
        _, share = _parts(mean)
        return mean / tf.maximum(share, FEWEST)


@keras.saving.register_keras_serializable("nurie")
class FillFromMean(keras.layers.Layer):
    """Give places without a hint the colour of the mean; the mask stays."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Pulled hints (N, H, W, 4) and `MeanHint` (N, 1, 1, 4). Returns as the first."""
        return _filled(*inputs)


@keras.saving.register_keras_serializable("nurie")
class PushedHints(keras.layers.Layer):
    """Give places without a hint the colour of the coarser level; the mask stays."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Pulled hints (N, H, W, 4) and the coarser level, filled: half as large."""
        pulled, coarser = inputs
        # Four copies side by side in depth become the four pixels of each: nearest neighbours.
        return _filled(pulled, tf.nn.depth_to_space(tf.concat(4 * [coarser], axis=-1), 2))


@keras.saving.register_keras_serializable("nurie")
class DepthToSpace(keras.layers.Layer):
    """(N, H, W, 4 C) -> (N, 2 H, 2 W, C): the sub-pixel layout of Shi et al. 2016."""

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: channels of the upper left, upper right, lower left, lower right pixel in turn."""
        return tf.nn.depth_to_space(x, 2)


def _filled(hints: tf.Tensor, behind: tf.Tensor) -> tf.Tensor:
    color, mask = _parts(hints)
    color += (1.0 - mask) * _parts(behind)[0]
    return tf.concat([color, mask], axis=-1)


def _parts(hints: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Part colours (N, H, W, 3) from the mask (N, H, W, 1)."""
    # Not by slices: coremltools moves no transpose through one, and would leave 26 of them.
    color, mask = tf.split(hints, [3, 1], axis=-1)
    return color, mask
