import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.errors import DataError
from training.metrics.baselines import (
    inside_of_lines,
    mean_color_inside,
    mean_inside_color,
    uncoloured_paper,
)

MEAN_RGB = np.array([200.0, 100.0, 50.0])


def drawing(*rows: str) -> np.ndarray:
    """`#` is ink, `+` a half-covered pixel, `.` paper."""
    levels = {"#": 0, "+": 153, ".": 255}
    return np.array([[levels[mark] for mark in row] for row in rows], np.uint8)


RING = drawing(
    "........",
    ".####...",
    ".#..#...",
    ".####.#.",
    "........",
)


def test_uncoloured_paper_is_the_drawing_in_three_channels():
    picture = uncoloured_paper(RING)
    assert picture.shape == (5, 8, 3)
    for channel in range(3):
        np.testing.assert_array_equal(picture[..., channel], RING)


def test_only_enclosed_paper_is_inside():
    expected = np.zeros((5, 8), bool)
    expected[2, 2:4] = True
    np.testing.assert_array_equal(inside_of_lines(RING), expected)


def test_a_gap_lets_the_outside_in():
    open_ring = RING.copy()
    open_ring[1, 2] = 255
    assert not inside_of_lines(open_ring).any()


def test_a_line_connected_by_corners_alone_encloses():
    diamond = drawing("..#..", ".#.#.", "#...#", ".#.#.", "..#..")
    assert inside_of_lines(diamond).sum() == 5


def test_a_shape_cut_by_the_border_is_open():
    assert not inside_of_lines(drawing(".#.#.", ".#.#.", ".###.")).any()


def test_the_inside_gets_the_mean_color_and_the_ink_stays_on_top():
    shape = drawing(".....", ".###.", ".#.#.", ".###.", ".....")
    picture = mean_color_inside(shape, MEAN_RGB)
    np.testing.assert_array_equal(picture[2, 2], [200, 100, 50])
    np.testing.assert_array_equal(picture[1, 1], [0, 0, 0])
    np.testing.assert_array_equal(picture[0, 0], [255, 255, 255])


def test_a_half_covered_pixel_darkens_the_color_below_it():
    shape = drawing("####", "#+.#", "####")
    # 153 / 255 = 0.6 of (200, 100, 50)
    np.testing.assert_array_equal(mean_color_inside(shape, MEAN_RGB)[1, 1], [120, 60, 30])


@given(arrays(np.uint8, (6, 9), elements=st.sampled_from([0, 255])))
def test_filling_with_paper_changes_nothing(lineart: np.ndarray):
    filled = mean_color_inside(lineart, np.full(3, 255.0))
    np.testing.assert_array_equal(filled, uncoloured_paper(lineart))


def reached_from_the_border(lineart: np.ndarray) -> np.ndarray:
    """The outside, by spreading one step at a time until nothing changes."""
    paper = lineart >= 128
    outside = np.zeros_like(paper)
    outside[[0, -1]] = paper[[0, -1]]
    outside[:, [0, -1]] = paper[:, [0, -1]]
    while True:
        spread = outside.copy()
        spread[1:] |= outside[:-1]
        spread[:-1] |= outside[1:]
        spread[:, 1:] |= outside[:, :-1]
        spread[:, :-1] |= outside[:, 1:]
        spread &= paper
        if (spread == outside).all():
            return outside
        outside = spread


@given(arrays(np.uint8, (7, 10), elements=st.sampled_from([0, 0, 127, 128, 255])))
def test_inside_is_the_paper_that_spreading_from_the_border_does_not_reach(lineart: np.ndarray):
    expected = (lineart >= 128) & ~reached_from_the_border(lineart)
    np.testing.assert_array_equal(inside_of_lines(lineart), expected)


def test_the_mean_counts_every_inside_pixel_once_over_all_drawings():
    small = drawing("......", ".###..", ".#.#..", ".###..", "......")
    large = drawing("######", "#....#", "######", "......", "......")
    color = np.zeros((2, 5, 6, 3), np.uint8)  # outside and ink: black, never counted
    color[0, 2, 2] = [250, 0, 100]
    color[1, 1, 1:5] = [0, 50, 100]
    mean = mean_inside_color(zip([small, large], color, strict=True))
    np.testing.assert_allclose(mean, [250 / 5, 4 * 50 / 5, 100])


def test_drawings_that_enclose_nothing_have_no_mean_color():
    line, color = np.full((4, 4), 255, np.uint8), np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(DataError, match="received 2 that enclose none"):
        mean_inside_color([(line, color)] * 2)


def test_the_mean_holds_one_pair_at_a_time():
    square, held = drawing("###", "#.#", "###"), []
    pictures: list[weakref.ref[np.ndarray]] = []

    def pairs():
        for value in range(20):
            color = np.full((3, 3, 3), value, np.uint8)
            pictures.append(weakref.ref(color))
            held.append(sum(picture() is not None for picture in pictures))
            yield square, color

    np.testing.assert_allclose(mean_inside_color(pairs()), [9.5] * 3)  # the mean of 0 to 19
    assert max(held) <= 2  # the last one, and the one that takes its place
