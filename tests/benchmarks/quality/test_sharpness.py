import cv2
import numpy as np
import pytest

from benchmarks.quality.sharpness import sharpness_at_lines


def test_the_truth_is_as_sharp_as_itself_and_a_blurred_picture_is_less():
    lineart = np.full((64, 64), 255, np.uint8)
    lineart[20:24, 8:56] = 0
    true = np.repeat(lineart[..., np.newaxis], 3, axis=-1)
    assert sharpness_at_lines(true, true, lineart=lineart) == pytest.approx(1)
    blurred = cv2.GaussianBlur(true, (0, 0), 3)
    assert sharpness_at_lines(blurred, true, lineart=lineart) < 0.6
