import dataclasses
import itertools
import os

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.tiny import TINY_STEP
from training.config import LossConfig
from training.trainers.builder import build_generator, build_trainer

LOSSES = {
    "none": LossConfig(adversary="none"),
    "gan": LossConfig(adversary="gan"),
    "wgan-gp": LossConfig(adversary="wgan-gp", critic_steps=1),
}


def step(config, seed=0):
    """A trainer after one step, and what the step reported."""
    trainer = build_trainer(config, steps_per_epoch=10)
    rng = np.random.default_rng(seed)
    pairs = tuple(
        rng.uniform(-1, 1, (config.pairs_per_step, 32, 32, channels)).astype(np.float32)
        for channels in (1, 3)
    )
    history = trainer.fit(tf.data.Dataset.from_tensors(pairs), verbose=0).history
    return trainer, {name: values[0] for name, values in history.items()}


# Each pair compiles two trainings; two of them meet every precision and both adversaries.
BY_DEFAULT = {("mixed_float16", "gan"), ("mixed_bfloat16", "wgan-gp")}


@pytest.mark.parametrize(
    ("precision", "adversary"),
    [
        pytest.param(*pair, marks=() if pair in BY_DEFAULT else pytest.mark.slow)
        for pair in itertools.product(("mixed_float16", "mixed_bfloat16"), LOSSES)
    ],
)
def test_sixteen_bits_report_the_losses_of_32(precision, adversary):
    config = dataclasses.replace(TINY_STEP, loss=LOSSES[adversary])
    _, exact = step(config)
    try:
        trainer, rounded = step(dataclasses.replace(config, precision=precision))
    except tf.errors.AbortedError as error:
        # TensorFlow asks the processor whether oneDNN can do 16 bits; oneDNN heeds its limit.
        if "ONEDNN_MAX_CPU_ISA" in os.environ and "primitive descriptor" in error.message:
            pytest.skip("ONEDNN_MAX_CPU_ISA forbids what TensorFlow takes this processor to do")
        raise
    for name, value in exact.items():
        if name.endswith("_gradient") and precision == "mixed_float16":
            continue  # first steps may overflow and are skipped: see below
        # bfloat16 keeps 8 bits, and there are ten layers.
        assert rounded[name] == pytest.approx(value, rel=0.1, abs=0.02), name
    convolutions = [layer for layer in trainer.generator.layers if "conv" in layer.name]
    assert {layer.compute_dtype for layer in convolutions} == {precision.removeprefix("mixed_")}
    assert {weight.dtype for weight in trainer.generator.trainable_weights} == {"float32"}


def test_steps_that_overflow_in_float16_are_skipped_until_the_scale_fits():
    config = dataclasses.replace(TINY_STEP, loss=LOSSES["none"], precision="mixed_float16")
    trainer, first = step(config)
    assert first["generator_gradient"] == 0  # 2^15 times a gradient of 100 x L1
    assert int(trainer.optimizer.iterations) == 0
    pairs = tuple(np.ones((2, 32, 32, channels), np.float32) for channels in (1, 3))
    history = trainer.fit(
        tf.data.Dataset.from_tensors(pairs).repeat(), steps_per_epoch=20, epochs=2, verbose=0
    ).history
    assert int(trainer.optimizer.iterations) > 10
    assert history["generator_gradient"][1] > 0
    assert history["l1"][1] < history["l1"][0]


def test_the_critic_computes_in_32_bits_whatever_the_generator_does():
    config = dataclasses.replace(TINY_STEP, loss=LOSSES["wgan-gp"], precision="mixed_float16")
    trainer = build_trainer(config, steps_per_epoch=1)
    assert {layer.compute_dtype for layer in trainer.critic.layers} == {"float32"}
    assert type(trainer.optimizer) is keras.optimizers.LossScaleOptimizer
    assert type(trainer.critic_optimizer) is not keras.optimizers.LossScaleOptimizer


def test_picture_and_logits_are_float32_and_nothing_else_of_keras_is_changed():
    config = dataclasses.replace(TINY_STEP, loss=LOSSES["gan"], precision="mixed_float16")
    before = keras.config.dtype_policy()
    trainer = build_trainer(config, steps_per_epoch=1)
    assert keras.config.dtype_policy() == before
    lineart, color = np.zeros((1, 32, 32, 1), np.float32), np.zeros((1, 32, 32, 3), np.float32)
    assert trainer.generator(lineart).dtype == tf.float32
    assert trainer.discriminator([lineart, color]).dtype == tf.float32
    # What is exported computes in float32.
    assert {layer.compute_dtype for layer in build_generator(config).layers} == {"float32"}
    assert {layer.compute_dtype for layer in trainer.average.layers} == {"float32"}


@pytest.mark.parametrize(
    ("adversary", "independent"),
    [
        pytest.param(  # half a minute of compiling, like the other
            "gan",
            ("l1", "tv", "generator_gan", "discriminator", "generator_gradient"),
            marks=pytest.mark.slow,
        ),
        # XLA draws other random numbers, so that mixes and what follows from them differ.
        ("wgan-gp", ("l1", "tv", "critic")),
    ],
)
def test_xla_computes_the_same_step(adversary, independent):
    config = dataclasses.replace(TINY_STEP, loss=LOSSES[adversary])
    _, plain = step(config)
    trainer, compiled = step(dataclasses.replace(config, xla=True))
    assert trainer.jit_compile
    assert all(np.isfinite(value) for value in compiled.values())
    for name in independent:
        assert compiled[name] == pytest.approx(plain[name], rel=1e-3, abs=1e-4), name


def test_a_gradient_longer_than_the_clip_norm_is_shortened_and_reported_whole():
    config = dataclasses.replace(TINY_STEP, loss=LOSSES["none"])
    clipped = dataclasses.replace(config.optimizer, clip_norm=1e-9)
    _, reported = step(config)
    trainer, again = step(dataclasses.replace(config, optimizer=clipped))
    assert again["generator_gradient"] == pytest.approx(reported["generator_gradient"], rel=1e-5)
    # Adam's first step is rate x g / (|g| + epsilon): nearly nothing for gradients below 1e-7.
    fresh = build_trainer(config, steps_per_epoch=10)
    moved = [
        np.abs(a - b).max()
        for a, b in zip(trainer.generator.get_weights(), fresh.generator.get_weights(), strict=True)
    ]
    assert max(moved) < 1e-4 < config.optimizer.learning_rate
