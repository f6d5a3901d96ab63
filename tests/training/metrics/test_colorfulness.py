import cv2
import numpy as np
import pytest

from training.errors import PictureError
from training.metrics.colorfulness import colorfulness


def test_grey_has_none():
    greys = np.random.default_rng(0).integers(0, 256, (5, 7, 1), dtype=np.uint8)
    assert colorfulness(np.repeat(greys, 3, axis=-1)) == 0


def test_one_red_everywhere_has_the_distance_term_alone():
    # R - G = 200; (R + G) / 2 - B = 100: no spread, and 0.3 x sqrt(200^2 + 100^2) = 67.08.
    picture = np.full((4, 6, 3), (200, 0, 0), np.uint8)
    assert colorfulness(picture) == pytest.approx(67.0820, abs=1e-4)


def test_half_red_and_half_paper_worked_by_hand():
    # R - G: 200 and 0, mean 100, deviation 100; (R + G) / 2 - B: 100 and 0, mean 50, deviation 50.
    # sqrt(100^2 + 50^2) x (1 + 0.3) = 145.344
    picture = np.full((4, 6, 3), 255, np.uint8)
    picture[:, :3] = (200, 0, 0)
    assert colorfulness(picture) == pytest.approx(145.3444, abs=1e-4)


def test_agrees_with_opencvs_mean_and_deviation_of_the_same_channels():
    picture = np.random.default_rng(1).integers(0, 256, (9, 11, 3), dtype=np.uint8)
    red, green, blue = cv2.split(picture.astype(np.float64))
    (m1,), (s1,) = cv2.meanStdDev(red - green)
    (m2,), (s2,) = cv2.meanStdDev(0.5 * (red + green) - blue)
    expected = np.sqrt(s1**2 + s2**2) + 0.3 * np.sqrt(m1**2 + m2**2)
    assert colorfulness(picture) == pytest.approx(float(expected[0]), rel=1e-12)


def test_paler_is_less_colourful_in_proportion():
    vivid = np.random.default_rng(2).integers(0, 2, (8, 8, 3), dtype=np.uint8) * np.uint8(200)
    assert colorfulness(vivid // 2) == pytest.approx(colorfulness(vivid) / 2)


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 4), np.uint8)],
    ids=["grey", "float", "alpha"],
)
def test_what_is_no_rgb_picture_is_refused(wrong: np.ndarray):
    with pytest.raises(PictureError, match="expected an RGB picture as uint8"):
        colorfulness(wrong)
