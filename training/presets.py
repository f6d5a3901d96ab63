"""Named configurations: what to type, how long it takes, what to expect."""

from training.config import (
    AugmentConfig,
    DiscriminatorConfig,
    GeneratorConfig,
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)

# The reference settings of Isola et al. 2017: width 64, batch 1, Adam 2e-4, 200 epochs, resize
# 286 / crop 256. Of GAN Zoo's usual variants only the weight of L1 differs between the rows.
L1 = TrainConfig(loss=LossConfig(adversary="none", l1=100.0))
L1_GAN_100 = TrainConfig(loss=LossConfig(adversary="gan", l1=100.0))
L1_GAN_10 = TrainConfig(loss=LossConfig(adversary="gan", l1=10.0))
L1_GAN_1 = TrainConfig(loss=LossConfig(adversary="gan", l1=1.0))

DEMO = TrainConfig(
    epochs=40,
    batch_size=16,
    generator=GeneratorConfig(width=24, dropout=0.0),
    discriminator=DiscriminatorConfig(width=24),
    loss=LossConfig(adversary="gan", l1=100.0),
    optimizer=OptimizerConfig(learning_rate=1e-3),
    augment=AugmentConfig(flip=True, jitter=0.1),
)

PRESETS: dict[str, TrainConfig] = {
    "l1": L1,
    "l1-gan-100": L1_GAN_100,
    "l1-gan-10": L1_GAN_10,
    "l1-gan-1": L1_GAN_1,
    "demo": DEMO,
}
