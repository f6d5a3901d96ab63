"""What the networks are: generator, discriminator and critic, as frozen dataclasses."""

from dataclasses import dataclass
from typing import Literal

from training.settings.checks import require, require_choices

MAX_WIDTH = 512  # 8 times pix2pix's: 3.5 billion parameters, 14 GB before anything is computed
MAX_DEPTH = 8  # 256 = 2**8: the depth of Isola et al. 2017

Activation = Literal["relu", "selu"]  # relu: LeakyReLU and ReLU as in pix2pix; selu: no norm
# How weights begin. normal: N(0, 0.02) as in pix2pix. fan-in: the variance is kept, by the inputs
# that a layer really sums up. lecun: Keras's, which is wrong for transposed convolutions.
Initializer = Literal["normal", "lecun", "fan-in"]

MOBILE_STRIDE = 16  # pixels of one pixel at the bottom of the mobile generator
# What the mobile generator leaves no choice of: it paints below the ink by its nature.
_OF_MOBILE = {"depth": None, "under_ink": False, "activation": "relu"}


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """The U-Net of pix2pix, or the small network for phones, which has fewer settings."""

    # unet: Isola et al. 2017. mobile: no norm, paints a layer (training/models/mobile.py)
    network: Literal["unet", "mobile"] = "unet"
    hints: bool = False  # take the user's hints beside the line art
    width: int = 64  # filters of the first convolution (pix2pix: ngf)
    depth: int | None = None  # stride-2 convolutions; None: as many as the size allows, up to 8
    # unet: in its first three decoder blocks (pix2pix: 0.5); selu: alpha dropout; mobile: at its
    # two coarsest levels
    dropout: float = 0.5
    under_ink: bool = False  # paint colour only, with the drawing's black lines laid on top
    activation: Activation = "relu"  # relu: with normalization, as pix2pix; selu: without
    initializer: Initializer = "normal"  # of all layers but the last
    output_initializer: Initializer = "normal"  # of the last layer
    standardize: bool = False  # bring inputs to mean 0 and variance 1, which selu assumes

    def __post_init__(self) -> None:
        require_choices(self, "generator")
        _require_width("generator", self.width)
        if self.depth is not None:
            require(1 <= self.depth <= 12, "generator.depth", "1 to 12", self.depth)
        require(0 <= self.dropout < 1, "generator.dropout", "at least 0, below 1", self.dropout)
        if self.network == "mobile":
            for name, plain in _OF_MOBILE.items():
                value = getattr(self, name)
                always = f"{plain}, which the network mobile has always"
                require(value == plain, f"generator.{name}", always, value)
        if self.activation == "relu":
            _require_pix2pix("generator", self.initializer, self.standardize)
            require(
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
        require_choices(self, "discriminator")
        _require_width("discriminator", self.width)
        require(1 <= self.layers <= 6, "discriminator.layers", "1 to 6", self.layers)
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
        require_choices(self, "critic")
        _require_width("critic", self.width)
        require(1 <= self.layers <= 6, "critic.layers", "1 to 6", self.layers)
        if self.activation == "selu":
            require(self.norm == "none", "critic.norm", "none where it is selu", self.norm)


def stride_of(generator: GeneratorConfig, *, size: int) -> int:
    """Return what the sides of a generator's pictures must be multiples of, in pixels.

    size: pixels at which it is trained.
    """
    if generator.network == "mobile":
        return MOBILE_STRIDE
    return 2 ** unet_depth(size, generator.depth)


def unet_depth(size: int, depth: int | None) -> int:
    """Return `depth`, or for None the number of times that `size` can be halved, 8 at most.

    `TrainConfig` refuses a size for which that number is too small.
    """
    if depth is not None:
        return depth
    return max(d for d in range(MAX_DEPTH + 1) if size % 2**d == 0)


def _require_width(network: str, width: int) -> None:
    expected = f"1 to {MAX_WIDTH} filters"
    require(1 <= width <= MAX_WIDTH, f"{network}.width", expected, width)


def _require_pix2pix(network: str, initializer: Initializer, standardize: bool) -> None:
    """Refuse what a network of ReLU and normalization layers has no use for."""
    unless = f"unless {network}.activation is selu"
    require(initializer == "normal", f"{network}.initializer", f"normal, {unless}", initializer)
    require(not standardize, f"{network}.standardize", f"False, {unless}", standardize)
