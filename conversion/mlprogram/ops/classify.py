"""Classifier outputs. MIL: iOS15 classify."""

from dataclasses import replace

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("classify", exact=True)
def classify(graph: Graph, *, probabilities: Value, classes: np.ndarray) -> tuple[Value, ...]:
    """Return the class of the largest probability, the first of equals, and all probabilities."""
    if classes.ndim != 1 or classes.dtype.kind not in "iU" or not classes.size:
        raise InvalidProgram(
            f"classes: expected a list of texts or integers, received {classes.dtype} "
            f"of shape {classes.shape}"
        )
    flat = graph.add("Reshape", probabilities, graph.ints([classes.size]))
    best = graph.add("ArgMax", flat, axis=0, keepdims=0)
    names = graph.text(classes) if classes.dtype.kind == "U" else graph.constant(classes)
    label = graph.add("Gather", names, best, axis=0)
    # MIL declares the values of the dictionary as double.
    return label, replace(graph.cast(flat, np.dtype(np.float64)), keys=classes)
