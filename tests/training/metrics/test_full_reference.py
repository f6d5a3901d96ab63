import math

import numpy as np
import pytest

from training.errors import PictureError
from training.metrics.full_reference import (
    PictureQuality,
    ciede2000,
    compare_pictures,
    feature_psnr_db,
    max_levels,
    psnr_db,
    ssim,
    summarise,
)

# Two float64 implementations of the same formulas: rounding apart, they agree.
ROUNDING = 1e-9
# The rows of the RGB to XYZ matrix add up to the white point in 4 digits only.
WHITE_POINT = 2e-3


def picture(seed: int, *, height: int = 9, width: int = 12) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def flat(value: int | tuple[int, int, int], *, height: int = 8, width: int = 10) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def quality(db: float, *, levels: float = 1.0) -> PictureQuality:
    return PictureQuality(
        psnr_db=db,
        ssim=min(db, 100) / 100,
        ciede2000_mean=1.0,
        ciede2000_p99=2.0,
        max_levels=levels,
    )


# --- PSNR


def test_psnr_of_one_level_everywhere_is_20_log10_of_255():
    assert psnr_db(flat(100), flat(101)) == pytest.approx(48.1308, abs=1e-4)


def test_psnr_of_identical_pictures_is_infinite():
    assert psnr_db(picture(0), picture(0)) == math.inf


def test_psnr_does_not_wrap_around_at_the_ends_of_uint8():
    assert psnr_db(flat(0), flat(255)) == pytest.approx(0.0)


def test_psnr_agrees_with_scikit_image():
    from skimage.metrics import peak_signal_noise_ratio

    expected = peak_signal_noise_ratio(picture(1), picture(2), data_range=255)
    assert psnr_db(picture(1), picture(2)) == pytest.approx(expected, abs=ROUNDING)


# --- SSIM


