import numpy as np

from conversion.export.drawings import Drawings, mixed_hints, true_hints


def pictures(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Paper with a line down its middle, red on its left and blue on its right."""
    lineart = np.full((count, 16, 20), 255, np.uint8)
    lineart[:, :, 10] = 0
    color = np.zeros((count, 16, 20, 3), np.uint8)
    color[:, :, :10, 0] = 200
    color[:, :, 11:, 2] = 200
    return lineart, color


def test_hints_have_the_true_colours_of_their_places():
    lineart, color = pictures(2)
    hints = true_hints(lineart, color, count=16)
    given = hints[..., 3] == 255
    assert given.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(hints[given][:, :3], color[given])
    assert not hints[~given].any()
    np.testing.assert_array_equal(hints, true_hints(lineart, color, count=16))


def test_every_third_drawing_has_none_the_next_a_few_and_the_next_many():
    hints = mixed_hints(*pictures(5))
    hinted = (hints[..., 3] > 0).sum(axis=(1, 2))
    assert hinted[0] == hinted[3] == 0
    assert 0 < hinted[1] < hinted[2]
    assert hinted[4] > 0


def test_few_drawings_are_no_mistake():
    assert not mixed_hints(*pictures(1)).any()


def test_drawings_come_one_by_one_each_with_its_hints():
    lineart, color = pictures(3)
    hints = true_hints(lineart, color, count=4)
    every = Drawings(lineart=lineart, hints=hints)
    assert len(every) == 3
    for n, (drawing, given) in enumerate(every):
        np.testing.assert_array_equal(drawing, lineart[n])
        np.testing.assert_array_equal(given, hints[n])
    assert [given for _, given in Drawings(lineart=lineart)] == [None] * 3
    chosen = every.chosen(np.array([2, 0]))
    np.testing.assert_array_equal(chosen.hints, hints[[2, 0]])
