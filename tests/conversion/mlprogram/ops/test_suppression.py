"""Non-maximum suppression, by hand and against TensorFlow."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

# Two boxes that overlap by 9/11, and one apart: x, y, width, height around the center.
BOXES = np.array([[[5, 5, 10, 10], [6, 5, 10, 10], [50, 50, 4, 4]]], np.float32)


def suppress(run_op, boxes, scores, **more):
    given = {"iou_threshold": 0.5, "score_threshold": 0.0, "max_boxes": 3, **more}
    return run_op(
        "non_maximum_suppression", boxes=boxes, scores=scores, computed=("boxes", "scores"), **given
    )


def test_of_two_that_overlap_the_better_one_stays(run_op):
    scores = np.array([[[0.5], [0.9], [0.2]]], np.float32)
    boxes, kept, places, counts = suppress(run_op, BOXES, scores)
    np.testing.assert_array_equal(places, [[1, 2, -1]])
    np.testing.assert_array_equal(counts, [2])
    np.testing.assert_array_equal(boxes[0], [BOXES[0, 1], BOXES[0, 2], [0, 0, 0, 0]])
    np.testing.assert_array_equal(kept[0, :, 0], np.array([0.9, 0.2, 0], np.float32))


def test_boxes_of_other_classes_stay_if_classes_compete_alone(run_op):
    scores = np.array([[[0.5, 0.1], [0.1, 0.9], [0.2, 0.1]]], np.float32)
    _, _, places, _ = suppress(run_op, BOXES, scores, per_class_suppression=True)
    np.testing.assert_array_equal(places, [[1, 0, 2]])


def test_the_best_box_remains_where_none_reaches_the_threshold(run_op):
    scores = np.array([[[0.5], [0.9], [0.2]]], np.float32)
    _, _, places, counts = suppress(run_op, BOXES, scores, score_threshold=2.0)
    np.testing.assert_array_equal(places, [[1, -1, -1]])
    np.testing.assert_array_equal(counts, [1])


@pytest.mark.parametrize("max_boxes", [4, 40])
def test_two_pictures_agree_with_tensorflow(run_op, max_boxes):
    import tensorflow as tf

    rng = np.random.default_rng(6)
    boxes = rng.uniform(1, 20, (2, 25, 4)).astype(np.float32)
    scores = rng.permutation(50).reshape(2, 25, 1).astype(np.float32)
    _, _, places, counts = suppress(
        run_op, boxes, scores, max_boxes=max_boxes, iou_threshold=0.3, score_threshold=10.0
    )
    for picture in range(2):
        x, y, w, h = boxes[picture].T
        corners = np.stack([y - h / 2, x - w / 2, y + h / 2, x + w / 2], 1)
        expected = tf.image.non_max_suppression(
            corners, scores[picture, :, 0], max_boxes, iou_threshold=0.3, score_threshold=10.0
        ).numpy()
        assert counts[picture] == len(expected)
        np.testing.assert_array_equal(places[picture, : len(expected)], expected)


def test_boxes_without_scores_are_refused(run_op):
    with pytest.raises(InvalidProgram, match="scores"):
        suppress(run_op, BOXES, np.zeros((1, 2, 1), np.float32))
