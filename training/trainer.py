"""The keras.Models that own the networks of one training and the step that improves them.

One class for each kind of training: no step contains a switch. Random numbers come from seed
generators that are part of the state, so a step depends on nothing but the state and its batch.
"""

import keras
import tensorflow as tf

from training.adam import ConstantThenLinear, OnePassAdam
from training.config import LossConfig, TrainConfig, unet_depth
from training.errors import ConfigError
from training.losses import gan_discriminator_loss, gan_generator_loss, l1_loss, tv_loss
from training.models.ink import under_ink
from training.models.patch import patch_discriminator
from training.models.unet import unet


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


Trainer = L1Trainer | GanTrainer


def build_generator(config: TrainConfig) -> keras.Model:
    """Build the untrained generator of a config whose size is known."""
    if config.size is None:
        raise ConfigError("size: expected a number of pixels to build a network, received None.")
    generator = unet(
        width=config.generator.width,
        depth=unet_depth(config.size, config.generator.depth),
        dropout=config.generator.dropout,
        seed=config.seed,
    )
    return under_ink(generator) if config.generator.under_ink else generator


def build_trainer(
    config: TrainConfig,
    *,
    steps_per_epoch: int,
    adam: type[keras.optimizers.Adam] = OnePassAdam,
) -> Trainer:
    """Build networks, optimizers and the trainer that a config asks for, ready for `fit`."""

    def optimizer() -> keras.optimizers.Optimizer:
        settings = config.optimizer
        total_steps = config.epochs * steps_per_epoch
        rate = ConstantThenLinear(
            settings.learning_rate,
            constant_steps=round(settings.constant_share * total_steps),
            total_steps=total_steps,
        )
        return adam(rate, beta_1=settings.beta_1, beta_2=settings.beta_2)

    generator = build_generator(config)
    trainer: Trainer
    if config.loss.adversary == "none":
        trainer = L1Trainer(generator, loss_config=config.loss)
        trainer.compile(optimizer=optimizer())
    else:
        discriminator = patch_discriminator(
            width=config.discriminator.width,
            layers=config.discriminator.layers,
            seed=config.seed,
        )
        trainer = GanTrainer(generator, discriminator, loss_config=config.loss)
        trainer.compile(optimizer=optimizer(), discriminator_optimizer=optimizer())
    # Slots are made now, so that a resumed run finds them, and a strategy places them.
    for name, built in trainer.optimizers().items():
        built.build(trainer.networks()[name.removesuffix("_optimizer")].trainable_variables)
    return trainer


def update_means(means: dict[str, keras.metrics.Mean], **values: tf.Tensor) -> dict[str, tf.Tensor]:
    """Add each value to the mean of its name; return all means of the epoch so far."""
    for name, mean in means.items():
        mean.update_state(values[name])
    return {name: mean.result() for name, mean in means.items()}
