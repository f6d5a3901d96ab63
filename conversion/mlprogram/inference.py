"""Types of the values of an ONNX graph, sizes that it computes itself included."""

from collections.abc import Iterator

import onnx
from onnx import shape_inference

from conversion.mlprogram.nested import graphs_of, infos_of

# Elements of a vector that can be sizes. ONNX follows the elements of every vector, whatever they
# are, and takes 14 seconds for one of 2^24; how long a Range is, it tells only while it does.
MOST_SIZES = 1024


def infer_types(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with all types that ONNX infers. Raises what ONNX raises."""
    plain = shape_inference.infer_shapes(model, strict_mode=False)
    shapes = list(_shapes(plain.graph))
    lengths = [shape[0] or 0 for shape in shapes if shape is not None and len(shape) == 1]
    known = all(shape is not None and None not in shape for shape in shapes)
    if known or max(lengths, default=0) > MOST_SIZES or _has_unknown_range(plain.graph):
        return plain
    return shape_inference.infer_shapes(model, strict_mode=False, data_prop=True)


def _has_unknown_range(graph: onnx.GraphProto) -> bool:
    known = {
        info.name
        for info in (*graph.value_info, *graph.output)
        if any(size.HasField("dim_value") for size in info.type.tensor_type.shape.dim)
    }
    return any(
        (node.op_type == "Range" and node.output[0] not in known)
        or any(_has_unknown_range(nested) for nested in graphs_of(node))
        for node in graph.node
    )


def _shapes(graph: onnx.GraphProto) -> Iterator[list[int | None] | None]:
    for info in (*graph.input, *graph.output, *infos_of(graph)):
        tensor = info.type.tensor_type
        known = tensor.HasField("shape")
        dims = tensor.shape.dim
        yield [d.dim_value if d.HasField("dim_value") else None for d in dims] if known else None
    for initializer in graph.initializer:
        yield list(initializer.dims)
