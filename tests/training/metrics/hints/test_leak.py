import numpy as np

from training.metrics.hints.judging import Hint
from training.metrics.hints.leak import Leak, in_danger, leak

WHITE, RED, BLUE, ROSE = (255, 255, 255), (250, 10, 10), (10, 10, 250), (250, 40, 30)


def divided(*, gap: int = 0) -> np.ndarray:
    """(24, 40): a line from top to bottom in the middle."""
    lineart = np.full((24, 40), 255, np.uint8)
    lineart[gap:, 19:21] = 0
    return lineart


def painted(left: tuple[int, ...], right: tuple[int, ...]) -> np.ndarray:
    picture = np.empty((24, 40, 3), np.uint8)
    picture[:, :20], picture[:, 20:] = left, right
    picture[:, 19:21] = 0
    return picture


def hint(column: int, rgb: tuple[int, int, int]) -> Hint:
    mask = np.zeros((24, 40), bool)
    mask[10:13, column : column + 3] = True
    return Hint(mask=mask, rgb=rgb)


def counted(
    picture: np.ndarray, true: np.ndarray, *hints: Hint, lineart: np.ndarray | None = None
) -> Leak:
    lineart = divided() if lineart is None else lineart
    return leak(picture, in_danger(true, lineart=lineart, hints=hints))


def test_the_truth_leaks_nothing():
    true = painted(RED, BLUE)
    assert counted(true, true, hint(8, RED)) == Leak(in_danger=24, leaked=0)


def test_one_colour_on_both_sides_leaks_everywhere():
    assert counted(painted(RED, RED), painted(RED, BLUE), hint(8, RED)) == Leak(
        in_danger=24, leaked=24
    )


def test_a_colour_that_runs_over_a_quarter_of_the_line_leaks_a_quarter():
    run = painted(RED, WHITE)
    run[:6, 21:26] = RED
    assert counted(run, painted(RED, WHITE), hint(8, RED)) == Leak(in_danger=24, leaked=6)


def test_a_colour_that_belongs_on_both_sides_cannot_leak():
    assert counted(painted(RED, RED), painted(RED, ROSE), hint(8, RED)).in_danger == 0


def test_a_hint_of_such_a_colour_on_the_other_side_is_leave_to_paint_it():
    true = painted(RED, BLUE)
    assert counted(painted(RED, RED), true, hint(8, RED), hint(28, ROSE)).in_danger == 0
    both = counted(painted(RED, RED), true, hint(8, RED), hint(28, BLUE))
    assert both == Leak(in_danger=48, leaked=24)  # red is on both sides, blue on none


def test_a_place_in_danger_from_two_hints_counts_once():
    true = painted(RED, BLUE)
    assert counted(true, true, hint(8, RED), hint(12, RED)).in_danger == 24


def test_an_open_line_shuts_nothing_in():
    true = painted(RED, BLUE)
    lineart = divided(gap=1)
    assert counted(painted(RED, RED), true, hint(8, RED), lineart=lineart).in_danger == 0


def test_white_hints_and_places_under_the_edge_of_a_line_are_left_out():
    true = painted(WHITE, BLUE)
    assert counted(painted(WHITE, WHITE), true, hint(8, WHITE)).in_danger == 0
    lineart = divided()
    lineart[:12, 22] = 200
    assert counted(true, painted(RED, BLUE), hint(8, RED), lineart=lineart).in_danger == 12


def test_without_hints_there_is_no_danger():
    true = painted(RED, BLUE)
    assert counted(true, true) == Leak(in_danger=0, leaked=0)