def ssim_by_definition(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Wang et al. 2004, equation 13, in every 7x7 window of every channel, one by one."""
    c1, c2, side = (0.01 * 255) ** 2, (0.03 * 255) ** 2, 7
    height, width, channels = reference.shape
    values = []
    for channel in range(channels):
        for top in range(height - side + 1):
            for left in range(width - side + 1):
                window = np.s_[top : top + side, left : left + side, channel]
                x, y = reference[window].astype(float), candidate[window].astype(float)
                covariance = ((x - x.mean()) * (y - y.mean())).sum() / (side**2 - 1)
                luminance = 2 * x.mean() * y.mean() + c1
                structure = 2 * covariance + c2
                norm_l = x.mean() ** 2 + y.mean() ** 2 + c1
                norm_s = x.var(ddof=1) + y.var(ddof=1) + c2
                values.append(luminance * structure / norm_l / norm_s)
    return float(np.mean(values))


def test_ssim_of_two_flat_pictures_is_the_luminance_term_alone():
    c1 = 6.5025  # (0.01 x 255)^2
    expected = (2 * 100 * 120 + c1) / (100**2 + 120**2 + c1)
    assert ssim(flat(100), flat(120)) == pytest.approx(expected, abs=ROUNDING)


def test_ssim_agrees_with_its_definition():
    reference = picture(3)
    candidate = (reference // 2 + picture(4) // 2).astype(np.uint8)
    expected = ssim_by_definition(reference, candidate)
    assert 0.1 < expected < 0.9  # a pair that says something
    assert ssim(reference, candidate) == pytest.approx(expected, abs=ROUNDING)


def test_ssim_refuses_pictures_smaller_than_its_window():
    with pytest.raises(PictureError, match="7 pixels"):
        ssim(flat(1, height=6), flat(2, height=6))


# --- CIEDE2000


def lab(rgb: np.ndarray) -> tuple[float, float, float]:
    """sRGB (IEC 61966-2-1) to CIE L*a*b* under D65, for one pixel."""
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in rgb.astype(float) / 255
    ]
    matrix = [
        [0.412453, 0.357580, 0.180423],  # ITU-R BT.709 primaries, as Poynton prints them
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
    white = (0.95047, 1.0, 1.08883)
    xyz = [sum(m * v for m, v in zip(row, linear, strict=True)) for row in matrix]
    f = []
    for v, w in zip(xyz, white, strict=True):
        t = v / w
        f.append(t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def hue_deg(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360


def delta_e_2000(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """Sharma, Wu and Dalal 2005, equations 2 to 22, kL = kC = kH = 1."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean_c7 / (mean_c7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = hue_deg(a1, b1), hue_deg(a2, b2)
    dl, dc, dh, hue_mean = l2 - l1, c2 - c1, h2 - h1, (h1 + h2) / 2
    if c1 * c2 == 0:
        dh, hue_mean = 0.0, h1 + h2
    elif abs(dh) > 180:
        dh -= math.copysign(360, dh)
        hue_mean += 180 if h1 + h2 < 360 else -180
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    t = (
        1
        - 0.17 * math.cos(math.radians(hue_mean - 30))
        + 0.24 * math.cos(math.radians(2 * hue_mean))
        + 0.32 * math.cos(math.radians(3 * hue_mean + 6))
        - 0.20 * math.cos(math.radians(4 * hue_mean - 63))
    )
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    sl = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    sc, sh = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    theta = 30 * math.exp(-(((hue_mean - 275) / 25) ** 2))
    rotation = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * math.sin(math.radians(2 * theta))
    parts = dl / sl, dc / sc, d_hue / sh
    return math.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2])


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [  # rows 1, 7, 17, 25 and 34 of table 1 of Sharma, Wu and Dalal 2005
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_independent_ciede2000_of_these_tests_gives_the_published_values(
    first: tuple[float, ...], second: tuple[float, ...], published: float
):
    assert delta_e_2000(first, second) == pytest.approx(published, abs=5e-5)


def test_ciede2000_agrees_with_the_independent_implementation():
    reference, candidate = picture(5), picture(6)
    expected = [
        [delta_e_2000(lab(a), lab(b)) for a, b in zip(row, other, strict=True)]
        for row, other in zip(reference, candidate, strict=True)
    ]
    np.testing.assert_allclose(ciede2000(reference, candidate), expected, atol=ROUNDING)


def test_ciede2000_of_black_and_white_is_100():
    np.testing.assert_allclose(ciede2000(flat(0), flat(255)), 100, atol=WHITE_POINT)


# --- all of them


def test_max_levels_finds_the_largest_difference_of_any_channel_and_sign():
    reference, candidate = flat(200), flat(200)
    candidate[2, 3, 1] = 3  # -197
    candidate[4, 5, 2] = 255  # +55
    assert max_levels(reference, candidate) == 197


def test_compare_takes_the_99th_percentile_of_the_pixels():
    reference, candidate = flat(0, height=10, width=20), flat(0, height=10, width=20)
    candidate[0, :4] = 255  # 2 % of the pixels are 100 away: the 99th percentile is among them
    measured = compare_pictures(reference, candidate)
    assert measured.ciede2000_p99 == pytest.approx(100, abs=WHITE_POINT)
    assert measured.ciede2000_mean == pytest.approx(2, abs=WHITE_POINT)


def test_identical_pictures_are_perfect():
    measured = compare_pictures(picture(7), picture(7))
    assert measured == PictureQuality(
        psnr_db=math.inf, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=0.0
    )


@pytest.mark.parametrize(
    "wrong",
    [
        flat(1).astype(np.float32),
        flat(1)[..., 0],
        np.concatenate([flat(1), flat(1)[..., :1]], axis=-1),
        flat(1, width=11),
    ],
    ids=["float", "grey", "alpha", "another size"],
)
def test_pictures_that_cannot_be_compared_are_refused(wrong: np.ndarray):
    with pytest.raises(PictureError, match="expected"):
        compare_pictures(flat(1), wrong)


# --- summaries


def test_a_summary_names_the_drawing_with_the_lowest_psnr():
    summary = summarise({"fish": quality(50), "cat": quality(30, levels=7), "sun": quality(40)})
    assert summary.worst_id == "cat"
    assert summary.worst == quality(30, levels=7)


def test_a_summary_has_mean_median_and_the_largest_difference_of_all():
    summary = summarise(
        {"a": quality(20, levels=9), "b": quality(30), "c": quality(70), "d": quality(90)}
    )
    assert (summary.drawings, summary.max_levels) == (4, 9)
    assert summary.mean.psnr_db == pytest.approx(52.5)
    assert summary.median.psnr_db == pytest.approx(50)
    assert summary.median.ssim == pytest.approx(0.5)
    assert summary.mean.max_levels == pytest.approx(3)


def test_a_summary_of_identical_pictures_is_infinite_and_warns_of_nothing():
    summary = summarise({"a": quality(math.inf), "b": quality(math.inf), "c": quality(60)})
    assert (summary.mean.psnr_db, summary.median.psnr_db) == (math.inf, math.inf)
    assert summary.worst_id == "c"


def test_a_summary_of_nothing_is_refused():
    with pytest.raises(PictureError, match="received none"):
        summarise({})


def test_the_psnr_of_features_takes_their_largest_value_as_peak():
    reference = np.array([[[[2.0, -10.0]]]])  # peak 10
    # Errors of 1 and 0: mean square 0.5; 10 log10(100 / 0.5) = 23.01 dB.
    assert feature_psnr_db(reference, reference + [1.0, 0.0]) == pytest.approx(23.0103, abs=1e-4)
    assert feature_psnr_db(reference, reference) == math.inf
    assert feature_psnr_db(reference, reference * np.nan) == -math.inf
