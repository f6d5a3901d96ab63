import dataclasses

import pytest

from training.config import LossConfig, TrainConfig
from training.files.strict_json import to_json
from training.presets import PRESETS

# The rows of the 2017 experiment: what plays against the generator, and the weight of L1.
ROWS = {
    "l1": ("none", 100),
    "l1-gan-100": ("gan", 100),
    "l1-gan-10": ("gan", 10),
    "l1-gan-1": ("gan", 1),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_row_has_its_adversary_and_its_weight_of_l1(name: str):
    loss = PRESETS[name].loss
    assert (loss.adversary, loss.l1) == ROWS[name]


@pytest.mark.parametrize("name", ROWS)
def test_the_rows_differ_in_nothing_but_adversary_and_weight_of_l1(name: str):
    adversary, l1 = ROWS[name]
    loss = dataclasses.replace(PRESETS["l1"].loss, adversary=adversary, l1=l1)
    assert PRESETS[name] == dataclasses.replace(PRESETS["l1"], loss=loss)


def test_the_rows_keep_the_settings_of_pix2pix():
    # Isola et al. 2017, and phillipi/pix2pix models.lua and train.lua.
    row = PRESETS["l1-gan-100"]
    assert (row.epochs, row.batch_size) == (200, 1)
    assert (row.generator.width, row.generator.dropout, row.generator.depth) == (64, 0.5, None)
    assert (row.discriminator.width, row.discriminator.layers) == (64, 3)
    assert (row.optimizer.learning_rate, row.optimizer.beta_1, row.optimizer.beta_2) == (
        2e-4,
        0.5,
        0.999,
    )
    assert row.optimizer.constant_share == 0.5  # 100 epochs constant, 100 epochs linear decay
    assert (row.augment.flip, row.augment.warp) == (True, 0)
    assert row.augment.jitter == pytest.approx(286 / 256 - 1)  # resize 286, crop 256
    assert (row.loss.tv, row.generator.under_ink) == (0, False)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_leaves_the_size_to_the_data(name: str):
    assert PRESETS[name].size is None


def test_the_rows_are_the_defaults_but_for_the_loss():
    assert dataclasses.replace(PRESETS["l1"], loss=LossConfig()) == TrainConfig()


def test_wgan_gp_has_the_settings_of_its_paper():
    # Gulrajani et al. 2017, Algorithm 1 and section 4: no batch norm in the critic.
    wgan_gp = PRESETS["wgan-gp"]
    loss = wgan_gp.loss
    assert (loss.adversary, loss.l1, loss.gradient_penalty) == ("wgan-gp", 0, 10)
    assert (loss.critic_steps, loss.penalty_axis, wgan_gp.critic.norm) == (5, "image", "none")
    optimizer = wgan_gp.optimizer
    assert (optimizer.learning_rate, optimizer.beta_1, optimizer.beta_2) == (1e-4, 0, 0.9)


def differing(name: str, other: str) -> dict[str, tuple[object, object]]:
    """Every field in which two presets differ, with the values of both."""
    one, two = (to_json(PRESETS[preset]) for preset in (name, other))
    found = {}
    for section, values in one.items():
        if isinstance(values, dict):
            pairs = {f"{section}.{field}": (v, two[section][field]) for field, v in values.items()}
        else:
            pairs = {section: (values, two[section])}
        found |= {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
    return found


# Self-normalising networks (Klambauer et al. 2017), and dropout, which the ReLU presets have.
SELU_GENERATOR = {
    "generator.activation": ("selu", "relu"),
    "generator.initializer": ("fan-in", "normal"),
    "generator.standardize": (True, False),
    "generator.dropout": (0.0, 0.5),
}


def test_selu_differs_from_pix2pix_in_selu_and_dropout_alone():
    assert differing("selu", "l1-gan-100") == SELU_GENERATOR | {
        "discriminator.activation": ("selu", "relu"),
        "discriminator.initializer": ("fan-in", "normal"),
        "discriminator.standardize": (True, False),
    }


def test_selu_wgan_gp_differs_from_wgan_gp_l1_in_selu_and_dropout_alone():
    assert differing("selu-wgan-gp", "wgan-gp-l1") == SELU_GENERATOR | {
        "critic.activation": ("selu", "relu"),
        "critic.standardize": (True, False),
    }


def repaired(preset, **changes):
    """A preset with single fields changed, as the options of a command change them."""
    sections = {}
    for name, value in changes.items():
        section, _, field = name.partition("__")
        now = sections.get(section, getattr(preset, section))
        sections[section] = dataclasses.replace(now, **{field: value})
    return dataclasses.replace(preset, **sections)


def test_the_causes_of_2017_are_all_that_keeps_its_runs_from_the_repaired_ones():
    wgan = repaired(
        PRESETS["2017-wgan"],
        critic__norm="none",
        critic__initializer="fan-in",
        loss__penalty_axis="image",
        loss__critic_steps=5,
        optimizer__learning_rate=1e-4,
        optimizer__beta_1=0.0,
        optimizer__beta_2=0.9,
    )
    assert wgan == PRESETS["wgan-gp"]
    selu = repaired(
        PRESETS["2017-selu"],
        generator__initializer="fan-in",
        generator__standardize=True,
        discriminator__activation="selu",
        discriminator__initializer="fan-in",
        discriminator__standardize=True,
        loss__adversary="gan",
        loss__l1=100.0,
    )
    assert selu == PRESETS["selu"]
    both = repaired(
        PRESETS["2017-selu-wgan"],
        generator__initializer="fan-in",
        generator__standardize=True,
        critic__initializer="fan-in",
        critic__standardize=True,
        loss__penalty_axis="image",
        loss__l1=100.0,
        optimizer__adversary_rate=2.0,
        optimizer__beta_1=0.0,
        optimizer__beta_2=0.9,
    )
    assert both == PRESETS["selu-wgan-gp"]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_trains(name: str):
    import numpy as np
    import tensorflow as tf

    from training.trainers.builder import build_trainer

    preset = PRESETS[name]
    tiny = dataclasses.replace(
        preset,
        size=32,
        batch_size=1,
        generator=dataclasses.replace(preset.generator, width=2),
        discriminator=dataclasses.replace(preset.discriminator, width=2, layers=2),
        critic=dataclasses.replace(preset.critic, width=2, layers=2),
    )
    trainer = build_trainer(tiny, steps_per_epoch=1)
    before = [weight.numpy() for weight in trainer.generator.trainable_weights]
    hints = (4,) if preset.generator.hints else ()
    pairs = [tf.ones((tiny.pairs_per_step, 32, 32, c)) for c in (1, *hints, 3)]
    losses = trainer.train_step(tuple(pairs))
    assert all(np.isfinite(value) for value in losses.values())
    after = trainer.generator.trainable_weights
    assert any(np.any(a != b) for a, b in zip(before, after, strict=True))
