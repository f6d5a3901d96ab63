import numpy as np
import pytest

from training.metrics.full_reference import ciede2000
from training.metrics.hints.judging import Hint
from training.metrics.hints.obedience import obedience

RED, PINK = (250, 10, 10), (250, 150, 150)
PAPER = np.full((12, 15), 255, np.uint8)


def hint(rows: slice, columns: slice, rgb: tuple[int, int, int] = RED) -> Hint:
    mask = np.zeros((12, 15), bool)
    mask[rows, columns] = True
    return Hint(mask=mask, rgb=rgb)


def test_a_hint_that_is_painted_as_set_is_at_distance_0():
    painted = np.full((12, 15, 3), RED, np.uint8)
    hints = [hint(slice(2, 4), slice(2, 4)), hint(slice(6, 8), slice(2, 4))]
    assert obedience(painted, PAPER, hints).tolist() == [0, 0]


def test_another_colour_is_as_far_as_ciede2000_says():
    painted = np.full((12, 15, 3), PINK, np.uint8)
    expected = ciede2000(np.full((1, 1, 3), RED, np.uint8), painted[:1, :1])[0, 0]
    assert obedience(painted, PAPER, [hint(slice(2, 5), slice(2, 5))]) == pytest.approx(expected)


def test_the_median_counts_and_what_lines_cover_does_not():
    painted = np.full((12, 15, 3), RED, np.uint8)
    painted[2, 2:4] = PINK  # 2 of 9 pixels
    lineart = PAPER.copy()
    lineart[3, 2:5] = 100
    painted[3, 2:5] = (0, 0, 0)
    assert obedience(painted, lineart, [hint(slice(2, 5), slice(2, 5))]).tolist() == [0]


def test_hints_under_ink_alone_and_no_hints_say_nothing():
    painted = np.full((12, 15, 3), RED, np.uint8)
    ink = np.zeros((12, 15), np.uint8)
    assert obedience(painted, ink, [hint(slice(2, 5), slice(2, 5))]).shape == (0,)
    assert obedience(painted, PAPER, []).shape == (0,)
