import numpy as np

from training.metrics.hints.areas import hintable_areas

WHITE, RED, BLUE = (255, 255, 255), (255, 0, 0), (0, 0, 255)


def sheet() -> tuple[np.ndarray, np.ndarray]:
    """(30, 40): a box of 10 x 12 paper, and nothing in it."""
    lineart = np.full((30, 40), 255, np.uint8)
    lineart[9:21, 9:23] = 0
    lineart[10:20, 10:22] = 255
    return np.repeat(lineart[..., None], 3, axis=-1), lineart


def sizes(color: np.ndarray, lineart: np.ndarray) -> list[int]:
    return [int(area.mask.sum()) for area in hintable_areas(color, lineart)]


def test_colours_that_no_line_parts_are_areas_of_their_own_and_the_largest_is_first():
    color, lineart = sheet()
    color[10:20, 10:15], color[10:20, 15:22] = RED, BLUE
    areas = hintable_areas(color, lineart)
    assert [area.weight for area in areas] == [70, 50]
    assert (color[areas[0].mask] == BLUE).all()


def test_one_colour_on_both_sides_of_a_line_is_two_areas():
    color, lineart = sheet()
    color[10:20, 10:22] = RED
    lineart[15, 10:22] = color[15, 10:22] = 0
    assert sizes(color, lineart) == [60, 48]


def test_the_white_page_wants_no_hint_and_a_coloured_one_does():
    color, lineart = sheet()
    color[10:20, 10:22] = RED
    assert sizes(color, lineart) == [120]
    color[(lineart == 255) & (color == 255).all(axis=-1)] = BLUE
    assert sizes(color, lineart) == [30 * 40 - 12 * 14, 120]


def test_white_inside_counts_a_quarter():
    color, lineart = sheet()  # 120 pixels of white inside
    lineart[24:29, 1:11] = 0
    color[24:29, 1:11] = 0
    lineart[25:28, 2:10] = 255
    color[25:28, 2:10] = RED  # 24
    assert [area.weight for area in hintable_areas(color, lineart)] == [30, 24]


def test_what_holds_no_whole_dot_comes_last():
    color, lineart = sheet()
    color[10:20, 10:22] = RED
    color[12:14, 10:22] = BLUE  # 24 pixels, 2 high; a dot is 3
    color[19, 10:22] = BLUE  # leaves 24 and 60 pixels of red
    areas = hintable_areas(color, lineart)
    assert [(area.weight, area.thin) for area in areas] == [
        (60, False),
        (24, True),
        (24, True),
        (12, True),
    ]


def test_the_border_of_a_picture_ends_an_area():
    color, lineart = sheet()
    color[:2] = BLUE
    assert [area.thin for area in hintable_areas(color, lineart)] == [False, True]
    color[:3] = BLUE
    assert [area.thin for area in hintable_areas(color, lineart)] == [False, False]


def test_specks_are_no_areas():
    color, lineart = sheet()
    color[15, 15] = RED  # 1 of 1,200 pixels is less than a thousandth
    assert sizes(color, lineart) == [119]
    color[15, 16] = RED
    assert sizes(color, lineart) == [118, 2]


def test_a_drawing_all_ink_and_one_without_colour_have_none():
    ink = np.zeros((20, 30), np.uint8)
    assert hintable_areas(np.zeros((20, 30, 3), np.uint8), ink) == []
    paper = np.full((20, 30), 255, np.uint8)
    assert hintable_areas(np.full((20, 30, 3), 255, np.uint8), paper) == []
