import numpy as np

from benchmarks.gap.strokes import by_hand, strokes_of


def skeleton(*rows):
    return np.array([[letter == "#" for letter in row] for row in rows])


def test_a_line_is_one_stroke_from_end_to_end():
    (stroke,) = strokes_of(skeleton("....", ".###", "...."))
    assert sorted([stroke[0].tolist(), stroke[-1].tolist()]) == [[1, 1], [1, 3]]
    assert len(stroke) == 3


def test_a_cross_is_four_strokes_that_end_where_they_meet():
    strokes = strokes_of(skeleton("..#..", "..#..", "#####", "..#..", "..#.."))
    assert len(strokes) == 4
    for stroke in strokes:
        assert [2, 2] in (stroke[0].tolist(), stroke[-1].tolist())


def test_a_ring_is_one_stroke_that_returns_to_where_it_began():
    (stroke,) = strokes_of(skeleton("#####", "#...#", "#####"))
    assert stroke[0].tolist() == stroke[-1].tolist()
    assert len(stroke) == 13  # 12 pixels around, the first one twice


def test_every_step_belongs_to_one_stroke():
    rng = np.random.default_rng(0)
    from skimage.morphology import skeletonize

    lines = skeletonize(rng.random((31, 43)) < 0.4)
    steps = [
        frozenset((tuple(a), tuple(b)))
        for stroke in strokes_of(lines)
        for a, b in zip(stroke.tolist(), stroke[1:].tolist(), strict=False)
    ]
    assert len(steps) == len(set(steps)) > 100


def test_a_hand_draws_near_the_line_otherwise_each_time_and_alike_for_one_seed():
    drawn = np.full((96, 128), 255, np.uint8)
    drawn[46:50, 20:110] = 0
    first, again, other = (by_hand(drawn, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    rows, columns = np.nonzero(first < 128)
    # Three deviations of the wobble and the thickest pen: 0.006 x 128 x 3 + 1.3 x 4 / 2 = 4.9.
    assert (abs(rows - 47.5) < 5.5).all()
    assert columns.max() - columns.min() > 70


def test_areas_of_ink_stay_black_and_blank_paper_stays_blank():
    blob = np.full((64, 64), 255, np.uint8)
    blob[20:40, 20:40] = 0
    blob[50:52, 5:60] = 0
    drawn = by_hand(blob, np.random.default_rng(0))
    assert (drawn[24:36, 24:36] == 0).all()
    paper = np.full((64, 64), 255, np.uint8)
    np.testing.assert_array_equal(by_hand(paper, np.random.default_rng(0)), paper)
