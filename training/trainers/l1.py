"""A generator alone, trained by L1."""

import keras
import tensorflow as tf

from training.config import LossConfig
from training.losses import l1_loss, tv_loss
from training.trainers.means import update_means


class L1Trainer(keras.Model):
    """A generator alone, trained by the mean absolute difference to the true colours."""

    def __init__(self, generator: keras.Model, *, loss_config: LossConfig) -> None:
        super().__init__(name="l1_trainer")
        self.generator = generator
        self.loss_config = loss_config
        self.means = {name: keras.metrics.Mean(name=name) for name in ("l1", "tv")}

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """What Keras resets when an epoch begins."""
        return list(self.means.values())

    def train_step(self, batch: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """lineart (N, H, W, 1) and color (N, H, W, 3), in [-1, 1]. Returns the epoch's means."""
        lineart, color = batch
        with tf.GradientTape() as tape:
            painted = self.generator(lineart, training=True)
            l1, tv = l1_loss(color, painted), tv_loss(painted, lineart)
            loss = self.loss_config.l1 * l1 + self.loss_config.tv * tv
        variables = self.generator.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return update_means(self.means, l1=l1, tv=tv)

    def networks(self) -> dict[str, keras.Model]:
        """Every network whose weights are part of the state, by the name of its file."""
        return {"generator": self.generator}

    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Every optimizer whose moments are part of the state, by the name of its file."""
        return {"generator_optimizer": self.optimizer}

    def seed_generators(self) -> dict[str, keras.random.SeedGenerator]:
        """Every source of random numbers that no layer holds, by its name: none."""
        return {}
