"""What to train, as frozen dataclasses; training/files/strict_json.py writes and reads them.

What cannot work, or would silently do nothing, is refused. Sections and numbers of a network that
does not play wait for it: `discriminator`, `critic`, loss.critic_steps, loss.gradient_penalty,
optimizer.adversary_rate. Another adversary can be tried without setting all of them back.
"""

import math
import typing
from dataclasses import dataclass, field
from typing import Any, Literal

from training.errors import ConfigError

MAX_DEPTH = 8  # 256 = 2**8: the depth of Isola et al. 2017
MAX_BOTTLENECK = 16  # pixels: an automatic depth that ends wider sees too little of the picture

Activation = Literal["relu", "selu"]  # relu: LeakyReLU and ReLU as in pix2pix; selu: no norm
# How weights begin. normal: N(0, 0.02) as in pix2pix. fan-in: the variance is kept, by the inputs
# that a layer really sums up. lecun: Keras's, which is wrong for transposed convolutions.
Initializer = Literal["normal", "lecun", "fan-in"]


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """The U-Net of pix2pix."""

    width: int = 64  # filters of the first convolution (pix2pix: ngf)
    depth: int | None = None  # stride-2 convolutions; None: as many as the size allows, up to 8
    dropout: float = 0.5  # in the first three decoder blocks (pix2pix: 0.5); selu: alpha dropout
    under_ink: bool = False  # paint colour only, with the drawing's black lines laid on top
    activation: Activation = "relu"  # relu: with normalization, as pix2pix; selu: without
    initializer: Initializer = "normal"  # of all layers but the last
    output_initializer: Initializer = "normal"  # of the last layer
    standardize: bool = False  # bring inputs to mean 0 and variance 1, which selu assumes

    def __post_init__(self) -> None:
        _require_choices(self, "generator")
        _require(self.width >= 1, "generator.width", "at least 1 filter", self.width)
        if self.depth is not None:
            _require(1 <= self.depth <= 12, "generator.depth", "1 to 12", self.depth)
        _require(0 <= self.dropout < 1, "generator.dropout", "at least 0, below 1", self.dropout)
        if self.activation == "relu":
            _require_pix2pix("generator", self.initializer, self.standardize)
            _require(
                self.output_initializer == "normal",
                "generator.output_initializer",
                "normal, unless generator.activation is selu",
                self.output_initializer,
            )


@dataclass(frozen=True, kw_only=True)
class DiscriminatorConfig:
    """The patch discriminator of pix2pix, conditional on the line art."""

    width: int = 64  # filters of the first convolution (pix2pix: ndf)
    layers: int = 3  # stride-2 convolutions; 3: each output sees a 70x70 patch
    activation: Activation = "relu"
    initializer: Initializer = "normal"
    standardize: bool = False  # bring inputs to mean 0 and variance 1

    def __post_init__(self) -> None:
        _require_choices(self, "discriminator")
        _require(self.width >= 1, "discriminator.width", "at least 1 filter", self.width)
        _require(1 <= self.layers <= 6, "discriminator.layers", "1 to 6", self.layers)
        if self.activation == "relu":
            _require_pix2pix("discriminator", self.initializer, self.standardize)


@dataclass(frozen=True, kw_only=True)
class CriticConfig:
    """The critic of WGAN-GP: a patch discriminator without a norm, conditional on the line art."""

    width: int = 64  # filters of the first convolution, as in the discriminator
    layers: int = 3  # stride-2 convolutions, as in the discriminator
    activation: Activation = "relu"
    # none: Gulrajani et al. 2017, 4. plain: per image, in operations that differentiate twice.
    # batch: Keras's BatchNormalization, as in 2017, whose second-order gradients are wrong.
    norm: Literal["none", "plain", "batch"] = "none"
    initializer: Initializer = "fan-in"  # without a norm N(0, 0.02) lets the signal fade
    standardize: bool = False  # bring inputs to mean 0 and variance 1

    def __post_init__(self) -> None:
        _require_choices(self, "critic")
        _require(self.width >= 1, "critic.width", "at least 1 filter", self.width)
        _require(1 <= self.layers <= 6, "critic.layers", "1 to 6", self.layers)
        if self.activation == "selu":
            _require(self.norm == "none", "critic.norm", "none where it is selu", self.norm)


