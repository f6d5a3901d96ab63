import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.descent import RATE, descend_plainly, require_same_step
from tests.training.tiny import TINY_STEP
from training.config import LossConfig
from training.models.adversaries.observed import observed
from training.trainers.builder import build_trainer
from training.trainers.losses import feature_matching_loss, gan_generator_loss, l1_loss

TINY = dataclasses.replace(
    TINY_STEP, loss=LossConfig(adversary="gan", l1=10.0, feature_matching=5.0)
)
WGAN = dataclasses.replace(
    TINY, loss=LossConfig(adversary="wgan-gp", l1=10.0, critic_steps=1, feature_matching=5.0)
)
ADVERSARIES = {"gan": (TINY, "discriminator"), "wgan-gp": (WGAN, "critic")}


def without(config):
    return dataclasses.replace(config, loss=dataclasses.replace(config.loss, feature_matching=0.0))


def batch(count):
    rng = np.random.default_rng(0)
    lineart = rng.uniform(-1, 1, (count, 4, 4, 1)).repeat(8, 1).repeat(8, 2).astype(np.float32)
    return lineart, np.repeat(lineart, 3, -1) * np.float32([1, 0.5, -0.5])


def step(config):
    """A trainer after one step, and what it reported."""
    return step_of(build_trainer(config, steps_per_epoch=10), config)


def step_of(trainer, config):
    pairs = batch(config.pairs_per_step)
    history = trainer.fit(tf.data.Dataset.from_tensors(pairs), shuffle=False, verbose=0).history
    return trainer, {name: values[0] for name, values in history.items()}


@pytest.mark.parametrize("adversary", ADVERSARIES)
def test_the_generator_is_moved_by_it_and_the_adversary_is_not(adversary):
    config, judge = ADVERSARIES[adversary]
    (matching, _), (plain, _) = step(config), step(without(config))
    for a, b in zip(
        matching.networks()[judge].weights, plain.networks()[judge].weights, strict=True
    ):
        np.testing.assert_array_equal(a, b)
    apart = [
        np.abs(a - b).max()
        for a, b in zip(
            matching.generator.get_weights(), plain.generator.get_weights(), strict=True
        )
    ]
    assert max(apart) > 0.1 * config.optimizer.learning_rate


def test_a_step_of_a_gan_adds_the_weighted_distance_to_the_generators_loss():
    trainer, twin = (descend_plainly(build_trainer(TINY, steps_per_epoch=10)) for _ in range(2))
    start = twin.generator.get_weights()
    _, reported = step_of(trainer, TINY)
    lineart, color = map(tf.constant, batch(2))
    judge = observed(twin.discriminator, features=True)
    with tf.GradientTape() as tape:
        painted = twin.generator(lineart, training=True)
        (real, _), (fake, logits) = judge([lineart, color]), judge([lineart, painted])
        matching = feature_matching_loss(real, fake)
        loss = gan_generator_loss(logits) + 10.0 * l1_loss(color, painted) + 5.0 * matching
    variables = twin.generator.trainable_variables
    keras.optimizers.SGD(RATE).apply(tape.gradient(loss, variables), variables)
    assert float(matching) > 0
    assert reported["feature_matching"] == pytest.approx(float(matching), rel=1e-5)
    require_same_step(trainer.generator, twin.generator, start=start)


def test_a_step_of_wgan_gp_matches_what_the_critic_computes_after_its_own_steps():
    trainer, reported = step(WGAN)
    painter = build_trainer(WGAN, steps_per_epoch=10).generator  # as it was before the step
    lineart, color = (
        tf.constant(part[1::2]) for part in batch(4)
    )  # the generator's share of the pairs
    judge = observed(trainer.critic, features=True)
    real, fake = judge([lineart, color])[0], judge([lineart, painter(lineart)])[0]
    expected = float(feature_matching_loss(real, fake))
    assert reported["feature_matching"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("adversary", ADVERSARIES)
def test_a_painting_that_is_the_true_picture_has_a_distance_of_exactly_0(adversary):
    config, judge = ADVERSARIES[adversary]
    trainer = build_trainer(config, steps_per_epoch=1)
    network = observed(trainer.networks()[judge], features=True)
    real, fake = (network([tf.identity(picture) for picture in batch(2)])[0] for _ in range(2))
    assert len(real) > 1
    assert float(feature_matching_loss(real, fake)) == 0


@pytest.mark.parametrize("adversary", ADVERSARIES)
def test_without_a_weight_no_feature_is_computed_or_reported(adversary):
    config, _ = ADVERSARIES[adversary]
    trainer, reported = step(without(config))
    assert trainer.observed.output[0] == []
    assert "feature_matching" not in reported


@pytest.mark.slow
def test_features_of_16_bits_give_the_distance_of_32():
    _, exact = step(TINY)
    _, rounded = step(dataclasses.replace(TINY, precision="mixed_bfloat16"))
    # bfloat16 keeps 8 bits, and there are ten layers.
    assert rounded["feature_matching"] == pytest.approx(exact["feature_matching"], rel=0.1)
