import numpy as np

from training.picture.regions.runs import find_runs

LABELS = np.array([[2, 2, 0, 2], [2, 0, 0, 0]], np.int32)
RUNS = find_runs(LABELS)


def test_runs_end_where_the_label_or_the_row_does():
    assert RUNS.label.tolist() == [2, 0, 2, 2, 0]
    assert RUNS.start.tolist() == [0, 2, 3, 4, 5]
    assert RUNS.length.tolist() == [2, 1, 1, 1, 3]


def test_runs_end_where_something_else_changes_too():
    columns = find_runs(np.zeros((2, 4), np.int32), np.array([0, 0, 1, 1]))
    assert columns.start.tolist() == [0, 2, 4, 6]
    paper = find_runs(np.zeros((2, 2), np.int32), np.array([[True, False], [True, True]]))
    assert paper.start.tolist() == [0, 1, 2]


def test_areas_and_first_pixels_are_counted_for_labels_that_are_nowhere_too():
    assert RUNS.areas(4).tolist() == [4, 0, 4, 0]
    first = RUNS.first_pixels(4)
    assert (first[0], first[2]) == (2, 0)
    assert min(first[1], first[3]) >= LABELS.size


def test_the_box_of_a_label_holds_all_of_it():
    boxes = find_runs(np.array([[0, 0, 1, 0], [0, 1, 1, 1]], np.int32)).boxes(2)
    assert boxes == [np.s_[0:2, 0:4], np.s_[0:2, 1:4]]
