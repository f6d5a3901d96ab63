"""Named configurations: what to type, how long it takes, what to expect.

The four rows of pix2pix differ in their losses alone and keep its reference settings: width 64,
batch 1, Adam 2e-4, 200 epochs, enlarged by 30/256 and cropped. They are meant for a GPU: on 2
CPU cores at 256 pixels a step takes 0.4 s (benchmarks/train_speed.py), and 200 epochs of
OpenMoji a day and a half. Nobody has run them to their end yet: no result is claimed.

WGAN-GP and SELU follow, each with the settings of its own paper where pix2pix has none, then
the runs of 2017 that failed, with the causes of that as values: setting one field of such a
preset repairs one cause. docs/decisions/0011-wgan-gp-and-selu.md says what each is worth.
"""

import dataclasses

from training.config import (
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)
from training.errors import ConfigError
from training.settings.networks import (
    CriticConfig,
    DiscriminatorConfig,
    GeneratorConfig,
)
from training.settings.pictures import AugmentConfig
from training.terminal.meant import did_you_mean

# python -m training.train l1 --data data/x --out runs/l1
# The mean absolute difference alone: where it is in doubt, it blurs, and chooses the greyish median
# of what a colour might be (Isola et al. 2017, figure 4 and section 4.2).
L1 = TrainConfig(loss=LossConfig(adversary="none", l1=100.0))

# python -m training.train l1-gan-100 --data data/x --out runs/l1-gan-100
# pix2pix itself, whose paper says that the adversary brings back colour. On drawn shapes a lower
# weight of L1 gave stronger colours and more mistakes (docs/decisions/0011-wgan-gp-and-selu.md); in
# short trainings on OpenMoji (docs/experiment.md) it gave more mistakes, but no stronger colours.
L1_GAN_100 = TrainConfig(loss=LossConfig(adversary="gan", l1=100.0))
L1_GAN_10 = TrainConfig(loss=LossConfig(adversary="gan", l1=10.0))
L1_GAN_1 = TrainConfig(loss=LossConfig(adversary="gan", l1=1.0))

# python -m training.train wgan-gp --data data/x --out runs/wgan-gp
# Gulrajani et al. 2017 as it stands: rate and betas of its section 5, five critic steps, no norm
# in the critic. Nothing ties a colour to its place but the critic: expect it to learn slowly.
GULRAJANI = OptimizerConfig(learning_rate=1e-4, beta_1=0.0, beta_2=0.9)
WGAN_GP = TrainConfig(loss=LossConfig(adversary="wgan-gp", l1=0.0), optimizer=GULRAJANI)

# python -m training.train wgan-gp-l1 --data data/x --out runs/wgan-gp-l1
# With L1 x 100, as pix2pix. One critic step at twice the generator's rate (two time scales, Heusel
# et al. 2017): in the same time it reached 23.8 dB, five critic steps at the generator's own rate
# and L1 x 10 reached 22.1 (docs/decisions/0011-wgan-gp-and-selu.md).
WGAN_GP_L1 = TrainConfig(
    loss=LossConfig(adversary="wgan-gp", l1=100.0, critic_steps=1),
    optimizer=dataclasses.replace(GULRAJANI, learning_rate=2e-4, adversary_rate=2.0),
)

# python -m training.train selu --data data/x --out runs/selu
# l1-gan-100 with self-normalising networks (Klambauer et al. 2017) and without its dropout of 0.5.
# --generator.dropout sets alpha dropout here; it is 0, since a trial on drawn shapes gained nothing
# from it. To compare ReLU with SELU and nothing else: l1-gan-100 --generator.dropout 0.
SELU_GENERATOR = GeneratorConfig(
    activation="selu", initializer="fan-in", standardize=True, dropout=0.0
)
SELU = TrainConfig(
    generator=SELU_GENERATOR,
    discriminator=DiscriminatorConfig(activation="selu", initializer="fan-in", standardize=True),
    loss=LossConfig(adversary="gan", l1=100.0),
)

# python -m training.train selu-wgan-gp --data data/x --out runs/selu-wgan-gp
# wgan-gp-l1 with self-normalising networks, and without its dropout, too.
SELU_WGAN_GP = dataclasses.replace(
    WGAN_GP_L1,
    generator=SELU_GENERATOR,
    critic=CriticConfig(activation="selu", initializer="fan-in", standardize=True),
)

