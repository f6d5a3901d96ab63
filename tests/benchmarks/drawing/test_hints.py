import numpy as np

from benchmarks.drawing.hints import PALETTE, made_up_colors


def test_each_area_between_lines_has_one_colour_and_what_is_outside_stays_paper():
    lineart = np.full((12, 16), 255, np.uint8)
    lineart[2:10, [2, 7, 12]] = 0  # two boxes side by side
    lineart[[2, 9], 2:13] = 0
    color = made_up_colors(lineart)
    assert (color[lineart == 0] == 0).all()
    assert (color[0] == 255).all()
    left, right = color[3:9, 3:7].reshape(-1, 3), color[3:9, 8:12].reshape(-1, 3)
    assert len(np.unique(left, axis=0)) == len(np.unique(right, axis=0)) == 1
    assert {tuple(left[0]), tuple(right[0])} <= set(PALETTE)
    assert tuple(left[0]) != tuple(right[0])
    np.testing.assert_array_equal(made_up_colors(lineart), color)
