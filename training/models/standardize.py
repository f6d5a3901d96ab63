"""The layer that brings inputs to mean 0 and variance 1 over the data set."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import tensorflow as tf


@dataclass(frozen=True, kw_only=True)
class PictureStatistics:
    """Of the channels lineart, red, green, blue over a data set, in [-1, 1]."""

    mean: tuple[float, float, float, float]
    deviation: tuple[float, float, float, float]  # standard deviation, above 0


# What leaves inputs as they are.
UNCHANGED = PictureStatistics(mean=(0.0, 0.0, 0.0, 0.0), deviation=(1.0, 1.0, 1.0, 1.0))


@keras.saving.register_keras_serializable("nurie")
class Standardize(keras.layers.Layer):
    """(x - mean) / deviation, channel by channel, with constants measured before training.

    Self-normalising networks need such inputs (Klambauer et al. 2017), and line art is mostly +1.
    The constants are weights that are not trained: they are saved with the network and exported
    inside it, so that nobody who uses it has to know them.
    """

    def __init__(  # type: ignore[no-untyped-def]
        self, mean: Sequence[float], deviation: Sequence[float], **kwargs
    ):
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.initial_mean, self.initial_deviation = tuple(mean), tuple(deviation)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create both constants, one of each per channel."""
        self.mean, self.deviation = (
            self.add_weight(
                name=name,
                shape=(input_shape[-1],),
                initializer=lambda shape, dtype, values=values: tf.constant(values, dtype, shape),
                trainable=False,
            )
            for name, values in (
                ("mean", self.initial_mean),
                ("deviation", self.initial_deviation),
            )
        )

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: (N, H, W, C). Returns the same shape."""
        return (x - self.mean) / self.deviation

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {
            **super().get_config(),
            "mean": self.initial_mean,
            "deviation": self.initial_deviation,
        }