# python -m training.train 2017-wgan --data data/x --out runs/2017-wgan
# Repairs: --critic.norm none, --critic.initializer fan-in, --loss.penalty-axis image,
# --loss.critic-steps 5, --loss.l1 100, --optimizer.beta-1 0 --optimizer.beta-2 0.9.
FAILED_2017_WGAN = TrainConfig(
    critic=CriticConfig(norm="batch", initializer="normal"),
    loss=LossConfig(adversary="wgan-gp", l1=0.0, penalty_axis="columns", critic_steps=1),
)

# python -m training.train 2017-selu --data data/x --out runs/2017-selu
# Its discriminator returned 0, which trains a generator as no discriminator does: L1 alone.
# Repairs: --generator.initializer fan-in, --generator.standardize, and --loss.adversary gan with
# --discriminator.activation selu --discriminator.initializer fan-in --discriminator.standardize.
# The output layer began with N(0, 0.02) by the same oversight, and that one was right; what it
# would have been as meant: --generator.initializer lecun --generator.output-initializer lecun.
SELU_GENERATOR_2017 = GeneratorConfig(activation="selu", initializer="normal", dropout=0.0)
FAILED_2017_SELU = TrainConfig(
    generator=SELU_GENERATOR_2017, loss=LossConfig(adversary="none", l1=10.0)
)

# python -m training.train 2017-selu-wgan --data data/x --out runs/2017-selu-wgan
# Both failures at once, with one departure: its critic answers. That of 2017 returned 0, and
# without L1 nothing would train the generator at all.
FAILED_2017_SELU_WGAN = dataclasses.replace(
    FAILED_2017_WGAN,
    generator=SELU_GENERATOR_2017,
    critic=CriticConfig(activation="selu", initializer="normal"),
)

# python -m training.train mobile --data data/art --out runs/mobile
# The network for phones, with hints: docs/decisions/0017-mobile.md has what was tried. Drawings of
# 64 pixels pass at 40 to 60 a second on 2 cores: two hours for 5,400 of three sources. `pretrained`
# was trained for longer, on a GPU: benchmarks/pretrained.py.
MOBILE = TrainConfig(
    epochs=60,
    batch_size=16,
    ema=0.999,
    generator=GeneratorConfig(network="mobile", hints=True, width=24, dropout=0.0),
    # L1 alone takes the median, white where it is in doubt; L2 draws it to the mean colour.
    loss=LossConfig(adversary="none", l1=1.0, l2=1.0, tv=0.05),
    optimizer=OptimizerConfig(
        learning_rate=1e-3, beta_1=0.9, constant_share=0.2, schedule="cosine", clip_norm=1.0
    ),
    augment=AugmentConfig(flip=True, jitter=0.1, shrink=0.2, warp=0.1, redrawn=0.5),
)

# python -m training.train demo --data data/mine --out runs/mine --init pretrained
# The net for phones, which knows how to colour already, made acquainted with other drawings in the
# minutes that a CPU has; without --init ten epochs are too few. The rate falls to zero: the last
# weights are steady by themselves, and their running average would lag behind.
DEMO = dataclasses.replace(
    MOBILE,
    epochs=10,
    ema=0.0,
    optimizer=dataclasses.replace(MOBILE.optimizer, learning_rate=3e-4, constant_share=0.0),
)

PRESETS: dict[str, TrainConfig] = {
    "l1": L1,
    "l1-gan-100": L1_GAN_100,
    "l1-gan-10": L1_GAN_10,
    "l1-gan-1": L1_GAN_1,
    "wgan-gp": WGAN_GP,
    "wgan-gp-l1": WGAN_GP_L1,
    "selu": SELU,
    "selu-wgan-gp": SELU_WGAN_GP,
    "2017-wgan": FAILED_2017_WGAN,
    "2017-selu": FAILED_2017_SELU,
    "2017-selu-wgan": FAILED_2017_SELU_WGAN,
    "demo": DEMO,
    "mobile": MOBILE,
}


def require_preset(name: str) -> None:
    """Raise ConfigError for a name that no preset has."""
    if name not in PRESETS:
        raise ConfigError(
            f"preset: expected one of {', '.join(PRESETS)}, received {name!r}."
            f"{did_you_mean(name, PRESETS)}"
        )
