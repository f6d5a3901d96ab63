from collections.abc import Callable

import numpy as np
import pytest

from training.metrics.hints.judging import Hint, dots, hint_picture, strokes
from training.pixels import CLEAN_ABOVE

RED, BLUE = (250, 10, 10), (10, 10, 250)
Place = Callable[..., list[Hint]]


def picture(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(70, 90): four fields, one of them white, two shades in another."""
    lineart = np.full((70, 90), 255, np.uint8)
    for top, left in ((4, 4), (4, 48), (36, 4), (36, 48)):
        lineart[top : top + 30, left : left + 38] = 0
        lineart[top + 2 : top + 28, left + 2 : left + 36] = 255
    color = np.repeat(lineart[..., None], 3, axis=-1)
    color[6:32, 6:40], color[6:32, 50:84] = RED, BLUE
    color[38:50, 6:40], color[50:64, 6:40] = (200, 200, 0), (120, 120, 0)
    return color, lineart


@pytest.mark.parametrize("place", [dots, strokes])
class TestBoth:
    def test_hints_lie_off_the_ink_and_in_one_area(self, place: Place):
        color, lineart = picture()
        for hint in place(color, lineart, count=12, id="a"):
            assert (lineart[hint.mask] >= CLEAN_ABOVE).all()
            assert len(np.unique(color[hint.mask], axis=0)) == 1
            assert (color[hint.mask] == hint.rgb).all()

    def test_fewer_hints_are_the_first_of_more(self, place: Place):
        color, lineart = picture()
        more = place(color, lineart, count=8, id="a")
        for count in (0, 1, 2, 4):
            fewer = place(color, lineart, count=count, id="a")
            assert len(fewer) == count
            for one, other in zip(fewer, more, strict=False):
                assert one.rgb == other.rgb
                assert (one.mask == other.mask).all()

    def test_no_two_hints_share_a_pixel(self, place: Place):
        color, lineart = picture()
        hints = place(color, lineart, count=16, id="a")
        assert sum(hint.mask.astype(int) for hint in hints).max() == 1

    def test_each_area_has_one_before_any_has_two_and_the_largest_is_first(self, place: Place):
        color, lineart = picture()
        hints = place(color, lineart, count=10, id="a")
        first, second = [hint.rgb for hint in hints[:5]], [hint.rgb for hint in hints[5:]]
        assert first == second == [RED, BLUE, (120, 120, 0), (200, 200, 0), (255, 255, 255)]

    def test_places_follow_from_the_seed_and_the_id(self, place: Place):
        color, lineart = picture()
        drawn = [
            hint_picture(place(color, lineart, count=4, id=id, seed=seed), lineart.shape)
            for id, seed in (("a", 0), ("a", 0), ("b", 0), ("a", 1))
        ]
        assert (drawn[0] == drawn[1]).all()
        assert (drawn[0] != drawn[2]).any()
        assert (drawn[0] != drawn[3]).any()

    def test_a_full_drawing_takes_no_more(self, place: Place):
        lineart = np.zeros((20, 30), np.uint8)
        lineart[8:11, 8:11] = 255
        color = np.repeat(lineart[..., None], 3, axis=-1)
        color[8:11, 8:11] = RED
        hints = place(color, lineart, count=16, id="a")
        assert 1 <= len(hints) <= 9
        assert sum(int(hint.mask.sum()) for hint in hints) == 9

    def test_nothing_to_colour_wants_no_hints(self, place: Place):
        lineart = np.full((20, 30), 255, np.uint8)
        assert place(np.repeat(lineart[..., None], 3, axis=-1), lineart, count=4, id="a") == []


def test_a_dot_is_a_disc_of_one_and_a_half_per_cent_of_the_side():
    lineart = np.full((200, 300), 255, np.uint8)
    color = np.full((200, 300, 3), BLUE, np.uint8)
    (hint,) = dots(color, lineart, count=1, id="a")
    assert int(hint.mask.sum()) == 29  # radius 3
    rows, columns = np.nonzero(hint.mask)
    assert 50 <= rows.mean() <= 150  # the inner half
    assert 50 <= columns.mean() <= 250


def test_a_small_picture_has_dots_of_five_pixels():
    color, lineart = picture()
    assert int(dots(color, lineart, count=1, id="a")[0].mask.sum()) == 5


def test_a_stroke_is_a_fifth_of_the_side_long_at_most():
    lineart = np.full((200, 300), 255, np.uint8)
    color = np.full((200, 300, 3), BLUE, np.uint8)
    (hint,) = strokes(color, lineart, count=1, id="a")
    rows, columns = np.nonzero(hint.mask)
    assert 30 <= np.hypot(np.ptp(rows), np.ptp(columns)) <= 40 + 6


def test_the_picture_of_hints_is_rgba_and_empty_where_there_are_none():
    color, lineart = picture()
    drawn = hint_picture(dots(color, lineart, count=2, id="a"), lineart.shape)
    assert drawn.shape == (70, 90, 4)
    assert drawn.dtype == np.uint8
    assert set(np.unique(drawn[..., 3])) == {0, 255}
    assert (drawn[drawn[..., 3] == 0] == 0).all()
    assert {tuple(rgb) for rgb in drawn[drawn[..., 3] == 255][:, :3].tolist()} == {RED, BLUE}
    assert not hint_picture([], (4, 5)).any()
