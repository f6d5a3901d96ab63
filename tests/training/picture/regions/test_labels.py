import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from tests.training.picture.drawn import ANY_DRAWING, WIDTH, box
from training.picture.regions.labels import find_paper, label_regions


def in_one(labels, *places):
    return len({labels[place] for place in places}) == 1


def test_closed_areas_are_regions_as_plain_labelling_finds_them():
    lineart = box()
    labels, (expected, count) = label_regions(lineart, line_width=WIDTH), label(find_paper(lineart))
    assert labels.max() + 1 == count == 3
    for area in range(1, count + 1):
        assert len(np.unique(labels[expected == area])) == 1


def test_they_are_numbered_by_their_first_pixels():
    labels = label_regions(box(), line_width=WIDTH)
    assert [labels[0, 0], labels[48, 30], labels[48, 66]] == [0, 1, 2]


def test_they_meet_in_the_middle_of_a_line():
    labels = label_regions(box(), line_width=WIDTH)
    ink = np.flatnonzero(box()[48] < 192)
    for first, last in ((14, 18), (46, 50), (78, 82)):
        line = ink[(ink >= first - 2) & (ink <= last + 2)]
        change = first + int(np.flatnonzero(np.diff(labels[48, first : last + 1]))[0]) + 0.5
        assert abs(change - line.mean()) <= 0.5


def test_a_gap_is_closed_where_it_is():
    labels = label_regions(box(gap=6), line_width=WIDTH)
    assert labels.max() == 2
    change = int(np.flatnonzero(np.diff(labels[48, 20:76]))[0]) + 20
    assert 44 <= change <= 52


def test_a_room_that_is_open_to_the_page_is_a_region_all_the_same():
    lineart = box()
    lineart[76:84, 30:34] = 255  # a hole in the outer wall
    labels = label_regions(lineart, line_width=WIDTH)
    assert not in_one(labels, (0, 0), (48, 30))


def test_a_blank_page_and_a_black_one_are_one_region():
    for value in (0, 255):
        lineart = np.full((5, 9), value, np.uint8)
        assert (label_regions(lineart, line_width=2.0) == 0).all()


def test_a_speck_of_paper_belongs_to_what_is_around():
    lineart = box()
    lineart[40:50, 20:30] = 0
    lineart[45, 25] = 255
    labels = label_regions(lineart, line_width=WIDTH)
    assert in_one(labels, (45, 25), (60, 25))


def test_a_line_of_half_a_pixel_parts_two_regions():
    lineart = np.full((40, 40), 255, np.uint8)
    lineart[:, 20] = 128
    assert label_regions(lineart, line_width=0.5).max() == 1


def test_a_turned_over_drawing_has_the_same_regions():
    lineart = box(gap=6)
    labels = label_regions(lineart, line_width=WIDTH)
    turned = label_regions(np.ascontiguousarray(lineart.T), line_width=WIDTH)
    assert turned.max() == labels.max()


def test_a_line_width_of_nothing_is_refused():
    with pytest.raises(ValueError, match="expected pixels above 0, received 0"):
        label_regions(box(), line_width=0.0)


@settings(deadline=None, max_examples=60)
@given(ANY_DRAWING, st.floats(0.1, 30))
def test_any_drawing_is_parted_into_connected_regions_that_are_numbered_in_order(
    lineart, line_width
):
    before = lineart.copy()
    labels = label_regions(lineart, line_width=line_width)
    np.testing.assert_array_equal(lineart, before)
    assert labels.shape == lineart.shape
    assert labels.dtype == np.int32
    numbers, first = np.unique(labels, return_index=True)
    np.testing.assert_array_equal(numbers, np.arange(len(numbers)))
    assert (np.diff(first) > 0).all()
    for number in numbers:
        assert label(labels == number)[1] == 1


@settings(deadline=None, max_examples=40)
@given(ANY_DRAWING, st.floats(0.1, 4))
def test_no_region_holds_paper_on_both_sides_of_a_closed_line(lineart, line_width):
    large = np.kron(lineart[:8, :8], np.ones((8, 8), np.uint8))  # so large that nothing is tiny
    labels, (areas, _) = label_regions(large, line_width=line_width), label(find_paper(large))
    pairs = np.unique(np.stack([labels[areas > 0], areas[areas > 0]]), axis=1)
    assert len(np.unique(pairs[0])) == pairs.shape[1]


def test_tiny_regions_in_a_corner_join_one_after_the_other_and_not_what_lies_behind_the_line():
    lineart = np.full((40, 40), 255, np.uint8)
    for middle, radius in (((12, 14), 16), ((13, 29), 10), ((13, 22), 15)):
        cv2.circle(lineart, middle, radius, 0, 3)
    labels = label_regions(lineart, line_width=3.0)
    corner, its_area, behind = (9, 0), (4, 10), (14, 10)
    assert labels[corner] == labels[its_area] != labels[behind]
