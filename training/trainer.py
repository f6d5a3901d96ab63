"""Networks, optimizers and the trainer that a config asks for, ready for Keras's `fit`.

The trainers stand in training/trainers, one class for each kind of training: no step contains a
switch. Random numbers come from seed generators that are part of the state, so a step depends on
nothing but the state and its batch.
"""

import keras

from training.adam import ConstantThenLinear, OnePassAdam
from training.config import TrainConfig, unet_depth
from training.errors import ConfigError
from training.models.ink import under_ink
from training.models.patch import patch_discriminator
from training.models.unet import unet
from training.trainers.gan import GanTrainer
from training.trainers.l1 import L1Trainer

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
