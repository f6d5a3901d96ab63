import numpy as np

from training.picture.flats.hinted import hints_of_regions, nearest_hints

LABELS = np.repeat(np.array([[0, 0, 0, 1, 1, 1]], np.int32), 4, axis=0)
PAPER = np.ones(LABELS.shape, bool)


def hints(**places):
    """Hints from names such as red=(y, x), opaque."""
    colors = {"red": (250, 0, 0), "nearly_red": (244, 6, 2), "blue": (0, 0, 250)}
    picture = np.zeros((*LABELS.shape, 4), np.uint8)
    for name, (y, x) in places.items():
        picture[y, x] = (*colors[name], 255)
    return picture


def test_each_region_has_the_hints_that_stand_in_it():
    found = hints_of_regions(LABELS, hints(red=(1, 1), blue=(2, 4)), paper=PAPER)
    assert {number: one.colors.tolist() for number, one in found.items()} == {
        0: [[250, 0, 0]],
        1: [[0, 0, 250]],
    }
    assert found[1].place.tolist() == [2 * 6 + 4]


def test_without_hints_there_are_none():
    assert hints_of_regions(LABELS, None, paper=PAPER) == {}
    assert hints_of_regions(LABELS, hints(), paper=PAPER) == {}


def test_what_is_less_than_half_opaque_or_on_ink_is_none():
    faint = hints(red=(1, 1))
    faint[1, 1, 3] = 127
    assert hints_of_regions(LABELS, faint, paper=PAPER) == {}
    assert hints_of_regions(LABELS, hints(red=(1, 1)), paper=~PAPER) == {}


def test_a_soft_edge_is_the_color_of_the_middle_and_the_most_used_comes_first():
    given = hints(red=(1, 1), nearly_red=(1, 2), blue=(0, 0))
    given[2, :2] = given[1, 1]
    found = hints_of_regions(LABELS, given, paper=PAPER)[0]
    assert found.colors.tolist() == [[250, 0, 0], [0, 0, 250]]
    assert dict(zip(found.place.tolist(), found.number.tolist(), strict=True)) == {
        0: 1,
        7: 0,
        8: 0,
        12: 0,
        13: 0,
    }


def test_the_nearest_hint_is_nearest_by_a_way_over_paper():
    # A wall with a way round below: the seed on the right is nearer, but not on foot.
    inside, paper = np.ones((9, 9), bool), np.ones((9, 9), bool)
    paper[:7, 4] = False
    seeds = np.zeros((9, 9), np.int32)
    seeds[2, 0], seeds[0, 5] = 1, 2
    nearest = nearest_hints(inside, paper, seeds)
    assert nearest[0, 3] == 1
    assert set(nearest.ravel()) == {1, 2}


def test_nothing_outside_the_region_is_reached():
    inside = np.zeros((5, 5), bool)
    inside[1:4, 1:4] = True
    seeds = np.zeros((5, 5), np.int32)
    seeds[2, 2] = 3
    nearest = nearest_hints(inside, inside, seeds)
    np.testing.assert_array_equal(nearest, 3 * inside)
