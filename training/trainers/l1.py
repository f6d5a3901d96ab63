"""A generator alone, trained by the distance to the true picture."""

import keras
import tensorflow as tf

from training.config import LossConfig
from training.trainers.base import GeneratorTrainer
from training.trainers.descent import descend, scaled
from training.trainers.means import update_means


class L1Trainer(GeneratorTrainer):
    """A generator alone, trained by L1, and L2 where it has a weight, to the true colours."""

    def __init__(
        self, generator: keras.Model, *, average: keras.Model | None, loss_config: LossConfig
    ) -> None:
        super().__init__(
            generator,
            average=average,
            loss_config=loss_config,
            means=("l1", "tv", "generator_gradient"),
            name="l1_trainer",
        )

    def train_step(self, batch: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """lineart (N, H, W, 1)[, hints (N, H, W, 4)], color (N, H, W, 3). Returns the means."""
        *inputs, color = batch
        with tf.GradientTape() as tape:
            distance, terms = self.distance(color, self.paint(inputs), inputs[0])
            loss = scaled(distance, self.optimizer)
        variables = self.generator.trainable_variables
        norm = descend(self.optimizer, tape.gradient(loss, variables), variables)
        return update_means(self.means, **terms, generator_gradient=norm)
