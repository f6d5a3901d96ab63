"""What to train, as frozen dataclasses; training/files/strict_json.py writes and reads them.

What cannot work, or would silently do nothing, is refused. Sections and numbers of a network that
does not play wait for it: `discriminator`, `critic`, `hints`, loss.critic_steps,
loss.gradient_penalty, optimizer.adversary_rate. Another adversary can be tried without setting all
of them back.
"""

import math
from dataclasses import dataclass, field
from typing import Literal

from training.errors import ConfigError
from training.settings.checks import require, require_choices
from training.settings.networks import (
    CriticConfig,
    DiscriminatorConfig,
    GeneratorConfig,
    stride_of,
    unet_depth,
)
from training.settings.pictures import AugmentConfig, HintsConfig
from training.settings.sizes import SaidSize, Size, common_side, height_width

MAX_BOTTLENECK = 16  # pixels: an automatic depth that ends wider sees too little of the picture


@dataclass(frozen=True, kw_only=True)
class LossConfig:
    """What the generator is trained to do."""

    adversary: Literal["none", "gan", "wgan-gp"] = "none"
    l1: float = 100.0  # weight of the L1 term (Isola et al. 2017: 100)
    l2: float = 0.0  # weight of the mean squared difference (pix2pix: none)
    tv: float = 0.0  # weight of the total variation away from ink: flat colours (pix2pix: none)
    gradient_penalty: float = 10.0  # weight of the penalty (Gulrajani et al. 2017: lambda = 10)
    # What the norm of a gradient is taken over. image: Gulrajani et al. 2017. columns: one axis, a
    # mistake of the code of 2017, which asks of every column what is meant for the picture.
    penalty_axis: Literal["image", "columns"] = "image"
    critic_steps: int = 5  # critic updates per generator update (Gulrajani et al. 2017: 5)
    # gan: the discriminator is to answer 1 minus this for real patches, not 1 (Salimans et al.
    # 2016: 0.1; pix2pix: 0)
    label_smoothing: float = 0.0
    # weight of the distance between the features that the discriminator or critic computes of the
    # true and of the painted picture (Wang et al. 2018, pix2pixHD: 10; pix2pix: none)
    feature_matching: float = 0.0

    def __post_init__(self) -> None:
        require_choices(self, "loss")
        for name in ("l1", "l2", "tv", "gradient_penalty", "feature_matching"):
            weight = getattr(self, name)
            require(0 <= weight < math.inf, f"loss.{name}", "at least 0, finite", weight)
        require(
            0 <= self.label_smoothing < 0.5,
            "loss.label_smoothing",
            "at least 0, below 0.5",
            self.label_smoothing,
        )
        require(self.critic_steps >= 1, "loss.critic_steps", "at least 1", self.critic_steps)
        if self.adversary != "wgan-gp":
            require(
                self.penalty_axis == "image",
                "loss.penalty_axis",
                "image where no gradient of a critic is penalised",
                self.penalty_axis,
            )
        if self.adversary != "gan":
            require(
                self.label_smoothing == 0,
                "loss.label_smoothing",
                "0 where no discriminator calls patches real",
                self.label_smoothing,
            )
        if self.adversary == "none":
            require(self.l1 + self.l2 > 0, "loss.l1", "above 0 where nothing else trains", self.l1)
            require(
                self.feature_matching == 0,
                "loss.feature_matching",
                "0 where there is no adversary to match the features of",
                self.feature_matching,
            )


