import cv2
import numpy as np
import pytest

from training.data.variation.pens import layer_beneath, line_width, redraw, with_line_width
from training.pixels import under_ink
from training.settings.pictures import AugmentConfig

HALF_PIXEL = 0.5  # outlines are moved at twice the resolution


def ruled(width, side=48):
    """A cross of two lines, each `width` pixels wide."""
    lineart = np.full((side, side), 255, np.uint8)
    first = (side - width) // 2
    lineart[first : first + width] = 0
    lineart[:, first : first + width] = 0
    return lineart


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


def test_below_the_ink_lies_the_nearest_colour():
    color = np.full((3, 7, 3), 255, np.uint8)
    color[:, :3], color[:, 4:] = (250, 0, 0), (0, 0, 250)
    lineart = np.full((3, 7), 255, np.uint8)
    lineart[:, 2:5] = 0
    layer = layer_beneath(under_ink(color, lineart), lineart)
    np.testing.assert_array_equal(layer[0, :3], [(250, 0, 0)] * 3)
    np.testing.assert_array_equal(layer[0, 4:], [(0, 0, 250)] * 3)


def test_a_sheet_of_ink_has_white_below():
    assert layer_beneath(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8)).min() == 255


def test_a_redrawn_picture_is_its_layer_under_its_own_lines():
    rng, augment = np.random.default_rng(0), AugmentConfig(redrawn=1.0, gaps=0)
    lineart, layer = ruled(3), np.random.default_rng(1).integers(0, 256, (48, 48, 3), np.uint8)
    lines, color = redraw(lineart, under_ink(layer, lineart), layer, rng=rng, augment=augment)
    np.testing.assert_array_equal(color, under_ink(layer, lines))
    assert not np.array_equal(lines, lineart)


def test_ink_is_lightened_by_no_more_than_its_share():
    augment = AugmentConfig(redrawn=1.0, lighten=0.3, gaps=0, line_width_min=3, line_width_max=3)
    darkest = [
        redraw(ruled(3), ruled(3)[..., None].repeat(3, 2), None, rng=rng, augment=augment)[0].min()
        for rng in map(np.random.default_rng, range(20))
    ]
    assert 0 <= min(darkest) < max(darkest) <= 0.3 * 255 + 1


def test_gaps_lie_on_the_lines():
    plain = AugmentConfig(redrawn=1.0, lighten=0, gaps=0, line_width_min=3, line_width_max=3)
    gappy = AugmentConfig(redrawn=1.0, lighten=0, gaps=9, line_width_min=3, line_width_max=3)
    whole, broken = (
        redraw(
            ruled(3), np.zeros((48, 48, 3), np.uint8), None, rng=np.random.default_rng(3), augment=a
        )
        for a in (plain, gappy)
    )
    assert (broken[0] >= whole[0]).all()
    assert broken[0].sum() > whole[0].sum()
