"""A generator alone, trained by L1."""

import keras
import tensorflow as tf

from training.config import LossConfig
from training.trainers.base import GeneratorTrainer
from training.trainers.descent import descend, scaled
from training.trainers.losses import l1_loss, tv_loss
from training.trainers.means import update_means


class L1Trainer(GeneratorTrainer):
    """A generator alone, trained by the mean absolute difference to the true colours."""

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

    def train_step(self, batch: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """lineart (N, H, W, 1) and color (N, H, W, 3), in [-1, 1]. Returns the epoch's means."""
        lineart, color = batch
        with tf.GradientTape() as tape:
            painted = self.generator(lineart, training=True)
            l1, tv = l1_loss(color, painted), tv_loss(painted, lineart)
            loss = scaled(self.loss_config.l1 * l1 + self.loss_config.tv * tv, self.optimizer)
        variables = self.generator.trainable_variables
        norm = descend(self.optimizer, tape.gradient(loss, variables), variables)
        return update_means(self.means, l1=l1, tv=tv, generator_gradient=norm)
