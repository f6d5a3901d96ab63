"""Networks, optimizers and the trainer that a config asks for, ready for Keras's `fit`.

The trainers stand in training/trainers, one class for each kind of training: no step contains a
switch. Random numbers come from seed generators that are part of the state, so a step depends on
nothing but the state and its batch.
"""

import keras

from training.adam import ConstantThenLinear, OnePassAdam
from training.config import TrainConfig, unet_depth
from training.data.statistics import UNCHANGED, PictureStatistics
from training.errors import ConfigError
from training.models.critic import NORMS, patch_critic
from training.models.initializers import LEAKY_RELU_INITS, SELU_INITS
from training.models.ink import under_ink
from training.models.patch import patch_discriminator
from training.models.selu_patch import selu_patch
from training.models.selu_unet import selu_unet
from training.models.unet import unet
from training.trainers.gan import GanTrainer
from training.trainers.l1 import L1Trainer
from training.trainers.wgan_gp import WganGpTrainer

Trainer = L1Trainer | GanTrainer | WganGpTrainer


def build_generator(
    config: TrainConfig, *, statistics: PictureStatistics = UNCHANGED
) -> keras.Model:
    """Build the untrained generator of a config whose size is known.

    statistics: of the data set, for a generator that standardises its input and is to be trained.
    """
    size, settings = _known_size(config), config.generator
    depth = unet_depth(size, settings.depth)
    if settings.activation == "selu":
        generator = selu_unet(
            width=settings.width,
            depth=depth,
            size=size,
            dropout=settings.dropout,
            seed=config.seed,
            init=SELU_INITS[settings.initializer],
            output_init=SELU_INITS[settings.output_initializer],
            statistics=statistics if settings.standardize else UNCHANGED,
        )
    else:
        generator = unet(
            width=settings.width, depth=depth, dropout=settings.dropout, seed=config.seed
        )
    return under_ink(generator) if settings.under_ink else generator


def build_discriminator(
    config: TrainConfig, *, statistics: PictureStatistics = UNCHANGED
) -> keras.Model:
    """Build the untrained discriminator of a config whose size is known."""
    settings = config.discriminator
    if settings.activation == "selu":
        return selu_patch(
            width=settings.width,
            layers=settings.layers,
            size=_known_size(config),
            seed=config.seed,
            init=SELU_INITS[settings.initializer],
            statistics=statistics if settings.standardize else UNCHANGED,
        )
    return patch_discriminator(width=settings.width, layers=settings.layers, seed=config.seed)


def build_critic(config: TrainConfig, *, statistics: PictureStatistics = UNCHANGED) -> keras.Model:
    """Build the untrained critic of a config whose size is known."""
    settings = config.critic
    statistics = statistics if settings.standardize else UNCHANGED
    if settings.activation == "selu":
        return selu_patch(
            width=settings.width,
            layers=settings.layers,
            size=_known_size(config),
            seed=config.seed,
            init=SELU_INITS[settings.initializer],
            statistics=statistics,
        )
    return patch_critic(
        width=settings.width,
        layers=settings.layers,
        size=_known_size(config),
        seed=config.seed,
        norm=NORMS[settings.norm],
        init=LEAKY_RELU_INITS[settings.initializer],
        statistics=statistics,
    )


def build_trainer(
    config: TrainConfig,
    *,
    steps_per_epoch: int,
    statistics: PictureStatistics = UNCHANGED,
    adam: type[keras.optimizers.Adam] = OnePassAdam,
) -> Trainer:
    """Build networks, optimizers and the trainer that a config asks for, ready for `fit`.

    statistics: of the data set, where `needs_statistics` says so and no checkpoint is restored.
    """
    generator = build_generator(config, statistics=statistics)
    total_steps = config.epochs * steps_per_epoch
    rate = config.optimizer.learning_rate
    optimizer = _build_optimizer(config, rate, total_steps=total_steps, adam=adam)
    rate *= config.optimizer.adversary_rate
    trainer: Trainer
    if config.loss.adversary == "none":
        trainer = L1Trainer(generator, loss_config=config.loss)
        trainer.compile(optimizer=optimizer)
    elif config.loss.adversary == "gan":
        discriminator = build_discriminator(config, statistics=statistics)
        trainer = GanTrainer(generator, discriminator, loss_config=config.loss)
        trainer.compile(
            optimizer=optimizer,
            discriminator_optimizer=_build_optimizer(
                config, rate, total_steps=total_steps, adam=adam
            ),
        )
    else:
        critic = build_critic(config, statistics=statistics)
        trainer = WganGpTrainer(generator, critic, loss_config=config.loss, seed=config.seed)
        trainer.compile(
            optimizer=optimizer,
            critic_optimizer=_build_optimizer(
                config,
                rate,
                total_steps=total_steps * config.loss.critic_steps,
                adam=adam,
            ),
        )
    # Slots are made now, so that a resumed run finds them, and a strategy places them.
    for name, built in trainer.optimizers().items():
        built.build(trainer.networks()[name.removesuffix("_optimizer")].trainable_variables)
    return trainer


def needs_statistics(config: TrainConfig) -> bool:
    """Return whether a network of this config standardises its inputs."""
    adversary = {"none": None, "gan": config.discriminator, "wgan-gp": config.critic}
    playing = adversary[config.loss.adversary]
    return config.generator.standardize or (playing is not None and playing.standardize)


def _known_size(config: TrainConfig) -> int:
    if config.size is None:
        raise ConfigError("size: expected a number of pixels to build a network, received None.")
    return config.size


def _build_optimizer(
    config: TrainConfig,
    learning_rate: float,
    *,
    total_steps: int,
    adam: type[keras.optimizers.Adam],
) -> keras.optimizers.Optimizer:
    settings = config.optimizer
    rate = ConstantThenLinear(
        learning_rate,
        constant_steps=round(settings.constant_share * total_steps),
        total_steps=total_steps,
    )
    return adam(
        rate,
        beta_1=settings.beta_1,
        beta_2=settings.beta_2,
        global_clipnorm=settings.clip_norm,
    )
