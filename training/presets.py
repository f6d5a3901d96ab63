"""Named configurations: what to type, how long it takes, what to expect.

The four rows of pix2pix differ in their losses alone and keep its reference settings: width 64,
batch 1, Adam 2e-4, 200 epochs, enlarged by 30/256 and cropped. They are meant for a GPU: on 2
CPU cores at 256 pixels a step takes 0.4 s (benchmarks/train_speed.py), and 200 epochs of
OpenMoji a day and a half. Nobody has run them to their end yet: no result is claimed.
"""

from training.config import (
    AugmentConfig,
    GeneratorConfig,
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)

# python -m training.train l1 --data data/x --out runs/l1
# The mean absolute difference alone: safe, blurred colours (Isola et al. 2017, figure 4).
L1 = TrainConfig(loss=LossConfig(adversary="none", l1=100.0))

# python -m training.train l1-gan-100 --data data/x --out runs/l1-gan-100
# pix2pix itself. With a lower weight of L1 the colours grow bolder and further from the truth.
L1_GAN_100 = TrainConfig(loss=LossConfig(adversary="gan", l1=100.0))
L1_GAN_10 = TrainConfig(loss=LossConfig(adversary="gan", l1=10.0))
L1_GAN_1 = TrainConfig(loss=LossConfig(adversary="gan", l1=1.0))

DEMO = TrainConfig(
    epochs=60,
    batch_size=16,
    generator=GeneratorConfig(width=24, dropout=0.0, under_ink=True),
    loss=LossConfig(adversary="none", l1=100.0, tv=30.0),
    optimizer=OptimizerConfig(learning_rate=2e-3, constant_share=0.3),
    augment=AugmentConfig(flip=True, jitter=0.1, warp=0.2),
)

PRESETS: dict[str, TrainConfig] = {
    "l1": L1,
    "l1-gan-100": L1_GAN_100,
    "l1-gan-10": L1_GAN_10,
    "l1-gan-1": L1_GAN_1,
    "demo": DEMO,
}
