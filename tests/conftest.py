"""What several test folders share: one tiny checkpoint whose weights look trained."""

import os
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with one checkpoint: 32 pixels, 4 filters, every weight away from its start.

    Fresh offsets are all zero, which a converter may fold away; no trained network has that.
    """
    from training.checkpoint import save_checkpoint
    from training.config import DiscriminatorConfig, GeneratorConfig, LossConfig, TrainConfig
    from training.trainer import build_trainer

    config = TrainConfig(
        size=32,
        generator=GeneratorConfig(width=4),
        discriminator=DiscriminatorConfig(width=4, layers=2),
        loss=LossConfig(adversary="gan"),
    )
    trainer = build_trainer(config, steps_per_epoch=1)
    rng = np.random.default_rng(0)
    for variable in trainer.generator.trainable_variables:
        variable.assign(variable.numpy() + rng.normal(0, 0.1, variable.shape))
    run = tmp_path_factory.mktemp("runs") / "tiny"
    credit = {"source": "noise", "licence": "CC0-1.0", "credit": "drawn by the tests"}
    save_checkpoint(run, trainer, config=config, epoch=3, data=credit)
    return run
