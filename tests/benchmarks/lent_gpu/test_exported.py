import dataclasses

import pytest

from benchmarks.lent_gpu.batches import recipe_of
from benchmarks.lent_gpu.exported import export_step, named_variables
from tests.training.tiny import TINY_STEP
from training.config import LossConfig
from training.errors import ConfigError
from training.trainers.builder import build_trainer

CONFIG = dataclasses.replace(TINY_STEP, loss=LossConfig(adversary="none"))


def test_a_step_moves_the_net_its_moments_its_average_and_the_means():
    trainer = build_trainer(CONFIG, steps_per_epoch=2)
    step = export_step(trainer, recipe=recipe_of(CONFIG, steps=2), decay=CONFIG.ema)
    assert step.losses == ("generator_gradient", "l1", "tv")
    assert set(step.given) <= set(step.taken) <= set(named_variables(trainer))
    groups = {name.split("/")[0] for name in step.given}
    assert groups == {"generator", "average", "generator_optimizer", "means"}
    for network in ("generator", "average"):
        moved = [name for name in step.given if name.startswith(f"{network}/")]
        assert len(moved) >= len(trainer.generator.trainable_weights)


def test_what_is_no_variable_of_the_trainer_is_refused(monkeypatch):
    trainer = build_trainer(CONFIG, steps_per_epoch=2)
    monkeypatch.setattr(trainer, "networks", dict)
    with pytest.raises(ConfigError, match="no variable of the trainer"):
        export_step(trainer, recipe=recipe_of(CONFIG, steps=2), decay=CONFIG.ema)
