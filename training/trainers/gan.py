"""A generator against a patch discriminator, with L1: pix2pix."""

import keras
import tensorflow as tf

from training.config import LossConfig
from training.models.adversaries.observed import observed
from training.trainers.base import GeneratorTrainer
from training.trainers.descent import descend, scaled
from training.trainers.losses import (
    feature_matching_loss,
    gan_discriminator_loss,
    gan_generator_loss,
)
from training.trainers.means import update_means


class GanTrainer(GeneratorTrainer):
    """pix2pix: a generator and a patch discriminator, each against the other, plus L1.

    Differs from Algorithm 1 of Goodfellow et al. 2014 as pix2pix itself does in effect: both
    gradients of a step are taken from one forward pass, before either network moves.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        average: keras.Model | None,
        loss_config: LossConfig,
    ) -> None:
        super().__init__(
            generator,
            average=average,
            loss_config=loss_config,
            means=(
                *("l1", "tv", "generator_gan", "discriminator"),
                *("generator_gradient", "discriminator_gradient"),
            ),
            name="gan_trainer",
        )
        self.discriminator = discriminator
        self.observed = observed(discriminator, features=loss_config.feature_matching > 0)

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

    def train_step(self, batch: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """lineart (N, H, W, 1)[, hints (N, H, W, 4)], color (N, H, W, 3). Returns the means."""
        *inputs, color = batch
        lineart = inputs[0]
        with tf.GradientTape(persistent=True) as tape:
            painted = self.paint(inputs)
            real_features, real_logits = self.observed([lineart, color], training=True)
            fake_features, fake_logits = self.observed([lineart, painted], training=True)
            distance, terms = self.distance(color, painted, lineart)
            gan = gan_generator_loss(fake_logits)
            matching = feature_matching_loss(real_features, fake_features)
            generator_loss = gan + distance + self.loss_config.feature_matching * matching
            discriminator_loss = gan_discriminator_loss(
                real_logits, fake_logits, smoothing=self.loss_config.label_smoothing
            )
            generator_target = scaled(generator_loss, self.optimizer)
            discriminator_target = scaled(discriminator_loss, self.discriminator_optimizer)
        generator_variables = self.generator.trainable_variables
        discriminator_variables = self.discriminator.trainable_variables
        generator_gradients = tape.gradient(generator_target, generator_variables)
        discriminator_gradients = tape.gradient(discriminator_target, discriminator_variables)
        del tape  # a persistent tape holds every activation until it goes
        return update_means(
            self.means,
            **terms,
            generator_gan=gan,
            discriminator=discriminator_loss,
            feature_matching=matching,
            generator_gradient=descend(self.optimizer, generator_gradients, generator_variables),
            discriminator_gradient=descend(
                self.discriminator_optimizer, discriminator_gradients, discriminator_variables
            ),
        )

    def networks(self) -> dict[str, keras.Model]:
        """Every network whose weights are part of the state, by the name of its file."""
        return {**super().networks(), "discriminator": self.discriminator}

    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Every optimizer whose moments are part of the state, by the name of its file."""
        return {**super().optimizers(), "discriminator_optimizer": self.discriminator_optimizer}
