"""Learning rates over a training: constant at first, then falling to zero."""

import math

import keras
import tensorflow as tf


class _ConstantThenFalling(keras.optimizers.schedules.LearningRateSchedule):
    """A constant rate, then a fall to zero in the way of a subclass."""

    def __init__(self, rate: float, *, constant_steps: int, total_steps: int) -> None:
        self.rate, self.constant_steps, self.total_steps = rate, constant_steps, total_steps

    def left(self, step: tf.Tensor) -> tf.Tensor:
        """Return the share of the fall that lies ahead: 1 before it, 0 at its end."""
        falling = max(self.total_steps - self.constant_steps, 1)
        left = tf.cast(self.total_steps, tf.float32) - tf.cast(step, tf.float32)
        return tf.clip_by_value(left / falling, 0.0, 1.0)

    def get_config(self) -> dict[str, float | int]:
        """Return the arguments of the constructor, as Keras asks."""
        return {
            "rate": self.rate,
            "constant_steps": self.constant_steps,
            "total_steps": self.total_steps,
        }


@keras.saving.register_keras_serializable("nurie")
class ConstantThenLinear(_ConstantThenFalling):
    """A constant rate, then a straight line to zero (pix2pix: 100 + 100 epochs)."""

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """Return the rate of `step`, counted from 0: `rate` at first, 0 at `total_steps`."""
        return self.rate * self.left(step)


@keras.saving.register_keras_serializable("nurie")
class ConstantThenCosine(_ConstantThenFalling):
    """A constant rate, then half a cosine to zero (Loshchilov & Hutter 2017, without restarts)."""

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """Return the rate of `step`, counted from 0: `rate` at first, 0 at `total_steps`."""
        return self.rate * 0.5 * (1.0 - tf.cos(math.pi * self.left(step)))


SCHEDULES: dict[str, type[_ConstantThenFalling]] = {  # by their names in training/config.py
    "linear": ConstantThenLinear,
    "cosine": ConstantThenCosine,
}