@dataclass(frozen=True, kw_only=True)
class LossConfig:
    """What the generator is trained to do."""

    adversary: Literal["none", "gan", "wgan-gp"] = "none"
    l1: float = 100.0  # weight of the L1 term (Isola et al. 2017: 100)
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
        _require_choices(self, "loss")
        for name in ("l1", "tv", "gradient_penalty", "feature_matching"):
            weight = getattr(self, name)
            _require(0 <= weight < math.inf, f"loss.{name}", "at least 0, finite", weight)
        _require(
            0 <= self.label_smoothing < 0.5,
            "loss.label_smoothing",
            "at least 0, below 0.5",
            self.label_smoothing,
        )
        _require(self.critic_steps >= 1, "loss.critic_steps", "at least 1", self.critic_steps)
        if self.adversary != "wgan-gp":
            _require(
                self.penalty_axis == "image",
                "loss.penalty_axis",
                "image where no gradient of a critic is penalised",
                self.penalty_axis,
            )
        if self.adversary != "gan":
            _require(
                self.label_smoothing == 0,
                "loss.label_smoothing",
                "0 where no discriminator calls patches real",
                self.label_smoothing,
            )
        if self.adversary == "none":
            _require(self.l1 > 0, "loss.l1", "above 0 where nothing else trains", self.l1)
            _require(
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
        _require_choices(self, "optimizer")
        for name in ("learning_rate", "adversary_rate"):
            rate = getattr(self, name)
            _require(0 < rate < math.inf, f"optimizer.{name}", "above 0, finite", rate)
        _require(0 <= self.beta_1 < 1, "optimizer.beta_1", "at least 0, below 1", self.beta_1)
        _require(0 <= self.beta_2 < 1, "optimizer.beta_2", "at least 0, below 1", self.beta_2)
        _require(
            0 <= self.constant_share <= 1, "optimizer.constant_share", "0 to 1", self.constant_share
        )
        if self.clip_norm is not None:
            _require(
                0 < self.clip_norm < math.inf,
                "optimizer.clip_norm",
                "above 0, finite",
                self.clip_norm,
            )


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """How training pictures vary; validation pictures never do."""

    flip: bool = True  # mirror half of the pictures, left to right
    jitter: float = 30 / 256  # enlarge by this share, then crop at random (pix2pix: 286 -> 256)
    warp: float = 0.0  # turn, stretch, slant and shift by up to this share (pix2pix: none)

    def __post_init__(self) -> None:
        _require(0 <= self.jitter <= 1, "augment.jitter", "0 to 1", self.jitter)
        _require(0 <= self.warp <= 0.5, "augment.warp", "0 to 0.5", self.warp)


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """One training: the same config, data and software give the same weights on a CPU."""

    size: int | None = None  # pixels, square; None: the size of the data set
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

    def __post_init__(self) -> None:
        if self.size is not None:
            self._require_fitting_networks(self.size)
        _require_choices(self, "")
        _require(0 <= self.ema < 1, "ema", "at least 0, below 1", self.ema)
        if self.early_stop is not None:
            _require(self.early_stop >= 1, "early_stop", "at least 1 epoch", self.early_stop)
        _require(self.epochs >= 1, "epochs", "at least 1", self.epochs)
        _require(self.batch_size >= 1, "batch_size", "at least 1", self.batch_size)
        _require(
            self.keep_checkpoints >= 1, "keep_checkpoints", "at least 1", self.keep_checkpoints
        )
        _require(0 <= self.seed < 2**31, "seed", "0 to 2^31 - 1", self.seed)

    @property
    def batches_per_step(self) -> int:
        """Batches of one training step: a critic sees one of its own in each of its steps."""
        return self.loss.critic_steps + 1 if self.loss.adversary == "wgan-gp" else 1

    @property
    def pairs_per_step(self) -> int:
        """Pairs of pictures that one training step takes."""
        return self.batch_size * self.batches_per_step

    def _require_fitting_networks(self, size: int) -> None:
        _require(size >= 2, "size", "at least 2 pixels", size)
        depth = unet_depth(size, self.generator.depth)
        _require(size % 2**depth == 0, "size", f"a multiple of 2^depth = {2**depth}", size)
        if self.generator.depth is None:
            nearest = sorted({max(32, size // 32 * 32), (size // 32 + 1) * 32})
            _require(
                size // 2**depth <= MAX_BOTTLENECK,
                "size",
                f"one that can be halved down to {MAX_BOTTLENECK} pixels, such as "
                f"{' or '.join(map(str, nearest))}, or a --generator.depth",
                size,
            )
        for adversary, name, layers in (
            ("gan", "discriminator.layers", self.discriminator.layers),
            ("wgan-gp", "critic.layers", self.critic.layers),
        ):
            if self.loss.adversary == adversary:
                # Its last two convolutions are 4x4 on a picture with one pixel around.
                _require(
                    -(-size // 2**layers) >= 3,
                    name,
                    f"few enough that {size} pixels leave 3 or more",
                    layers,
                )


def unet_depth(size: int, depth: int | None) -> int:
    """Return `depth`, or for None the number of times that `size` can be halved, 8 at most.

    `TrainConfig` refuses a size for which that number is too small.
    """
    if depth is not None:
        return depth
    return max(d for d in range(MAX_DEPTH + 1) if size % 2**d == 0)


def _require_choices(config: Any, section: str) -> None:
    """Refuse a value that its field's Literal does not list."""
    for name, declared in typing.get_type_hints(type(config)).items():
        if typing.get_origin(declared) is Literal:
            choices, value = typing.get_args(declared), getattr(config, name)
            field_name = f"{section}.{name}".lstrip(".")
            _require(value in choices, field_name, " or ".join(choices), value)


def _require_pix2pix(network: str, initializer: Initializer, standardize: bool) -> None:
    """Refuse what a network of ReLU and normalization layers has no use for."""
    unless = f"unless {network}.activation is selu"
    _require(initializer == "normal", f"{network}.initializer", f"normal, {unless}", initializer)
    _require(not standardize, f"{network}.standardize", f"False, {unless}", standardize)


def _require(condition: bool, name: str, expected: str, received: object) -> None:
    if not condition:
        raise ConfigError(f"{name}: expected {expected}, received {received!r}.")
