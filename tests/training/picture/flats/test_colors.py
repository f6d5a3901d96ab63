import numpy as np

from tests.training.picture.drawn import WIDTH, box, painted, plain
from training.picture.flats.colors import choose_colors
from training.picture.regions.labels import find_paper, label_regions

# A layer of 12 x 12 cells for the drawing of 96 x 96: the page, and rooms 2..5 and 6..9.
PAGE, LEFT, RIGHT = (0, 0), (48, 30), (48, 66)
GOLD, BLUE, GREEN = (220, 180, 40), (40, 60, 220), (30, 160, 60)


def layer(left=GOLD, right=BLUE, page=(255, 255, 255)):
    picture = plain((12, 12), *page)
    picture[2:10, 2:6], picture[2:10, 6:10] = left, right
    return picture


def chosen(picture=None, *, lineart=None, hints=None, working=None):
    lineart = box() if lineart is None else lineart
    labels = label_regions(lineart, line_width=WIDTH)
    given = painted(layer() if picture is None else picture, working=working)
    return choose_colors(labels, given, paper=find_paper(lineart), hints=hints)


def color_at(found, place):
    return tuple(found.color[found.labels[place]].tolist())


def hint(place, color):
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[place] = (*color, 255)
    return hints


def test_each_region_takes_what_the_layer_has_in_it():
    found = chosen()
    assert [color_at(found, place) for place in (PAGE, LEFT, RIGHT)] == [
        (255, 255, 255),
        GOLD,
        BLUE,
    ]
    assert not found.smooth[found.labels[LEFT]]


def test_a_wall_that_is_half_gold_and_half_blue_is_one_of_them_and_smooth():
    picture = layer()
    picture[2:6, 2:6] = BLUE
    found = chosen(picture)
    assert color_at(found, LEFT) in (GOLD, BLUE)
    assert found.smooth[found.labels[LEFT]]


def test_cells_under_ink_do_not_count():
    picture, working = layer(), np.full((12, 12), 255, np.uint8)
    picture[2:10, 2:4], working[2:10, 2:4] = GREEN, 200
    found = chosen(picture, working=working)
    assert color_at(found, LEFT) == GOLD
    assert not found.smooth[found.labels[LEFT]]


def test_a_room_without_a_clean_cell_takes_the_color_across_its_gap():
    working = np.full((12, 12), 255, np.uint8)
    working[1:11, 2:6] = 0
    assert color_at(chosen(lineart=box(gap=6), working=working), LEFT) == BLUE


def test_where_all_is_ink_the_regions_are_paper():
    found = chosen(working=np.zeros((12, 12), np.uint8))
    assert (found.color == 255).all()
    assert not found.smooth.any()


def test_like_colors_across_a_gap_are_one_region_and_others_are_not():
    nearly_gold = (224, 182, 44)
    like, other = (chosen(layer(right=c), lineart=box(gap=6)) for c in (nearly_gold, BLUE))
    assert like.labels[LEFT] == like.labels[RIGHT]
    assert other.labels[LEFT] != other.labels[RIGHT]


def test_like_colors_across_a_line_stay_two_regions():
    found = chosen(layer(right=(224, 182, 44)))
    assert found.labels[LEFT] != found.labels[RIGHT]


def test_a_shade_of_white_that_nobody_sees_is_white():
    assert color_at(chosen(layer(left=(252, 250, 251))), LEFT) == (255, 255, 255)


def test_a_hint_wins_in_its_region_exactly_whatever_the_spread():
    picture = layer()
    picture[2:6, 2:6] = BLUE
    found = chosen(picture, hints=hint(LEFT, (1, 200, 3)))
    assert color_at(found, LEFT) == (1, 200, 3)
    assert not found.smooth[found.labels[LEFT]]
    assert color_at(found, RIGHT) == BLUE


def test_a_hint_goes_through_a_gap_only_where_the_layer_agrees():
    across = hint(LEFT, BLUE)
    found = chosen(lineart=box(gap=6), hints=across)
    assert found.labels[LEFT] == found.labels[RIGHT]
    found = chosen(lineart=box(gap=6), hints=hint(LEFT, GREEN))
    assert (color_at(found, LEFT), color_at(found, RIGHT)) == (GREEN, BLUE)


def test_most_of_the_sheet_is_smooth_and_a_hint_on_a_figure_in_it_is_no_color_for_it():
    blank = np.full((96, 96), 255, np.uint8)
    blank[90:, 90:] = 0
    found = chosen(lineart=blank, hints=hint(LEFT, GREEN))
    assert found.smooth[found.labels[PAGE]]
    assert color_at(found, PAGE) == (255, 255, 255)


def test_a_hint_for_the_page_is_its_color_where_the_layer_agrees():
    blank = np.full((96, 96), 255, np.uint8)
    blank[90:, 90:] = 0
    found = chosen(plain((12, 12), 120, 180, 240), lineart=blank, hints=hint(PAGE, (118, 180, 244)))
    assert color_at(found, PAGE) == (118, 180, 244)


# In OKLab 0.18 from GOLD, and 0.5.
A_LITTLE_UNLIKE = (150, 130, 60)


def test_a_hint_reaches_through_a_gap_to_what_is_a_little_unlike_and_no_farther():
    for right, reached in ((A_LITTLE_UNLIKE, True), (BLUE, False)):
        found = chosen(layer(right=right), lineart=box(gap=6), hints=hint(LEFT, GOLD))
        assert (color_at(found, RIGHT) == GOLD) is reached


def test_two_hints_across_a_gap_are_two_wishes_though_they_are_a_little_alike():
    both = hint(LEFT, GOLD) + hint(RIGHT, A_LITTLE_UNLIKE)
    found = chosen(lineart=box(gap=6), hints=both)
    assert color_at(found, LEFT) == GOLD
    assert color_at(found, RIGHT) == A_LITTLE_UNLIKE
