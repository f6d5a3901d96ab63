"""Sorting along an axis. Of equal elements, the first comes first.

MIL: iOS15, iOS16 and iOS17 tensor_operation.
"""

import numpy as np

from conversion.mlprogram.axes import axis_from_start, sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.type_names import named_type


@op("argsort", exact=True)
def argsort(graph: Graph, *, x: Value, axis: int = -1, ascending: bool = False) -> Value:
    """Places of the elements in sorted order, as int32."""
    _, places = _sorted(graph, x, -1, axis=axis, ascending=ascending, sort=True)
    return graph.cast(places, np.dtype(np.int32))


@op("topk", exact=True)
def topk(
    graph: Graph,
    *,
    x: Value,
    k: int = 1,
    axis: int = -1,
    ascending: bool = False,
    sort: bool = True,
    return_indices: bool = True,
    output_indices_dtype: str = "int32",
) -> Value | tuple[Value, ...]:
    """The k largest elements (smallest if ascending; all for -1) and their places."""
    values, places = _sorted(graph, x, k, axis=axis, ascending=ascending, sort=sort)
    if not return_indices:
        return values
    return values, graph.cast(places, named_type(output_indices_dtype))


def _sorted(
    graph: Graph, x: Value, k: int, *, axis: int, ascending: bool, sort: bool
) -> tuple[Value, Value]:
    axis = axis_from_start(axis, x.rank)
    count = sizes_of(graph, x, [axis]) if k == -1 else graph.ints([k])
    dtype = x.declared.dtype
    # ONNX Runtime sorts no whole numbers of less than 32 bits.
    narrow = dtype.kind in "iu" and dtype.itemsize < 4
    keys = graph.cast(x, np.dtype(np.int32)) if narrow else x
    values, places = graph.add_many(
        "TopK", keys, count, count=2, axis=axis, largest=int(not ascending), sorted=int(sort)
    )
    return graph.cast(values, dtype) if narrow else values, places
