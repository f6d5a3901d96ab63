import numpy as np
import pytest

from training.errors import PictureError
from training.metrics.ms_ssim import ms_ssim, scale_count

# Both compute the same formulas, TensorFlow in float32.
FLOAT32 = 2e-6
ROUNDING = 1e-12


def flat(value: int, *, height: int = 50, width: int = 64) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def pair(height: int, width: int, *, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A smooth picture and the same with noise, different in every channel."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:height, :width]
    waves = [128 + 100 * np.sin(x / 7 + k) * np.cos(y / (5 + k)) for k in range(3)]
    reference = np.stack(waves, axis=-1)
    candidate = 0.8 * reference + rng.normal(20, noise, reference.shape)
    return reference.round().astype(np.uint8), candidate.clip(0, 255).round().astype(np.uint8)


@pytest.mark.parametrize(
    ("side", "scales"),
    [(11, 1), (21, 1), (22, 2), (43, 2), (44, 3), (64, 3), (87, 3), (88, 4), (176, 5), (900, 5)],
)
def test_as_many_scales_are_used_as_the_window_fits(side: int, scales: int):
    assert scale_count(side, side + 5) == scale_count(side + 5, side) == scales


def test_identical_pictures_are_1():
    assert ms_ssim(flat(90), flat(90)) == pytest.approx(1, abs=ROUNDING)


def test_flat_pictures_have_the_luminance_term_to_the_power_of_the_coarsest_weight():
    # Contrast and structure of flat pictures are C2 / C2 = 1 at every scale. 50 pixels have three
    # scales with weights 0.0448, 0.2856, 0.3001: the last one's share is 0.3001 / 0.6305.
    c1 = 6.5025  # (0.01 x 255)^2
    luminance = (2 * 100 * 120 + c1) / (100**2 + 120**2 + c1)
    expected = luminance ** (0.3001 / 0.6305)
    assert ms_ssim(flat(100), flat(120)) == pytest.approx(expected, abs=ROUNDING)


def test_opposed_contrasts_are_0():
    # Black and white columns against white and black ones: every covariance is negative.
    stripes = flat(0, height=24, width=20)
    stripes[:, ::2] = 255
    assert ms_ssim(stripes, 255 - stripes) == 0


@pytest.mark.parametrize(("height", "width"), [(64, 96), (88, 104), (176, 192)])
def test_agrees_with_tensorflow_where_it_is_given_the_same_weights(height: int, width: int):
    import tensorflow as tf

    reference, candidate = pair(height, width, noise=12)
    weights = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])[: scale_count(height, width)]
    theirs = tf.image.ssim_multiscale(
        reference, candidate, max_val=255, power_factors=weights / weights.sum()
    )
    assert 0.3 < float(theirs) < 0.97  # a pair that says something
    assert ms_ssim(reference, candidate) == pytest.approx(float(theirs), abs=FLOAT32)


def test_one_scale_is_scikit_images_gaussian_ssim():
    from skimage.metrics import structural_similarity

    reference, candidate = pair(21, 30, noise=12)
    theirs = structural_similarity(
        reference,
        candidate,
        gaussian_weights=True,  # sigma 1.5, truncated to an 11 x 11 window
        use_sample_covariance=False,
        channel_axis=-1,
        data_range=255,
    )
    # Two ways to sum: float64 with variances as differences of squares near 10^4.
    assert ms_ssim(reference, candidate) == pytest.approx(theirs, abs=1e-9)


def test_noise_makes_it_worse():
    values = [ms_ssim(*pair(64, 64, noise=noise)) for noise in (2, 10, 40)]
    assert values == sorted(values, reverse=True)


def test_an_odd_last_row_and_column_are_left_out_of_coarser_scales():
    reference, candidate = pair(45, 47, noise=0)
    other = candidate.copy()
    other[-1], other[:, -1] = 0, 0
    even = ms_ssim(reference[:44, :46], candidate[:44, :46])
    # Only the finest scale sees the difference.
    assert 0 < ms_ssim(reference, other) < even


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (flat(1).astype(np.float32), "uint8"),
        (flat(1)[..., 0], r"\(H, W, 3\)"),
        (flat(1, width=63), "one size"),
    ],
    ids=["float", "grey", "another size"],
)
def test_pictures_that_cannot_be_compared_are_refused(wrong: np.ndarray, message: str):
    with pytest.raises(PictureError, match=message):
        ms_ssim(flat(1), wrong)


def test_pictures_smaller_than_the_window_are_refused_by_size():
    with pytest.raises(PictureError, match="11 pixels or more a side, received 10x64"):
        ms_ssim(flat(1, height=10), flat(2, height=10))
