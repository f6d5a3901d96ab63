import dataclasses

import pytest

from training.config import LossConfig, TrainConfig
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
