import numpy as np

from training.data.variation.areas import color_areas, nearest_area

RED, BLUE, WHITE = (200, 30, 30), (30, 30, 200), (255, 255, 255)


def striped():
    """Red, blue, red: six columns each, a line of ink between the last two."""
    color = np.zeros((8, 18, 3), np.uint8)
    color[:, :6], color[:, 6:12], color[:, 12:] = RED, BLUE, RED
    lineart = np.full((8, 18), 255, np.uint8)
    lineart[:, 11] = 0
    return color, lineart


def test_areas_are_bounded_by_a_change_of_colour_as_well_as_by_ink():
    areas = color_areas(*striped())
    assert areas.max() == 3
    assert [len(set(areas[:, a:b].ravel())) for a, b in ((0, 6), (6, 11), (12, 18))] == [1, 1, 1]


def test_ink_belongs_to_no_area():
    assert not color_areas(*striped())[:, 11].any()


def test_areas_of_one_colour_that_do_not_touch_are_two():
    areas = color_areas(*striped())
    assert areas[0, 0] != areas[0, 17]


def test_what_is_smaller_than_asked_for_is_no_area_and_numbers_have_no_gap():
    color, lineart = striped()
    color[0, 0] = WHITE
    areas = color_areas(color, lineart, smallest=4)
    assert areas[0, 0] == 0
    assert set(np.unique(areas)) == {0, 1, 2, 3}


def test_a_gradient_of_a_few_levels_is_one_area():
    color = np.full((4, 4, 3), 130, np.uint8) + np.arange(4, dtype=np.uint8)[:, None]
    assert color_areas(color, np.full((4, 4), 255, np.uint8)).max() == 1


def test_every_pixel_takes_the_label_of_the_nearest():
    areas = np.zeros((1, 7), np.int32)
    areas[0, 0], areas[0, 6] = 5, 9
    np.testing.assert_array_equal(
        nearest_area(areas)[0], [5, 5, 5, nearest_area(areas)[0, 3], 9, 9, 9]
    )


def test_nothing_to_grow_from_stays_nothing():
    assert not nearest_area(np.zeros((3, 3), np.int32)).any()
