"""The smallest trainings: a single step, repeatable to the bit, and runs of two epochs."""

import dataclasses

from training.config import (
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)
from training.settings.networks import (
    CriticConfig,
    DiscriminatorConfig,
    GeneratorConfig,
)
from training.settings.pictures import AugmentConfig

TINY_STEP = TrainConfig(
    size=32,
    batch_size=2,
    generator=GeneratorConfig(width=2, dropout=0.0),
    discriminator=DiscriminatorConfig(width=2, layers=2),
    critic=CriticConfig(width=2, layers=2),
    optimizer=OptimizerConfig(learning_rate=1e-3),
)
TINY_RUN = dataclasses.replace(
    TINY_STEP,
    size=None,  # that of the data
    epochs=2,
    batch_size=4,
    generator=GeneratorConfig(width=2, dropout=0.5),
    loss=LossConfig(adversary="gan", l1=10.0),
    optimizer=OptimizerConfig(),
)
TINY_MOBILE = dataclasses.replace(
    TINY_RUN,
    generator=GeneratorConfig(network="mobile", hints=True, width=2, dropout=0.0),
    loss=LossConfig(adversary="none", l1=1.0, l2=1.0),
    augment=AugmentConfig(redrawn=0.5, shrink=0.2),
)
