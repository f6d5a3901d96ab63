"""The running average of a generator's weights, which varies less than the weights of each step."""

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf


class AverageWeights(keras.callbacks.Callback):
    """Moves `average` towards `generator` after every step.

    An exponential moving average (Polyak & Juditsky 1992; for GANs, Yazici et al. 2019). The
    first steps are forgotten sooner, as in tf.train.ExponentialMovingAverage: after n steps the
    decay is (1 + n) / (10 + n) at most, so that the random start does not linger in short runs.
    The state is the average's weights and the optimizer's step: nothing else has to be saved.
    """

    def __init__(
        self,
        average: keras.Model,
        generator: keras.Model,
        *,
        decay: float,
        optimizer: keras.optimizers.Optimizer,
    ) -> None:
        super().__init__()
        self._pairs = [
            (kept.value, moving.value)
            for kept, moving in zip(
                average.trainable_weights, generator.trainable_weights, strict=True
            )
        ]
        self._decay, self._optimizer = decay, optimizer
        self._strategy = tf.distribute.get_strategy()  # of the scope that both were built in

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Take in the weights of one step."""
        with self._strategy.scope():
            self._update(tf.cast(self._optimizer.iterations.value, tf.float32))

    @tf.function
    def _update(self, step: tf.Tensor) -> None:
        decay = tf.minimum(self._decay, (1.0 + step) / (10.0 + step))
        for kept, moving in self._pairs:
            kept.assign(decay * kept + (1.0 - decay) * moving)


def begin_average(average: keras.Model, generator: keras.Model) -> None:
    """Let the average begin where the generator does."""
    for kept, moving in zip(average.weights, generator.weights, strict=True):
        kept.assign(moving)
