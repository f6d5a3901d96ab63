import numpy as np

from training.metrics.hints.classical_fill import classical_fill

RED, BLUE, WHITE = (250, 10, 10), (10, 10, 250), (255, 255, 255)


def house(*, gap: int = 0) -> np.ndarray:
    """(48, 64): two rooms side by side, a gap in the wall between them and in the outer wall."""
    lineart = np.full((48, 64), 255, np.uint8)
    lineart[10:38, 10:54] = 0
    lineart[12:36, 12:31] = 255
    lineart[12:36, 33:52] = 255
    if gap:
        lineart[22 : 22 + gap, 31:33] = 255
        lineart[10:12, 18 : 18 + gap] = 255
    return lineart


def filled(lineart: np.ndarray, *hints: tuple[int, int, tuple[int, int, int]]) -> np.ndarray:
    given = np.zeros((*lineart.shape, 4), np.uint8)
    for row, column, rgb in hints:
        given[row, column] = (*rgb, 255)
    return classical_fill(lineart[None], given[None])[0]


def test_without_hints_paper_stays_white():
    lineart = house(gap=3)
    assert (filled(lineart) == lineart[..., None]).all()


def test_one_hint_fills_its_field_and_nothing_else():
    lineart = house()
    picture = filled(lineart, (20, 20, RED))
    expected = np.repeat(lineart[..., None], 3, axis=-1)
    expected[12:36, 12:31] = RED
    assert (picture == expected).all()


def test_two_hints_fill_two_rooms_and_stop_at_gaps():
    picture = filled(house(gap=3), (20, 20, RED), (20, 40, BLUE))
    assert (picture[14:34, 14:29] == RED).all()
    assert (picture[14:34, 35:50] == BLUE).all()
    assert (picture[:9] == WHITE).all()
    assert (picture[:, :9] == WHITE).all()


def test_a_hint_on_the_page_colours_the_page():
    picture = filled(house(), (3, 3, BLUE))
    assert (picture[:10] == BLUE).all()
    assert (picture[12:36, 12:31] == WHITE).all()


def test_two_hints_in_one_field_share_it():
    picture = filled(house(), (20, 13, RED), (20, 29, BLUE))
    colors = {tuple(rgb) for rgb in picture[12:36, 12:31].reshape(-1, 3).tolist()}
    assert colors == {RED, BLUE}
    assert (picture[20, 13] == RED).all()
    assert (picture[20, 29] == BLUE).all()


def test_soft_edges_of_lines_darken_the_colour():
    lineart = house()
    lineart[12:36, 12] = 204
    assert (filled(lineart, (20, 20, RED))[20, 12] == (200, 8, 8)).all()


def test_no_colour_ever_crosses_a_closed_line():
    from scipy.ndimage import label

    rng = np.random.default_rng(1)
    for _ in range(20):
        lineart = np.where(rng.random((31, 37)) < 0.4, 0, 255).astype(np.uint8)
        given = np.zeros((31, 37, 4), np.uint8)
        for rgb in (RED, BLUE, (10, 250, 10)):
            row, column = rng.choice(np.argwhere(lineart == 255))
            given[row, column] = (*rgb, 255)
        picture = classical_fill(lineart[None], given[None])[0]
        hinted = given[..., 3] == 255
        assert (picture[hinted] == given[hinted][:, :3]).all()
        fields, count = label(lineart == 255)
        for field in range(1, count + 1):
            its = {tuple(rgb) for rgb in given[hinted & (fields == field)][:, :3].tolist()}
            assert {tuple(rgb) for rgb in picture[fields == field].tolist()} <= its | {WHITE}


def test_a_drawing_without_paper_at_the_border_is_filled_too():
    lineart = np.full((40, 40), 255, np.uint8)
    lineart[[0, -1]] = lineart[:, [0, -1]] = 0
    assert (filled(lineart, (20, 20, RED))[1:-1, 1:-1] == RED).all()
