import numpy as np

from training.picture.regions.borders import best_neighbor, borders

LABELS = np.array([[0, 0, 1], [0, 2, 1], [2, 2, 1]], np.int32)
PAPER = np.array([[1, 1, 1], [1, 1, 0], [0, 1, 1]], bool)


def pairs(found):
    return dict(
        zip(
            zip(found.first.tolist(), found.second.tolist(), strict=True),
            zip(found.length.tolist(), found.gap.tolist(), strict=True),
            strict=True,
        )
    )


def test_each_pair_has_its_length_and_how_much_of_it_is_open():
    # By hand: 0|1 in the first row; 0|2 thrice, once over ink; 2|1 twice, once over ink.
    assert pairs(borders(LABELS, PAPER)) == {(0, 1): (1, 1), (0, 2): (3, 2), (1, 2): (2, 1)}


def test_one_region_has_no_border():
    assert pairs(borders(np.zeros((2, 3), np.int32), np.ones((2, 3), bool))) == {}


def test_groups_have_the_borders_of_their_regions_but_none_within():
    joined = borders(LABELS, PAPER).joined(np.array([0, 1, 0]))
    assert pairs(joined) == {(0, 1): (3, 2)}


def best(found, wanted, offered):
    return best_neighbor(found, wanted=np.array(wanted), offered=np.array(offered)).tolist()


def test_the_best_neighbor_is_across_the_longest_gap_and_then_the_longest_border():
    found = borders(LABELS, PAPER)
    everything, nothing = [True] * 3, [False] * 3
    assert best(found, everything, everything) == [2, 2, 0]  # 1: of equal gaps, the longer
    assert best(found, everything, nothing) == [-1, -1, -1]


def test_without_a_gap_the_longest_border_counts_and_then_the_smaller_number():
    found = borders(LABELS, np.zeros_like(PAPER))
    assert best(found, [False, True, False], [True, False, True]) == [-1, 2, -1]
    row = borders(np.array([[1, 0, 2]], np.int32), np.zeros((1, 3), bool))
    assert best(row, [True, False, False], [False, True, True]) == [1, -1, -1]
