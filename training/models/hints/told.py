"""All that a decoder is told of its hints, and the hand that takes their colours over."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from training.models.hints.around import filled_hints
from training.models.hints.flood import flooded_hints


def told_levels(
    inputs: Sequence[keras.KerasTensor], *, levels: int
) -> tuple[list[keras.KerasTensor], keras.KerasTensor]:
    """Return what a decoder is told at each level, and the flood at the picture's own size.

    inputs: lineart (N, H, W, 1) and hints (N, H, W, 4). At each level (N, H / 2^(level + 1), ...,
    9): the colour around and the mask there, as `filled_hints`, and the flood, as `flooded_hints`.
    The flood at full size: (N, H, W, 5).
    """
    lineart, hints = inputs
    around = filled_hints(hints, levels=levels)
    full, *floods = flooded_hints(lineart, hints, levels=levels)
    told = [
        keras.layers.Concatenate(name=f"told_{level}")([one, other])
        for level, (one, other) in enumerate(zip(around, floods, strict=True))
    ]
    return told, full


@keras.saving.register_keras_serializable("nurie")
class TakenHints(keras.layers.Layer):
    """Paint what was flooded in the flood's colour, as far as a gate lets, the rest as guessed."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """A guess (N, H, W, 3), a gate (N, H, W, 1) in [0, 1], a flood (N, H, W, 5).

        Returns as the guess. Where no flood is, it is the guess itself.
        """
        guess, gate, flood = inputs
        color, _, reached = tf.split(flood, [3, 1, 1], axis=-1)  # colour times what is reached
        return guess + gate * (color - reached * guess)
