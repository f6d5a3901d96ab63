"""Attention. MIL: iOS18 transformers."""

import math

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("scaled_dot_product_attention", since="CoreML8")
def scaled_dot_product_attention(
    graph: Graph, *, query: Value, key: Value, value: Value, attn_mask: Value | None = None
) -> Value:
    """softmax(query @ key^T / sqrt(E) + attn_mask) @ value.

    query (*B, L, E), key (*B, S, E), value (*B, S, EV); a boolean mask is true where an element
    takes part. Where none does, the result is NaN, as PyTorch's is.
    """
    if query.rank < 3 or not query.rank == key.rank == value.rank:
        raise InvalidProgram(
            f"expected query, key and value of one rank of at least 3, "
            f"received {query.declared}, {key.declared} and {value.declared}"
        )
    swap = [*range(key.rank - 2), key.rank - 1, key.rank - 2]
    width = sizes_of(graph, query, [query.rank - 1])
    if width.data is None:
        root = graph.add("Sqrt", graph.add("Cast", width, to=1))  # TensorProto.FLOAT
    else:
        root = graph.scalar(math.sqrt(int(width.data[0])))
    scaled = graph.add("Div", query, root)
    scores = graph.add("MatMul", scaled, graph.add("Transpose", key, perm=swap))
    if attn_mask is not None:
        if attn_mask.declared.dtype.kind == "b":
            scores = graph.add("Where", attn_mask, scores, graph.scalar(-math.inf))
        else:
            scores = graph.add("Add", scores, attn_mask)
    return graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
