import numpy as np

from training.metrics.hints.longest_path import longest_path


def drawn(*rows: str) -> np.ndarray:
    return np.array([[letter == "#" for letter in row] for row in rows])


def shown(path: np.ndarray, mask: np.ndarray) -> list[str]:
    covered = np.zeros(mask.shape, bool)
    covered[tuple(path.T)] = True
    return ["".join(".#"[int(pixel)] for pixel in row) for row in covered]


def test_a_line_is_its_own_path_from_end_to_end():
    path = longest_path(drawn(".....", ".###.", "....."))
    assert sorted(path.tolist()) == [[1, 1], [1, 2], [1, 3]]
    assert np.abs(np.diff(path, axis=0)).max() == 1


def test_a_short_branch_is_left_out():
    mask = drawn(
        ".......",
        ".#####.",
        "...#...",
        ".......",
    )
    assert shown(longest_path(mask), mask) == [".......", ".#####.", ".......", "......."]


def test_of_a_ring_it_is_half():
    ring = np.zeros((9, 11), bool)
    ring[1, 1:10] = ring[7, 1:10] = ring[1:8, 1] = ring[1:8, 9] = True
    path = longest_path(ring)
    steps = np.hypot(*np.diff(path, axis=0).T)
    # 28 pixels around; Zhang-Suen thinning may round the four corners off.
    assert 12 <= steps.sum() <= 14
    assert (path == longest_path(ring)).all()


def test_the_path_stays_in_the_area():
    rng = np.random.default_rng(3)
    for _ in range(20):
        mask = rng.random((17, 23)) < 0.7
        path = longest_path(mask)
        assert mask[tuple(path.T)].all()
        assert len(np.unique(path, axis=0)) == len(path) > 1


def test_a_pixel_is_a_path_and_nothing_is_none():
    assert longest_path(drawn("...", ".#.", "...")).tolist() == [[1, 1]]
    assert len(longest_path(np.zeros((4, 5), bool))) == 0


def test_the_longest_of_several_pieces_counts():
    mask = drawn("###....", ".......", ".#####.", ".......", "....###")
    assert shown(longest_path(mask), mask) == [
        ".......",
        ".......",
        ".#####.",
        ".......",
        ".......",
    ]
