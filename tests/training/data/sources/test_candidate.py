import numpy as np

from training.data.sources.candidate import Pair, Rejection, on_paper


def test_a_rejection_holds_nothing_that_a_terminal_obeys():
    rejection = Rejection(file="\x1b[31mred\n.png", reason="near duplicate: as in two\u202egnp.exe")
    assert rejection.file == r"\x1b[31mred\n.png"
    assert rejection.reason == r"near duplicate: as in two\u202egnp.exe"
    assert rejection == Rejection(file=rejection.file, reason=rejection.reason)


def test_a_square_pair_stands_in_the_middle_of_its_paper():
    ink = np.zeros((2, 2), np.uint8)
    pair = Pair(
        color=np.zeros((2, 2, 3), np.uint8),
        lineart=(ink, ink),
        extractors=("drawn", "drawn x0.5"),
        layer=np.full((2, 2, 3), 9, np.uint8),
    )
    assert on_paper(pair, (2, 2)) is pair
    laid = on_paper(pair, (2, 5))
    for lineart in laid.lineart:
        np.testing.assert_array_equal(lineart, [[255, 0, 0, 255, 255]] * 2)
    np.testing.assert_array_equal(laid.color[0, :, 0], [255, 0, 0, 255, 255])
    np.testing.assert_array_equal(laid.layer[0, :, 0], [255, 9, 9, 255, 255])
    assert laid.extractors == pair.extractors
