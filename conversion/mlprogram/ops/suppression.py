"""Non-maximum suppression. MIL: iOS15 and iOS17 tensor_operation.

What is not in the definition follows the reference of coremltools' own tests: a box's class is
that of its highest score, and where no box survives, the one with the highest score is returned.
"""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("non_maximum_suppression", exact=True)
def non_maximum_suppression(
    graph: Graph,
    *,
    boxes: Value,
    scores: Value,
    max_boxes: int,
    iou_threshold: float,
    score_threshold: float,
    per_class_suppression: bool = False,
) -> tuple[Value, ...]:
    """Select boxes (N, B, 4) with scores (N, B, K) that overlap no better one.

    Boxes are (x, y, width, height) around their centers. Returns boxes (N, max_boxes, 4), scores
    (N, max_boxes, K), places (N, max_boxes) and counts (N,); unused rows are 0 and place -1.
    """
    images, count, classes = _sizes(boxes, scores, max_boxes)
    best = graph.add("ReduceMax", scores, graph.ints([2]), keepdims=0)  # (N, B)
    candidates = graph.add("Unsqueeze", best, graph.ints([1]))  # (N, 1, B)
    nothing = graph.scalar(float(np.finfo(np.float32).min))
    if per_class_suppression:
        own = graph.add("ArgMax", scores, axis=2, keepdims=0)
        own = graph.add("Unsqueeze", own, graph.ints([1]))
        graph.hold((classes,), np.int64)
        numbers = graph.constant(np.arange(classes, dtype=np.int64).reshape(1, classes, 1))
        candidates = graph.add("Where", graph.add("Equal", own, numbers), candidates, nothing)
    selected = graph.add(
        "NonMaxSuppression",
        boxes,
        candidates,
        graph.ints([max_boxes]),
        graph.constant(np.array([iou_threshold], np.float32)),
        graph.constant(np.array([score_threshold], np.float32)),
        center_point_box=1,
    )  # (selected, 3): image, class, box
    pairs = graph.add("Gather", selected, graph.ints([0, 2]), axis=1)
    ones = graph.add("Expand", graph.ints([1]), graph.add("Shape", pairs, end=1))
    graph.hold((images, count), np.int64)
    flags = graph.constant(np.zeros((images, count), np.int64))
    kept = graph.cast(graph.add("ScatterND", flags, pairs, ones), np.dtype(np.bool_))
    found = graph.add("ReduceSum", graph.add("Cast", kept, to=7), graph.ints([1]), keepdims=1)
    # Where nothing was found, all boxes compete for one place.
    none = graph.add("Equal", found, graph.ints([0]))
    ranked = graph.add("Where", graph.add("Or", kept, none), best, nothing)
    most = min(max_boxes, count)
    number = graph.add("Min", graph.add("Max", found, graph.ints([1])), graph.ints([most]))
    _, places = graph.add_many("TopK", ranked, graph.ints([most]), count=2, axis=1)  # (N, most)
    graph.hold((most,), np.int64)
    used = graph.add("Less", graph.constant(np.arange(most)[np.newaxis]), number)
    column = graph.add("Unsqueeze", places, graph.ints([2]))
    mask = graph.add("Unsqueeze", used, graph.ints([2]))
    rows = [
        graph.add(
            "Where", mask, graph.add("GatherND", table, column, batch_dims=1), graph.scalar(0)
        )
        for table in (boxes, scores)
    ]
    places = graph.add("Where", used, places, graph.ints([-1]))
    missing = max_boxes - most
    if missing:
        rows = [graph.add("Pad", row, graph.ints([0, 0, 0, 0, missing, 0])) for row in rows]
        minus_one = graph.constant(np.array(-1, np.int64))
        places = graph.add("Pad", places, graph.ints([0, 0, 0, missing]), minus_one)
    whole = np.dtype(np.int32)
    counts = graph.cast(graph.add("Squeeze", number, graph.ints([1])), whole)
    return rows[0], rows[1], graph.cast(places, whole), counts


def _sizes(boxes: Value, scores: Value, max_boxes: int) -> tuple[int, int, int]:
    if boxes.rank != 3 or scores.rank != 3 or boxes.shape[:2] != scores.shape[:2] or max_boxes < 1:
        raise InvalidProgram(
            f"expected boxes (N, B, 4), scores (N, B, K) and at least one box to select; "
            f"received {boxes.declared}, {scores.declared} and {max_boxes}"
        )
    return scores.shape[0], scores.shape[1], scores.shape[2]
