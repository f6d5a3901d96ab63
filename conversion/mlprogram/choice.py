"""Choose between values element by element, whatever their type."""

from typing import Any

import numpy as np

from conversion.mlprogram.encoding import computed_in
from conversion.mlprogram.graph import Graph, Value

# The types for which ONNX Runtime 1.32 has Where; values of narrower ones fit into int32.
CHOOSABLE = {np.dtype(name) for name in ("float32", "float64", "int32", "int64", "uint8")}


def choose(
    graph: Graph, condition: Value, then: Value, otherwise: Value, *, dtype: np.dtype[Any]
) -> Value:
    """Return `then` where the condition holds, else `otherwise`; both are of type `dtype`."""
    if computed_in(dtype) in CHOOSABLE:
        return graph.add("Where", condition, then, otherwise)
    wide = np.dtype(np.int32)
    chosen = graph.add("Where", condition, graph.cast(then, wide), graph.cast(otherwise, wide))
    return graph.cast(chosen, dtype)
