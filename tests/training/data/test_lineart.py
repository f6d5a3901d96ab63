import numpy as np
import pytest
from scipy import ndimage

from training.data.lineart import EXTRACTORS, dilate, divide, draw_variant, xdog


def grey_picture(values):
    return np.repeat(np.asarray(values, np.uint8)[..., np.newaxis], 3, axis=-1)


@pytest.fixture
def drawing():
    """A dark line, 3 pixels wide, across a light field; a step of brightness below."""
    field = np.full((40, 40), 200)
    field[10:13] = 20
    field[30:] = 120
    return grey_picture(field)


@pytest.fixture
def noise():
    return grey_picture(np.random.default_rng(0).integers(0, 256, (31, 27)))


def test_dilate_follows_its_definition(noise):
    grey = noise[..., 0].astype(int)
    lightest = ndimage.maximum_filter(grey, size=5, mode="nearest")
    np.testing.assert_array_equal(dilate(noise), 255 - (lightest - grey))


def test_divide_follows_its_definition(noise):
    grey = noise[..., 0].astype(float)
    kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
    blurred = ndimage.convolve(grey, kernel, mode="mirror")
    lightest = ndimage.maximum_filter(blurred, size=5, mode="nearest")
    # The blurred picture is rounded to whole grey levels before the division: half a level of
    # up to 255 / darkest of the lightest.
    tolerance = 1 + 255 / lightest.min()
    np.testing.assert_allclose(divide(noise), 255 * blurred / lightest, atol=tolerance)


def test_xdog_follows_its_definition(noise):
    grey = noise[..., 0] / 255
    narrow, wide = (ndimage.gaussian_filter(grey, s, mode="mirror", truncate=5) for s in (1, 1.6))
    sharpened = 21 * narrow - 20 * wide
    expected = np.where(sharpened >= 0.3, 1, 1 + np.tanh(10 * (sharpened - 0.3)))
    # OpenCV cuts its Gaussians at other radii; the operator multiplies that by 20 and the
    # threshold by 10, so a few pixels at the threshold move: the mean must not.
    assert np.mean(np.abs(xdog(noise, sigma=1.0) / 255 - expected)) < 0.02


@pytest.mark.parametrize("extract", [dilate, divide, xdog])
def test_a_line_is_ink_and_what_is_flat_is_paper(extract, drawing):
    lineart = extract(drawing)
    assert lineart.shape == (40, 40)
    assert lineart.dtype == np.uint8
    assert lineart[11].max() < 128, "the middle of the line"
    assert lineart[:5].min() == 255, "the flat field"
    assert lineart[18:26].min() == 255


@pytest.mark.parametrize("extract", [dilate, divide])
@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_a_flat_picture_of_any_brightness_has_no_lines(extract, value):
    np.testing.assert_array_equal(extract(np.full((9, 9, 3), value, np.uint8)), 255)


def test_lines_get_thicker_with_the_kernel(drawing):
    inks = [np.sum(dilate(drawing, kernel=kernel) < 200) for kernel in (3, 5, 7)]
    assert inks[0] < inks[1] < inks[2]


def test_a_variant_depends_on_its_generator_alone(drawing):
    first, name = draw_variant(drawing, np.random.default_rng(5))
    again, same = draw_variant(drawing, np.random.default_rng(5))
    np.testing.assert_array_equal(first, again)
    assert name == same


def test_variants_mix_every_extractor_and_differ(drawing):
    variants = [draw_variant(drawing, np.random.default_rng(seed)) for seed in range(30)]
    assert {name for _, name in variants} == set(EXTRACTORS)
    assert len({lineart.tobytes() for lineart, _ in variants}) > 25


def test_variants_have_slight_gaps(drawing):
    whole_lines = broken = 0
    for seed in range(40):
        lineart, _ = draw_variant(drawing, np.random.default_rng(seed))
        paper_on_line = np.mean(np.all(lineart[10:13] == 255, axis=0))
        assert paper_on_line < 0.7, "a gap is slight"
        whole_lines += paper_on_line == 0
        broken += paper_on_line > 0
    assert whole_lines > 0
    assert broken > 10


def test_a_picture_without_lines_stays_empty():
    white = np.full((16, 16, 3), 255, np.uint8)
    for seed in range(5):
        np.testing.assert_array_equal(draw_variant(white, np.random.default_rng(seed))[0], 255)
