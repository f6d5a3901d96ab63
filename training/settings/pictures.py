"""What a network is shown while it trains: how pictures vary, and which hints they carry."""

from dataclasses import dataclass

from training.settings.checks import require


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """How training pictures vary; validation pictures never do."""

    flip: bool = True  # mirror half of the pictures, left to right
    jitter: float = 30 / 256  # enlarge by this share, then crop at random (pix2pix: 286 -> 256)
    shrink: float = 0.0  # draw smaller by up to this share, with paper around (pix2pix: none)
    warp: float = 0.0  # turn, stretch, slant and shift by up to this share (pix2pix: none)
    redrawn: float = 0.0  # share of the pictures whose lines are drawn anew with another pen
    line_width_min: float = 1.0  # pixels: the thinnest pen of those lines
    line_width_max: float = 4.0  # pixels: the thickest
    # lighten the ink of such lines by up to this share (AlacGAN, Ci et al. 2018: 0.3)
    lighten: float = 0.3
    gaps: int = 4  # most gaps that the pen leaves in such lines, each as long as they are wide

    def __post_init__(self) -> None:
        for name, most in (
            ("jitter", 1.0),
            ("shrink", 0.8),
            ("warp", 0.5),
            ("redrawn", 1.0),
            ("lighten", 0.9),
        ):
            value = getattr(self, name)
            require(0 <= value <= most, f"augment.{name}", f"0 to {most:g}", value)
        thinnest, thickest = self.line_width_min, self.line_width_max
        require(thinnest >= 0.5, "augment.line_width_min", "at least 0.5 pixels", thinnest)
        require(
            thinnest <= thickest <= 32,
            "augment.line_width_max",
            f"from line_width_min, {thinnest:g} pixels, to 32",
            thickest,
        )
        require(0 <= self.gaps <= 100, "augment.gaps", "0 to 100", self.gaps)

    @property
    def learned_lines(self) -> tuple[float, float] | None:
        """The thinnest and the thickest pen of a training; None where lines came as they were."""
        return (self.line_width_min, self.line_width_max) if self.redrawn > 0 else None


@dataclass(frozen=True, kw_only=True)
class HintsConfig:
    """The hints that training pictures carry where the generator takes any.

    Taken from the true colours as a user would give them: docs/hints.md has the reasons.
    """

    none: float = 0.4  # share of the pictures without a hint (PaintsChainer: 0.4)
    # share of those with hints in which every area has one: nets that never saw that fail where a
    # user hints everything (Hint-AUC, TVCG 2026)
    everywhere: float = 0.15
    mean: float = 6.0  # of the number of the others, geometric (Zhang et al. 2017: p = 1/8)
    strokes: float = 0.4  # share of the hints that are strokes and not dots
    radius: float = 0.03  # largest, of the side of the picture (PaintsTorch2: 0.06)
    shift: float = 0.01  # a hint lies off its place by up to this share of the side (AlacGAN)
    color_noise: float = 5.0  # grey levels, the deviation of a hint's colour (PaintsChainer: 5)
    # shares of the pictures with hints whose colours all change by one rule, and in which half of
    # the hinted areas, no others, get colours of their own. What no hint tells is never changed
    # alone: the net would forget what things look like
    recolored_alike: float = 0.15
    recolored_apart: float = 0.4

    def __post_init__(self) -> None:
        for name in ("none", "everywhere", "strokes", "recolored_alike"):
            value = getattr(self, name)
            require(0 <= value <= 1, f"hints.{name}", "0 to 1", value)
        for name in ("radius", "shift"):
            value = getattr(self, name)
            require(0 <= value <= 0.25, f"hints.{name}", "0 to 0.25", value)
        require(1 <= self.mean <= 1000, "hints.mean", "1 to 1000", self.mean)
        require(0 <= self.color_noise <= 64, "hints.color_noise", "0 to 64", self.color_noise)
        require(
            0 <= self.recolored_alike <= 1, "hints.recolored_alike", "0 to 1", self.recolored_alike
        )
        require(
            0 <= self.recolored_apart <= 1 - self.recolored_alike,
            "hints.recolored_apart",
            "at least 0, and at most 1 with hints.recolored_alike",
            self.recolored_apart,
        )
