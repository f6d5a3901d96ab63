import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.descent import RATE, descend_plainly, require_same_step
from training.config import (
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)
from training.settings.networks import CriticConfig, GeneratorConfig
from training.trainers.builder import build_trainer
from training.trainers.losses import COLUMNS, WHOLE_IMAGE, gradient_penalty, l1_loss
from training.trainers.wgan_gp import WganGpTrainer, split_batches

TINY = TrainConfig(
    size=32,
    batch_size=2,
    generator=GeneratorConfig(width=4, dropout=0.0),
    critic=CriticConfig(width=4, layers=2),
    loss=LossConfig(adversary="wgan-gp", l1=100.0, critic_steps=2),
    optimizer=OptimizerConfig(
        learning_rate=1e-3, adversary_rate=0.5, beta_1=0.0, beta_2=0.9, constant_share=1.0
    ),
)
# Means of float32 scores: 2^-24 for each of some 10 layers of sums of 100 products and more, and
# the distance is about a tenth of the scores that it is the difference of.
DISTANCE_ROUNDING = 1e-4


def batch(count, seed=0):
    rng = np.random.default_rng(seed)
    lineart = rng.uniform(-1, 1, (count, 4, 4, 1)).repeat(8, 1).repeat(8, 2).astype(np.float32)
    return lineart, np.repeat(lineart, 3, -1) * np.float32([1, 0.5, -0.5])


def fit(trainer, pairs, steps=1, epochs=1):
    data = tf.data.Dataset.from_tensors(pairs).repeat()
    return trainer.fit(data, steps_per_epoch=steps, epochs=epochs, shuffle=False, verbose=0).history


def test_a_step_moves_the_critic_critic_steps_times_and_the_generator_once():
    trainer = build_trainer(TINY, steps_per_epoch=10)
    assert type(trainer) is WganGpTrainer
    fit(trainer, batch(6), steps=3)
    assert int(trainer.optimizer.iterations) == 3
    assert int(trainer.critic_optimizer.iterations) == 6


def test_a_step_is_algorithm_1():
    trainer, twin = (descend_plainly(build_trainer(TINY, steps_per_epoch=10)) for _ in range(2))
    pairs = batch(6)
    generator, critic = twin.generator, twin.critic
    start = generator.get_weights(), critic.get_weights()
    descent = {name: keras.optimizers.SGD(RATE) for name in ("generator", "critic")}
    distances = []
    for step in (0, 1):
        lineart, color = (tf.constant(part[step::3]) for part in pairs)
        painted = generator(lineart, training=True)
        mix = keras.random.uniform((2, 1, 1, 1), seed=twin.mix_seeds)
        with tf.GradientTape() as tape:
            distance = tf.reduce_mean(critic([lineart, painted])) - tf.reduce_mean(
                critic([lineart, color])
            )
            loss = distance + 10.0 * gradient_penalty(
                lambda x, lineart=lineart: critic([lineart, x]), color, painted, mix=mix
            )
        variables = critic.trainable_variables
        descent["critic"].apply(tape.gradient(loss, variables), variables)
        distances.append(float(distance))
    lineart, color = (tf.constant(part[2::3]) for part in pairs)
    with tf.GradientTape() as tape:
        painted = generator(lineart, training=True)
        loss = 100.0 * l1_loss(color, painted) - tf.reduce_mean(critic([lineart, painted]))
    variables = generator.trainable_variables
    descent["generator"].apply(tape.gradient(loss, variables), variables)

    history = fit(trainer, pairs)
    assert history["critic"][0] == pytest.approx(distances[-1], rel=DISTANCE_ROUNDING)
    require_same_step(trainer.generator, generator, start=start[0])
    require_same_step(trainer.critic, critic, start=start[1])


def test_every_image_has_a_mix_of_its_own_and_every_step_another(monkeypatch):
    from training.trainers import wgan_gp

    seen = []

    def watched(critic, color, painted, *, mix, axes):
        seen.append(mix.numpy())
        return gradient_penalty(critic, color, painted, mix=mix, axes=axes)

    monkeypatch.setattr(wgan_gp, "gradient_penalty", watched)
    trainer = build_trainer(TINY, steps_per_epoch=10)
    trainer.train_step(tuple(map(tf.constant, batch(6))))
    drawn = np.concatenate(seen)
    assert drawn.shape == (4, 1, 1, 1)  # two critic steps of two images
    assert len(np.unique(drawn)) == 4
    assert drawn.min() >= 0
    assert drawn.max() <= 1


@pytest.mark.parametrize(("axis", "axes"), [("image", WHOLE_IMAGE), ("columns", COLUMNS)])
def test_the_config_decides_the_axes_of_the_penalty(monkeypatch, axis, axes):
    from training.trainers import wgan_gp

    seen = []
    monkeypatch.setattr(
        wgan_gp,
        "gradient_penalty",
        lambda *_, axes, **__: seen.append(axes) or tf.constant(0.0),
    )
    config = dataclasses.replace(TINY, loss=dataclasses.replace(TINY.loss, penalty_axis=axis))
    build_trainer(config, steps_per_epoch=10).train_step(tuple(map(tf.constant, batch(6))))
    assert set(seen) == {axes}


def test_pairs_are_dealt_out_like_cards():
    lineart, color = tf.range(6), tf.range(6) * 10
    dealt = split_batches((lineart, color), 3)
    assert [one.numpy().tolist() for one, _ in dealt] == [[0, 3], [1, 4], [2, 5]]
    assert [other.numpy().tolist() for _, other in dealt] == [[0, 30], [10, 40], [20, 50]]


def test_with_l1_the_generator_learns_one_batch_by_heart():
    history = fit(build_trainer(TINY, steps_per_epoch=40), batch(6), steps=40, epochs=2)
    assert history["l1"][1] < 0.7 * history["l1"][0]


def test_the_critic_keeps_its_slope_near_1():
    history = fit(build_trainer(TINY, steps_per_epoch=60), batch(6), steps=60, epochs=2)
    assert history["penalty"][1] < 0.2


def test_selu_in_both_nets_learns_too():
    config = dataclasses.replace(
        TINY,
        generator=GeneratorConfig(width=4, dropout=0.0, activation="selu", initializer="fan-in"),
        critic=CriticConfig(width=4, layers=2, activation="selu"),
    )
    history = fit(build_trainer(config, steps_per_epoch=40), batch(6), steps=40, epochs=2)
    assert history["l1"][1] < 0.7 * history["l1"][0]
