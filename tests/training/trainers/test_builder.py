import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.descent import RATE, descend_plainly, require_same_step
from tests.training.tiny import TINY_STEP
from training.config import (
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)
from training.errors import ConfigError
from training.settings.networks import DiscriminatorConfig, GeneratorConfig
from training.trainers.adam import OnePassAdam
from training.trainers.builder import build_generator, build_trainer
from training.trainers.gan import GanTrainer
from training.trainers.l1 import L1Trainer
from training.trainers.losses import gan_discriminator_loss, gan_generator_loss, l1_loss

TINY = dataclasses.replace(
    TINY_STEP,
    generator=GeneratorConfig(width=4, dropout=0.0),
    discriminator=DiscriminatorConfig(width=4, layers=2),
)
TINY_GAN = dataclasses.replace(TINY, loss=LossConfig(adversary="gan", l1=10.0))


def batch(seed=0):
    rng = np.random.default_rng(seed)
    lineart = rng.uniform(-1, 1, (2, 4, 4, 1)).repeat(8, 1).repeat(8, 2).astype(np.float32)
    return lineart, np.repeat(lineart, 3, -1) * np.float32([1, 0.5, -0.5])


def fit(trainer, steps, epochs=1):
    data = tf.data.Dataset.from_tensors(batch()).repeat()
    return trainer.fit(data, steps_per_epoch=steps, epochs=epochs, shuffle=False, verbose=0).history


@pytest.mark.parametrize("config", [TINY, TINY_GAN], ids=["l1", "gan"])
def test_the_generator_learns_one_batch_by_heart(config):
    history = fit(build_trainer(config, steps_per_epoch=30), steps=30, epochs=2)
    assert history["l1"][1] < 0.7 * history["l1"][0]


def test_the_loss_decides_the_kind_of_training():
    assert type(build_trainer(TINY, steps_per_epoch=1)) is L1Trainer
    assert type(build_trainer(TINY_GAN, steps_per_epoch=1)) is GanTrainer


def test_every_network_has_the_adam_of_the_config():
    config = dataclasses.replace(
        TINY_GAN,
        optimizer=OptimizerConfig(
            learning_rate=2**-10, adversary_rate=0.5, beta_1=0.25, beta_2=0.75
        ),
    )
    optimizers = build_trainer(config, steps_per_epoch=10).optimizers()
    assert {type(one) for one in optimizers.values()} == {OnePassAdam}
    assert {(one.beta_1, one.beta_2) for one in optimizers.values()} == {(0.25, 0.75)}
    rates = {name: float(one.learning_rate) for name, one in optimizers.items()}
    assert rates == {"generator_optimizer": 2**-10, "discriminator_optimizer": 2**-11}


def test_an_l1_step_descends_the_weighted_l1_gradient():
    trainer, twin = (descend_plainly(build_trainer(TINY, steps_per_epoch=10)) for _ in range(2))
    lineart, color = batch()
    start = twin.generator.get_weights()
    with tf.GradientTape() as tape:
        loss = 100.0 * l1_loss(color, twin.generator(lineart, training=True))
    variables = twin.generator.trainable_variables
    keras.optimizers.SGD(RATE).apply(tape.gradient(loss, variables), variables)
    fit(trainer, steps=1)
    require_same_step(trainer.generator, twin.generator, start=start)


def test_a_gan_step_takes_both_gradients_before_either_network_moves():
    trainer, twin = (descend_plainly(build_trainer(TINY_GAN, steps_per_epoch=10)) for _ in range(2))
    lineart, color = map(tf.constant, batch())
    generator, discriminator = twin.generator, twin.discriminator
    start = generator.get_weights(), discriminator.get_weights()
    with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
        painted = generator(lineart, training=True)
        real, fake = discriminator([lineart, color]), discriminator([lineart, painted])
        g_loss = gan_generator_loss(fake) + 10.0 * l1_loss(color, painted)
        d_loss = gan_discriminator_loss(real, fake)
    g_variables, d_variables = generator.trainable_variables, discriminator.trainable_variables
    g_gradients = g_tape.gradient(g_loss, g_variables)
    d_gradients = d_tape.gradient(d_loss, d_variables)
    keras.optimizers.SGD(RATE).apply(g_gradients, g_variables)
    keras.optimizers.SGD(RATE).apply(d_gradients, d_variables)
    history = fit(trainer, steps=1)
    assert history["discriminator"][0] == pytest.approx(float(d_loss), rel=1e-5)
    require_same_step(trainer.generator, generator, start=start[0])
    require_same_step(trainer.discriminator, discriminator, start=start[1])


def test_the_reported_losses_are_means_over_the_epoch():
    trainer = build_trainer(TINY, steps_per_epoch=2)
    lineart, color = batch()
    first = float(l1_loss(color, trainer.generator(lineart)))
    twin = build_trainer(TINY, steps_per_epoch=2)
    fit(twin, steps=1)
    second = float(l1_loss(color, twin.generator(lineart)))
    mean = fit(trainer, steps=2)["l1"][0]
    assert mean == pytest.approx((first + second) / 2, rel=1e-4)


def test_two_trainings_of_one_config_have_bit_identical_weights():
    config = dataclasses.replace(TINY_GAN, generator=GeneratorConfig(width=4, dropout=0.5))
    first, second = (build_trainer(config, steps_per_epoch=3) for _ in range(2))
    fit(first, steps=3)
    fit(second, steps=3)
    for a, b in zip(first.generator.weights, second.generator.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_generator_of_unknown_size_is_refused():
    with pytest.raises(ConfigError, match="size"):
        build_generator(TrainConfig())