@dataclass(frozen=True, kw_only=True)
class OptimizerConfig:
    """Adam for both networks; its rate is constant at first, then falls to zero, as in pix2pix."""

    learning_rate: float = 2e-4
    adversary_rate: float = 1.0  # learning rate of the adversary, over the generator's (pix2pix: 1)
    beta_1: float = 0.5
    beta_2: float = 0.999
    constant_share: float = 0.5  # share of the epochs before the rate begins to fall
    schedule: Literal["linear", "cosine"] = "linear"  # how the rate falls (pix2pix: linear)
    clip_norm: float | None = None  # longest gradient of a network (SELU at 5e-3: 1); None: any

    def __post_init__(self) -> None:
        require_choices(self, "optimizer")
        for name in ("learning_rate", "adversary_rate"):
            rate = getattr(self, name)
            require(0 < rate < math.inf, f"optimizer.{name}", "above 0, finite", rate)
        require(0 <= self.beta_1 < 1, "optimizer.beta_1", "at least 0, below 1", self.beta_1)
        require(0 <= self.beta_2 < 1, "optimizer.beta_2", "at least 0, below 1", self.beta_2)
        require(
            0 <= self.constant_share <= 1, "optimizer.constant_share", "0 to 1", self.constant_share
        )
        if self.clip_norm is not None:
            require(
                0 < self.clip_norm < math.inf,
                "optimizer.clip_norm",
                "above 0, finite",
                self.clip_norm,
            )


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """One training: the same config, data and software give the same weights on a CPU."""

    # pixels: 64 is a square, 192x128 is 192 wide and 128 high; None: the size of the data set
    size: SaidSize | None = None
    epochs: int = 200  # passes over the training pictures
    batch_size: int = 1  # pairs of pictures in a batch
    seed: int = 0  # of weights, order, augmentation and dropout
    keep_checkpoints: int = 2  # this many newest, and the best; 870 MB each for 54 M parameters
    # what decides which epoch was the best
    best_by: Literal["validation_psnr_db", "validation_l1"] = "validation_psnr_db"
    early_stop: int | None = None  # end after this many epochs without a better one; None: never
    # decay of the running average of the generator's weights, which is measured and exported, but
    # does not change the training; 0: no average
    ema: float = 0.999
    # in which layers compute; losses and the critic of WGAN-GP stay float32
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = "float32"
    xla: bool = False  # compile the training step by XLA: for GPUs; on 2 CPU cores it gains nothing
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    critic: CriticConfig = field(default_factory=CriticConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    hints: HintsConfig = field(default_factory=HintsConfig)

    def __post_init__(self) -> None:
        if self.size is not None:
            self._require_fitting_networks(self.height_width)
        require_choices(self, "")
        require(0 <= self.ema < 1, "ema", "at least 0, below 1", self.ema)
        if self.early_stop is not None:
            require(self.early_stop >= 1, "early_stop", "at least 1 epoch", self.early_stop)
        require(self.epochs >= 1, "epochs", "at least 1", self.epochs)
        require(self.batch_size >= 1, "batch_size", "at least 1", self.batch_size)
        require(self.keep_checkpoints >= 1, "keep_checkpoints", "at least 1", self.keep_checkpoints)
        require(0 <= self.seed < 2**31, "seed", "0 to 2^31 - 1", self.seed)

    @property
    def height_width(self) -> Size:
        """Height and width of the pictures, in pixels. Raises ConfigError where nobody said it."""
        if self.size is None:
            raise ConfigError("size: expected that of the data set, received None.")
        return height_width(self.size)

    @property
    def batches_per_step(self) -> int:
        """Batches of one training step: a critic sees one of its own in each of its steps."""
        return self.loss.critic_steps + 1 if self.loss.adversary == "wgan-gp" else 1

    @property
    def pairs_per_step(self) -> int:
        """Pairs of pictures that one training step takes."""
        return self.batch_size * self.batches_per_step

    def _require_fitting_networks(self, size: Size) -> None:
        (shorter, longer), common = sorted(size), common_side(size)
        require(shorter >= 2, "size", "at least 2 pixels", self.size)
        stride = stride_of(self.generator, size=common)
        fits = common % stride == 0
        require(fits, "size", f"a multiple of {stride}, the network's stride", self.size)
        if self.generator.network == "unet" and self.generator.depth is None:
            depth = unet_depth(common, None)
            nearest = sorted({max(32, longer // 32 * 32), (longer // 32 + 1) * 32})
            require(
                longer // 2**depth <= MAX_BOTTLENECK,
                "size",
                f"one that can be halved down to {MAX_BOTTLENECK} pixels, such as "
                f"{' or '.join(map(str, nearest))}, or a --generator.depth",
                self.size,
            )
        for adversary, name, layers in (
            ("gan", "discriminator.layers", self.discriminator.layers),
            ("wgan-gp", "critic.layers", self.critic.layers),
        ):
            if self.loss.adversary == adversary:
                # Its last two convolutions are 4x4 on a picture with one pixel around.
                require(
                    -(-shorter // 2**layers) >= 3,
                    name,
                    f"few enough that {shorter} pixels leave 3 or more",
                    layers,
                )
