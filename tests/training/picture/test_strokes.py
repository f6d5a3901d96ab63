import cv2
import numpy as np
import pytest

from tests.training.ruled import ruled
from training.picture.strokes import line_width, line_width_of_large, with_line_width

HALF_PIXEL = 0.5  # outlines are moved at twice the resolution


@pytest.mark.parametrize("width", [2, 3, 4, 8])
def test_the_width_of_ruled_lines_is_measured(width):
    assert line_width(ruled(width)) == pytest.approx(width, abs=HALF_PIXEL)


def test_a_drawing_without_ink_has_no_width():
    assert line_width(np.full((9, 9), 255, np.uint8)) is None


@pytest.mark.parametrize("before", [2, 4])
@pytest.mark.parametrize("after", [2, 3, 6])
def test_lines_become_as_wide_as_asked_for(before, after):
    drawn = with_line_width(ruled(before), after)
    # Ink across the upper arm of the cross, away from its middle and its end.
    ink = (255 - drawn[6]).sum() / 255
    assert ink == pytest.approx(after, abs=2 * HALF_PIXEL)


def test_a_line_is_never_thinned_away():
    lineart = np.full((32, 32), 255, np.uint8)
    cv2.line(lineart, (3, 3), (28, 12), 0, 1)
    cv2.circle(lineart, (16, 22), 6, 0, 5)  # most of the ink is thick
    thin = with_line_width(lineart, 1.0)
    along = [thin[round(3 + 9 * t), round(3 + 25 * t)] for t in np.linspace(0.1, 0.9, 20)]
    assert max(along) < 255


def test_lines_thinner_than_a_pixel_are_grey_and_are_lines():
    lineart = np.full((32, 32), 255, np.uint8)
    lineart[16, 4:28] = 170  # a third of a pixel
    drawn = with_line_width(lineart, 3.0)
    ink = (255 - drawn[:, 16].astype(float)).sum() / 255
    assert ink == pytest.approx(3.0, abs=2 * HALF_PIXEL)


def test_an_empty_drawing_stays_empty():
    paper = np.full((9, 9), 255, np.uint8)
    np.testing.assert_array_equal(with_line_width(paper, 3.0), paper)


def test_no_ink_appears_at_the_border_of_the_sheet():
    for width in (1.0, 4.0):
        drawn = with_line_width(np.pad(ruled(2)[20:28, 20:28], 12, constant_values=255), width)
        border = np.concatenate([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
        assert border.min() == 255


@pytest.mark.parametrize("pen", [1, 3, 12, 40])
def test_the_width_of_a_large_drawings_lines_is_known_to_a_pixel_of_its_average(pen):
    lineart = np.full((1500, 4200), 255, np.uint8)
    for column in range(200, 4000, 500):
        lineart[100:1400, column : column + pen] = 0
    assert line_width_of_large(lineart) == pytest.approx(pen, abs=4)


def test_a_drawing_that_is_not_large_is_measured_as_it_is():
    lineart = np.full((90, 70), 255, np.uint8)
    lineart[10:80, 30:35] = 0
    assert line_width_of_large(lineart) == line_width(lineart)
    assert line_width_of_large(np.full((3000, 90), 255, np.uint8)) is None
