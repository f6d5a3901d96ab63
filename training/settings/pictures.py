"""What a network is shown while it trains: how pictures vary, and which hints they carry."""

from dataclasses import dataclass

from training.settings.checks import require


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """How training pictures vary; validation pictures never do."""

    flip: bool = True  # mirror half of the pictures, left to right
    jitter: float = 30 / 256  # enlarge by this share, then crop at random (pix2pix: 286 -> 256)
    warp: float = 0.0  # turn, stretch, slant and shift by up to this share (pix2pix: none)

    def __post_init__(self) -> None:
        require(0 <= self.jitter <= 1, "augment.jitter", "0 to 1", self.jitter)
        require(0 <= self.warp <= 0.5, "augment.warp", "0 to 0.5", self.warp)
