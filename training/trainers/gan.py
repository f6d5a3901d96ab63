"""A generator against a patch discriminator, with L1: pix2pix."""

import keras
import tensorflow as tf

from training.config import LossConfig
from training.losses import gan_discriminator_loss, gan_generator_loss, l1_loss, tv_loss
from training.trainers.means import update_means


class GanTrainer(keras.Model):
    """pix2pix: a generator and a patch discriminator, each against the other, plus L1.

    Differs from Algorithm 1 of Goodfellow et al. 2014 as pix2pix itself does in effect: both
    gradients of a step are taken from one forward pass, before either network moves.
    """

    def __init__(
        self, generator: keras.Model, discriminator: keras.Model, *, loss_config: LossConfig
    ) -> None:
        super().__init__(name="gan_trainer")
        self.generator = generator
        self.discriminator = discriminator
        self.loss_config = loss_config
        names = ("l1", "tv", "generator_gan", "discriminator")
        self.means = {name: keras.metrics.Mean(name=name) for name in names}

    def compile(
        self,
        optimizer: keras.optimizers.Optimizer,
        *,
        discriminator_optimizer: keras.optimizers.Optimizer,
        jit_compile: bool = False,
    ) -> None:
        """Take one optimizer for the generator and one for the discriminator."""
        super().compile(optimizer=optimizer, jit_compile=jit_compile)
        self.discriminator_optimizer = discriminator_optimizer

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """What Keras resets when an epoch begins."""
        return list(self.means.values())

    def train_step(self, batch: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """lineart (N, H, W, 1) and color (N, H, W, 3), in [-1, 1]. Returns the epoch's means."""
        lineart, color = batch
        with tf.GradientTape(persistent=True) as tape:
            painted = self.generator(lineart, training=True)
            real_logits = self.discriminator([lineart, color], training=True)
            fake_logits = self.discriminator([lineart, painted], training=True)
            l1, tv = l1_loss(color, painted), tv_loss(painted, lineart)
            gan = gan_generator_loss(fake_logits)
            generator_loss = gan + self.loss_config.l1 * l1 + self.loss_config.tv * tv
            discriminator_loss = gan_discriminator_loss(real_logits, fake_logits)
        generator_variables = self.generator.trainable_variables
        discriminator_variables = self.discriminator.trainable_variables
        generator_gradients = tape.gradient(generator_loss, generator_variables)
        discriminator_gradients = tape.gradient(discriminator_loss, discriminator_variables)
        del tape  # a persistent tape holds every activation until it goes
        self.optimizer.apply(generator_gradients, generator_variables)
        self.discriminator_optimizer.apply(discriminator_gradients, discriminator_variables)
        return update_means(
            self.means, l1=l1, tv=tv, generator_gan=gan, discriminator=discriminator_loss
        )

    def networks(self) -> dict[str, keras.Model]:
        """Every network whose weights are part of the state, by the name of its file."""
        return {"generator": self.generator, "discriminator": self.discriminator}

    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Every optimizer whose moments are part of the state, by the name of its file."""
        return {
            "generator_optimizer": self.optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }

    def seed_generators(self) -> dict[str, keras.random.SeedGenerator]:
        """Every source of random numbers that no layer holds, by its name: none."""
        return {}
