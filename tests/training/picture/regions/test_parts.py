import numpy as np

from tests.training.picture.drawn import WIDTH, box
from training.picture.regions.flood import OPEN
from training.picture.regions.parts import find_parts, radii

LARGE = (512, 512)


def parts_of(lineart, line_width=WIDTH):
    return find_parts(lineart >= 192, line_width=line_width)


def test_radii_fall_from_the_width_of_a_line_to_a_part_of_it_and_then_to_nothing():
    assert radii(14.0, LARGE) == [14, 10, 7, 5, 0]


def test_thin_lines_have_gaps_too_and_thick_ones_do_not_close_the_picture():
    assert radii(1.0, LARGE) == [5, 3, 2, 1, 0]  # from a hundredth of the side
    assert radii(400.0, LARGE)[0] == 0  # a sixteenth is thinner than what counts


def test_a_small_picture_has_no_radius_but_nothing():
    assert radii(2.0, (8, 8)) == [0]


def test_closed_rooms_are_parts_to_their_last_pixel():
    from scipy.ndimage import label

    paper = box() >= 192
    parts, (expected, count) = parts_of(box()), label(paper)
    assert count == 3
    pairs = np.unique(np.stack([parts[paper], expected[paper]]), axis=1)
    assert pairs.shape[1] == 3
    assert (parts[~paper] == OPEN).all()


def test_a_gap_that_is_narrow_for_both_rooms_parts_them():
    assert len(np.unique(parts_of(box(gap=6))[20:76, 20:76])) == 3  # two, and the gap between


def test_a_way_that_is_wider_than_the_largest_ball_does_not():
    assert len(np.unique(parts_of(box(gap=24))[parts_of(box(gap=24)) != OPEN])) == 2


def test_the_tip_of_a_wedge_is_no_part_of_its_own():
    lineart = np.full((120, 200), 255, np.uint8)
    y, x = np.indices(lineart.shape)
    lineart[np.abs(y - 60) * 4 > 180 - x] = 0
    assert len(np.unique(parts_of(lineart, 10.0))) == 2  # the wedge, and none under ink
