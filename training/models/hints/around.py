"""The colour of the hints around a place, at every level of an encoder.

A hint is a few pixels of many. Averaged down level by level, only over where there is one (pull),
and filled up again from coarse to fine (push), it reaches every place as the colour of the hints
near it (Gortler et al. 1996, The Lumigraph, 5.4).
"""

import keras
import tensorflow as tf

from training.models.hints.pixels import doubled, parts

FEWEST = 1e-4  # share of hinted places: where there is one, it is more


def pulled_hints(
    hints: keras.KerasTensor, *, levels: int, name: str = "hints_pulled"
) -> list[keras.KerasTensor]:
    """Return hints for each level, (N, H / 2^(level + 1), ..., 4), finest first.

    hints: (N, H, W, 4), RGB in [-1, 1] times the mask, and the mask.
    """
    pulled = []
    for level in range(levels):
        hints = PulledHints(name=f"{name}_{level}")(hints)
        pulled.append(hints)
    return pulled


def filled_hints(hints: keras.KerasTensor, *, levels: int) -> list[keras.KerasTensor]:
    """Return for each level, as `pulled_hints`: the colour of the hints around, and the mask there.

    Colours are 0 where the picture has no hint.
    """
    pulled = pulled_hints(hints, levels=levels)
    *finer, coarsest = pulled
    around = MeanHint(name="hints_mean")(coarsest)
    filled = [FillFromMean(name=f"hints_filled_{len(finer)}")([coarsest, around])]
    for level in reversed(range(len(finer))):
        filled.append(PushedHints(name=f"hints_filled_{level}")([pulled[level], filled[-1]]))
    return filled[::-1]


@keras.saving.register_keras_serializable("nurie")
class PulledHints(keras.layers.Layer):
    """(N, H, W, 4) -> (N, H/2, W/2, 4): the mean of the hints among four pixels, where any is."""

    def call(self, hints: tf.Tensor) -> tf.Tensor:
        """The mask is 0 or 1 again where it was: colours are divided by the number of hints."""
        total = 4.0 * tf.nn.avg_pool2d(hints, 2, 2, "VALID")
        _, count = parts(total)
        return total / tf.maximum(count, 1.0)


@keras.saving.register_keras_serializable("nurie")
class MeanHint(keras.layers.Layer):
    """(N, H, W, 4) -> (N, 1, 1, 4): the mean of all hints, and 1; 0 where there is none."""

    def call(self, hints: tf.Tensor) -> tf.Tensor:
        """hints: as `PulledHints` returns them."""
        mean = tf.reduce_mean(hints, axis=(1, 2), keepdims=True)
        _, share = parts(mean)
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
        return _filled(pulled, doubled(coarser))


def _filled(hints: tf.Tensor, behind: tf.Tensor) -> tf.Tensor:
    color, mask = parts(hints)
    color += (1.0 - mask) * parts(behind)[0]
    return tf.concat([color, mask], axis=-1)
