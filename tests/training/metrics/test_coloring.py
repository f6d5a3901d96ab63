import dataclasses
import math

import numpy as np
import pytest

from training.errors import PictureError
from training.metrics.bleeding import LineContrast
from training.metrics.colorfulness import colorfulness
from training.metrics.coloring import (
    DrawingColoring,
    Estimate,
    measure_coloring,
    summarise_colorings,
)
from training.metrics.full_reference import PictureQuality, compare_pictures
from training.metrics.intervals import resampled_indices
from training.metrics.kid.distance import KernelDistance
from training.metrics.ms_ssim import ms_ssim


def drawing(
    psnr_db: float = 20.0,
    *,
    colorfulness: tuple[float, float] = (30.0, 40.0),
    contrast: tuple[float, float] = (2.0, 10.0),
    other: float = 0.5,
) -> DrawingColoring:
    """colorfulness: painted and true. contrast: lost and true."""
    quality = PictureQuality(
        psnr_db=psnr_db,
        ssim=other,
        ciede2000_mean=2 * other,
        ciede2000_p99=3 * other,
        max_levels=9,
    )
    lost, true = contrast
    return DrawingColoring(
        quality=quality,
        ms_ssim=other / 2,
        colorfulness=colorfulness[0],
        true_colorfulness=colorfulness[1],
        contrast=LineContrast(crossings=5, true=true, lost=lost),
    )


def resampled(values: list[float]) -> np.ndarray:
    """Return every resample of `values`, as training.metrics.intervals draws it."""
    return np.array(values)[resampled_indices(len(values), seed=0)]


def test_one_drawing_is_measured_by_every_metric():
    rng = np.random.default_rng(0)
    painted, true = rng.integers(0, 256, (2, 24, 30, 3), dtype=np.uint8)
    lineart = np.full((24, 30), 255, np.uint8)
    lineart[:, 15] = 0
    measured = measure_coloring(painted, true, lineart=lineart)
    assert measured.quality == compare_pictures(true, painted)
    assert measured.ms_ssim == ms_ssim(true, painted)
    assert measured.colorfulness == colorfulness(painted)
    assert measured.true_colorfulness == colorfulness(true)
    assert measured.contrast.crossings == 24


def test_a_mean_has_the_percentiles_of_its_resampled_means():
    summary = summarise_colorings([drawing(db) for db in (10.0, 20.0, 40.0)])
    low, high = np.percentile(resampled([10.0, 20.0, 40.0]).mean(axis=1), [2.5, 97.5])
    assert summary.psnr_db == Estimate(value=pytest.approx(70 / 3), low=low, high=high)
    # 1 in 27 resamples is one drawing three times: so are the ends of 95 %.
    assert (low, high) == (10, 40)


def test_every_mean_is_of_its_own_number():
    summary = summarise_colorings([drawing(other=0.2), drawing(other=0.6)])
    means = [
        summary.ssim.value,
        summary.ciede2000_mean.value,
        summary.ciede2000_p99.value,
        summary.ms_ssim.value,
    ]
    assert means == pytest.approx([0.4, 0.8, 1.2, 0.2])


def test_colourfulness_is_mean_over_mean_not_the_mean_of_ratios():
    # A truth that is almost grey: its own ratio is 100.
    summary = summarise_colorings(
        [drawing(colorfulness=(10.0, 0.1)), drawing(colorfulness=(20.0, 59.9))]
    )
    assert summary.colorfulness_ratio is not None
    assert summary.colorfulness_ratio.value == pytest.approx(30 / 60)


def test_bleeding_is_what_was_lost_of_all_that_there_was():
    summary = summarise_colorings(
        [drawing(contrast=(3.0, 4.0)), drawing(contrast=(0.0, 8.0)), drawing(contrast=(0.0, 0.0))]
        * 9
    )
    assert summary.bleeding is not None
    assert summary.bleeding.value == pytest.approx(3 / 12)
    assert 0 < summary.bleeding.low < 3 / 12 < summary.bleeding.high < 1


def test_a_ratio_is_resampled_in_pairs():
    # Painted is half of the truth in every drawing: no resample can say anything else.
    pairs = [(painted, 2 * painted) for painted in (1.0, 5.0, 30.0)]
    summary = summarise_colorings([drawing(colorfulness=pair) for pair in pairs])
    assert summary.colorfulness_ratio == Estimate(value=0.5, low=0.5, high=0.5)


def test_without_colour_or_lines_in_truth_there_is_no_ratio():
    summary = summarise_colorings([drawing(colorfulness=(3.0, 0.0), contrast=(0.0, 0.0))])
    assert (summary.colorfulness_ratio, summary.bleeding) == (None, None)


def test_a_ratio_that_hangs_on_one_drawing_is_not_given():
    # 8 of 27 resamples of these three hold no colour at all.
    colors = [(3.0, 30.0), (3.0, 0.0), (3.0, 0.0)]
    summary = summarise_colorings([drawing(colorfulness=pair) for pair in colors])
    assert summary.colorfulness_ratio is None


def test_an_identical_drawing_leaves_the_mean_psnr_out_and_all_else_in():
    summary = summarise_colorings([drawing(math.inf), drawing(30.0)])
    assert summary.psnr_db is None
    assert summary.ssim.value == pytest.approx(0.5)


def test_kid_is_passed_on_or_missing():
    distance = KernelDistance(
        value=0.1, low=0.0, high=0.2, drawings=40, subset_size=20, subset_mean=0.1, subset_std=0.01
    )
    assert summarise_colorings([drawing()]).kid is None
    assert summarise_colorings([drawing()], kid=distance).kid is distance


def test_intervals_are_narrower_for_more_drawings():
    few = summarise_colorings([drawing(db) for db in (10.0, 20.0, 30.0, 40.0)])
    many = summarise_colorings([drawing(db) for db in (10.0, 20.0, 30.0, 40.0)] * 16)
    assert few.psnr_db is not None
    assert many.psnr_db is not None
    # By the square root of 16, ends of 1,000 resamples being known to some per cent.
    ratio = (few.psnr_db.high - few.psnr_db.low) / (many.psnr_db.high - many.psnr_db.low)
    assert ratio == pytest.approx(4, rel=0.15)


def test_the_same_drawings_have_the_same_summary():
    drawings = [drawing(db, other=db / 50) for db in (10.0, 20.0, 40.0)]
    assert dataclasses.asdict(summarise_colorings(drawings)) == dataclasses.asdict(
        summarise_colorings(drawings)
    )


def test_a_summary_of_nothing_is_refused():
    with pytest.raises(PictureError, match="received none"):
        summarise_colorings([])


def test_a_drawing_too_small_for_ms_ssim_is_refused():
    small = np.zeros((10, 10, 3), np.uint8)
    with pytest.raises(PictureError, match="MS-SSIM: expected pictures of 11 pixels"):
        measure_coloring(small, small, lineart=small[..., 0])
