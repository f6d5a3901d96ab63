"""How well a set of drawings is coloured: each metric with its 95 % confidence interval.

Intervals are bootstrapped over drawings (training/metrics/intervals.py), all with the same seed, so
that every metric sees the same resampled drawings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.errors import PictureError
from training.metrics.bleeding import LineContrast, line_contrast
from training.metrics.colorfulness import colorfulness
from training.metrics.full_reference import PictureQuality, compare_pictures
from training.metrics.intervals import TAILS, bootstrap_interval, resampled
from training.metrics.kid.distance import KernelDistance
from training.metrics.ms_ssim import ms_ssim

SEED = 0


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number over drawings and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    @property
    def with_interval(self) -> str:
        """Two decimals, for tables: 19.05 (18.29 to 19.78)."""
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, kw_only=True)
class DrawingColoring:
    """One painted drawing against its true colours."""

    quality: PictureQuality
    ms_ssim: float
    colorfulness: float  # of the painted picture
    true_colorfulness: float
    contrast: LineContrast


@dataclass(frozen=True, kw_only=True)
class ColoringSummary:
    """Many painted drawings against their true colours: means over drawings, where not said."""

    psnr_db: Estimate | None  # None: a drawing is identical, so the mean is infinite
    ssim: Estimate
    ms_ssim: Estimate
    ciede2000_mean: Estimate
    ciede2000_p99: Estimate
    # Mean of the painted over mean of the true colourfulness. None: too little in truth has colour.
    colorfulness_ratio: Estimate | None
    # Lost over true contrast across lines, 0 to 1. None: too few lines part two colours in truth.
    bleeding: Estimate | None
    kid: KernelDistance | None  # None: not asked for


def measure_coloring(
    painted: np.ndarray, true: np.ndarray, *, lineart: np.ndarray
) -> DrawingColoring:
    """Measure one painted drawing.

    painted, true: (H, W, 3) uint8. lineart: (H, W) uint8. Raises PictureError for sizes that differ
    and for fewer than 11 pixels a side.
    """
    return DrawingColoring(
        quality=compare_pictures(true, painted),
        ms_ssim=ms_ssim(true, painted),
        colorfulness=colorfulness(painted),
        true_colorfulness=colorfulness(true),
        contrast=line_contrast(painted, true, lineart),
    )


def summarise_colorings(
    drawings: Sequence[DrawingColoring], *, kid: KernelDistance | None = None
) -> ColoringSummary:
    """Summarise measured drawings. Raises PictureError if there are none."""
    if not drawings:
        raise PictureError("expected at least one measured drawing, received none.")

    def mean_of(number: Callable[[DrawingColoring], float]) -> Estimate:
        return mean_estimate(np.array([number(drawing) for drawing in drawings]))

    identical = any(np.isinf(drawing.quality.psnr_db) for drawing in drawings)
    return ColoringSummary(
        psnr_db=None if identical else mean_of(lambda drawing: drawing.quality.psnr_db),
        ssim=mean_of(lambda drawing: drawing.quality.ssim),
        ms_ssim=mean_of(lambda drawing: drawing.ms_ssim),
        ciede2000_mean=mean_of(lambda drawing: drawing.quality.ciede2000_mean),
        ciede2000_p99=mean_of(lambda drawing: drawing.quality.ciede2000_p99),
        colorfulness_ratio=ratio_estimate(
            [(drawing.colorfulness, drawing.true_colorfulness) for drawing in drawings]
        ),
        bleeding=ratio_estimate(
            [(drawing.contrast.lost, drawing.contrast.true) for drawing in drawings]
        ),
        kid=kid,
    )


def mean_estimate(values: np.ndarray) -> Estimate:
    """Return the mean of one number a drawing, values (n,), with its interval."""
    low, high = bootstrap_interval(values, lambda drawn: drawn.mean(axis=1), seed=SEED)
    return Estimate(value=float(values.mean()), low=low, high=high)


def ratio_estimate(pairs: Sequence[tuple[float, float]]) -> Estimate | None:
    """Return sum over sum of two numbers a drawing: one with almost 0 below cannot outweigh others.

    None where a resample has nothing below the line: one drawing more or less would decide.
    """
    values = np.array(pairs)
    sums = resampled(values, lambda drawn: drawn.sum(axis=1), seed=SEED)  # (RESAMPLES, 2)
    if sums[:, 1].min() == 0:
        return None
    low, high = np.percentile(sums[:, 0] / sums[:, 1], TAILS)
    above, below = values.sum(axis=0)
    return Estimate(value=float(above / below), low=float(low), high=float(high))
