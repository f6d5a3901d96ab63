"""Networks, optimizers and the trainer that a config asks for, ready for Keras's `fit`.

The trainers stand in training/trainers, one class for each kind of training: no step contains a
switch. Random numbers come from seed generators that are part of the state, so a step depends on
nothing but the state and its batch.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from training.config import TrainConfig
from training.models.adversaries.critic import NORMS, patch_critic
from training.models.adversaries.patch import patch_discriminator
from training.models.adversaries.selu_patch import selu_patch
from training.models.initializers import LEAKY_RELU_INITS, SELU_INITS
from training.models.ink import under_ink
from training.models.mobile import mobile
from training.models.selu_unet import selu_unet
from training.models.standardize import UNCHANGED, PictureStatistics
from training.models.unet import unet
from training.settings.networks import (
    CriticConfig,
    DiscriminatorConfig,
    unet_depth,
)
from training.settings.sizes import common_side
from training.trainers.adam import OnePassAdam
from training.trainers.averaging import begin_average
from training.trainers.descent import clip_norm_per_replica
from training.trainers.gan import GanTrainer
from training.trainers.l1 import L1Trainer
from training.trainers.schedules import SCHEDULES
from training.trainers.wgan_gp import WganGpTrainer

Trainer = L1Trainer | GanTrainer | WganGpTrainer


def build_generator(
    config: TrainConfig, *, statistics: PictureStatistics = UNCHANGED
) -> keras.Model:
    """Build the untrained generator of a config whose size is known.

    statistics: of the data set, for a generator that standardises its input and is to be trained.
    """
    size, settings = config.height_width, config.generator
    if settings.network == "mobile":
        return mobile(
            width=settings.width, hints=settings.hints, dropout=settings.dropout, seed=config.seed
        )
    depth = unet_depth(common_side(size), settings.depth)
    if settings.activation == "selu":
        generator = selu_unet(
            width=settings.width,
            depth=depth,
            size=min(size),
            dropout=settings.dropout,
            hints=settings.hints,
            seed=config.seed,
            init=SELU_INITS[settings.initializer],
            output_init=SELU_INITS[settings.output_initializer],
            statistics=statistics if settings.standardize else UNCHANGED,
        )
    else:
        generator = unet(
            width=settings.width,
            depth=depth,
            dropout=settings.dropout,
            hints=settings.hints,
            seed=config.seed,
        )
    return under_ink(generator) if settings.under_ink else generator


def build_discriminator(config: TrainConfig, *, statistics: PictureStatistics) -> keras.Model:
    """Build the untrained discriminator of a config whose size is known."""
    settings = config.discriminator
    if settings.activation == "selu":
        return _build_selu_patch(config, settings, statistics=statistics)
    return patch_discriminator(width=settings.width, layers=settings.layers, seed=config.seed)


def build_critic(config: TrainConfig, *, statistics: PictureStatistics) -> keras.Model:
    """Build the untrained critic of a config whose size is known."""
    settings = config.critic
    if settings.activation == "selu":
        return _build_selu_patch(config, settings, statistics=statistics)
    return patch_critic(
        width=settings.width,
        layers=settings.layers,
        size=min(config.height_width),
        seed=config.seed,
        norm=NORMS[settings.norm],
        init=LEAKY_RELU_INITS[settings.initializer],
        statistics=statistics if settings.standardize else UNCHANGED,
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
    with _dtype_policy(config.precision):
        generator = build_generator(config, statistics=statistics)
    average = None
    if config.ema:
        average = build_generator(config)
        begin_average(average, generator)

    def optimizer(rate: float, *, steps: int, half: bool) -> keras.optimizers.Optimizer:
        plain = _build_adam(config, rate * config.optimizer.learning_rate, steps=steps, adam=adam)
        # Gradients of 16 bits vanish unless the loss is multiplied first.
        return keras.optimizers.LossScaleOptimizer(plain) if half else plain

    half = config.precision == "mixed_float16"
    steps, adversary_rate = config.epochs * steps_per_epoch, config.optimizer.adversary_rate
    trainer: Trainer
    if config.loss.adversary == "none":
        trainer = L1Trainer(generator, average=average, loss_config=config.loss)
        trainer.compile(optimizer=optimizer(1.0, steps=steps, half=half), jit_compile=config.xla)
    elif config.loss.adversary == "gan":
        with _dtype_policy(config.precision):
            discriminator = build_discriminator(config, statistics=statistics)
        trainer = GanTrainer(generator, discriminator, average=average, loss_config=config.loss)
        trainer.compile(
            optimizer=optimizer(1.0, steps=steps, half=half),
            discriminator_optimizer=optimizer(adversary_rate, steps=steps, half=half),
            jit_compile=config.xla,
        )
    else:
        critic = build_critic(config, statistics=statistics)
        trainer = WganGpTrainer(
            generator, critic, average=average, loss_config=config.loss, seed=config.seed
        )
        trainer.compile(
            optimizer=optimizer(1.0, steps=steps, half=half),
            critic_optimizer=optimizer(
                adversary_rate, steps=steps * config.loss.critic_steps, half=False
            ),
            jit_compile=config.xla,
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


def _build_selu_patch(
    config: TrainConfig,
    settings: DiscriminatorConfig | CriticConfig,
    *,
    statistics: PictureStatistics,
) -> keras.Model:
    return selu_patch(
        width=settings.width,
        layers=settings.layers,
        size=min(config.height_width),
        seed=config.seed,
        init=SELU_INITS[settings.initializer],
        statistics=statistics if settings.standardize else UNCHANGED,
    )


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Let the layers that are made inside compute in this precision."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _build_adam(
    config: TrainConfig, learning_rate: float, *, steps: int, adam: type[keras.optimizers.Adam]
) -> keras.optimizers.Optimizer:
    settings = config.optimizer
    rate = SCHEDULES[settings.schedule](
        learning_rate,
        constant_steps=round(settings.constant_share * steps),
        total_steps=steps,
    )
    return adam(
        rate,
        beta_1=settings.beta_1,
        beta_2=settings.beta_2,
        global_clipnorm=clip_norm_per_replica(settings.clip_norm),
    )
