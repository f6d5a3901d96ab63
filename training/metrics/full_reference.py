"""How far one picture is from another, as people who judge pictures measure it.

All functions but that of features take uint8 RGB pictures (H, W, 3). Infinite PSNR means
identical pictures.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from training.errors import PictureError

PEAK = 255.0  # largest uint8 value
# Side of the uniform window of SSIM: the default of scikit-image, with K1 0.01 and K2 0.03.
SSIM_WINDOW = 7


@dataclass(frozen=True, kw_only=True)
class PictureQuality:
    """A candidate picture against its reference."""

    psnr_db: float  # higher is closer; infinite when identical
    ssim: float  # 1 when identical
    ciede2000_mean: float  # perceived colour difference; about 1 is just noticeable
    ciede2000_p99: float  # of the pixels of one picture
    max_levels: float  # largest difference of any channel of any pixel, in grey levels


@dataclass(frozen=True, kw_only=True)
class QualitySummary:
    """Many pictures against their references."""

    drawings: int
    mean: PictureQuality  # each number by itself
    median: PictureQuality  # each number by itself
    worst: PictureQuality  # the picture with the lowest PSNR
    worst_id: str
    max_levels: float  # over all pictures


def compare_pictures(reference: np.ndarray, candidate: np.ndarray) -> PictureQuality:
    """Measure everything about a pair of pictures.

    Raises PictureError unless both are uint8 (H, W, 3) of one size, 7 pixels or more a side.
    """
    difference = ciede2000(reference, candidate)
    return PictureQuality(
        psnr_db=psnr_db(reference, candidate),
        ssim=ssim(reference, candidate),
        ciede2000_mean=float(difference.mean()),
        ciede2000_p99=float(np.percentile(difference, 99)),
        max_levels=max_levels(reference, candidate),
    )


def summarise(qualities: Mapping[str, PictureQuality]) -> QualitySummary:
    """Summarise one measured picture per id. Raises PictureError if there are none."""
    if not qualities:
        raise PictureError("expected at least one measured picture, received none.")
    worst_id = min(qualities, key=lambda name: qualities[name].psnr_db)
    return QualitySummary(
        drawings=len(qualities),
        mean=_each_number(qualities, np.mean),
        median=_each_number(qualities, np.median),
        worst=qualities[worst_id],
        worst_id=worst_id,
        max_levels=max(quality.max_levels for quality in qualities.values()),
    )


def psnr_db(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Peak signal-to-noise ratio over all channels; infinite when identical."""
    require_pair(reference, candidate)
    error = reference.astype(np.float64) - candidate
    mse = float(np.mean(error**2))
    return math.inf if mse == 0 else 10 * math.log10(PEAK**2 / mse)


def feature_psnr_db(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Return the PSNR of arrays of any numbers; infinite where both are the same.

    The peak is the largest absolute value of the reference.
    """
    mse = float(np.mean((reference.astype(np.float64) - candidate) ** 2))
    peak = float(np.abs(reference).max())
    if mse == 0:
        return math.inf
    return 10 * math.log10(peak**2 / mse) if peak > 0 and math.isfinite(mse) else -math.inf


def ssim(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Structural similarity (Wang et al. 2004), mean over channels, uniform 7x7 window."""
    from skimage.metrics import structural_similarity

    require_pair(reference, candidate)
    if min(reference.shape[:2]) < SSIM_WINDOW:
        raise PictureError(
            f"SSIM: expected pictures of {SSIM_WINDOW} pixels or more a side, received shape "
            f"{reference.shape}. Measure larger drawings."
        )
    return float(
        structural_similarity(
            reference, candidate, win_size=SSIM_WINDOW, channel_axis=-1, data_range=PEAK
        )
    )


def ciede2000(reference: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Colour difference of each pixel (ISO/CIE 11664-6), sRGB under D65. Returns (H, W) float64."""
    from skimage.color import deltaE_ciede2000, rgb2lab

    require_pair(reference, candidate)
    return deltaE_ciede2000(rgb2lab(reference), rgb2lab(candidate))


def max_levels(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Return the largest difference of any channel of any pixel, in grey levels of 255."""
    require_pair(reference, candidate)
    return float(np.abs(reference.astype(np.int16) - candidate).max())


def require_pair(reference: np.ndarray, candidate: np.ndarray) -> None:
    """Raise PictureError unless both are uint8 (H, W, 3) of one size."""
    for picture in (reference, candidate):
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[-1] != 3:
            raise PictureError(
                f"expected RGB pictures as uint8 (H, W, 3), received {picture.dtype} "
                f"{picture.shape}."
            )
    if reference.shape != candidate.shape:
        raise PictureError(
            f"expected two pictures of one size, received {reference.shape} and {candidate.shape}."
        )


def _each_number(
    qualities: Mapping[str, PictureQuality], statistic: Callable[[list[float]], Any]
) -> PictureQuality:
    columns = {
        field.name: [getattr(quality, field.name) for quality in qualities.values()]
        for field in fields(PictureQuality)
    }
    return PictureQuality(**{name: float(statistic(v)) for name, v in columns.items()})
