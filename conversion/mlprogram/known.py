"""What can be known of a graph before it runs: values made of constants alone, and shapes.

Programs of flexible shape compute sizes; once the inputs have sizes, so has everything else.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import onnx
import onnxruntime
from onnx import helper, shape_inference

from conversion.errors import InvalidProgram
from conversion.mlprogram.encoding import computed_in, tensor_of, value_info
from conversion.mlprogram.graph import ONNX_IR, ONNX_OPSET, Graph, Value
from conversion.mlprogram.types import TensorType

# A constant of more bytes than that is no shape, so that its type is all that inference needs.
SHAPE_BYTES = 4096
# Elements of a constant that the program computes of others; a weight of 1 GB has fewer.
MAX_CONSTANT = 2**28
# ONNX Runtime's log level "fatal": what goes wrong otherwise is raised, and said once.
SILENT = 4


def fold(graph: Graph, value: Value) -> Value:
    """Return `value` as a constant if it is computed of constants alone, else unchanged.

    Raises InvalidProgram if computing it fails, or takes more elements than any phone holds.
    """
    if value.data is not None or not value.name or graph.depends_on_inputs(value.name):
        return value
    model = _part(graph, value.name, whole=True)
    shapes = [info.type.tensor_type.shape.dim for info in model.graph.value_info]
    if any(math.prod(size.dim_value for size in shape) > MAX_CONSTANT for shape in shapes):
        raise InvalidProgram(f"a constant of more than {MAX_CONSTANT} elements")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = SILENT
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        (array,) = session.run(None, {})
    except Exception as error:  # ONNX Runtime's errors share no class of their own
        raise InvalidProgram(f"computing a constant failed: {error}") from error
    if value.type is not None and array.dtype != value.type.dtype:
        array = array.astype(value.type.dtype)
    return replace(value, data=array)


def infer(graph: Graph, value: Value, declared: TensorType) -> TensorType:
    """Return the declared type with those sizes filled in that ONNX can infer."""
    if value.data is not None:
        return TensorType(declared.dtype, value.data.shape)
    try:
        model = _part(graph, value.name, whole=False)
    except InvalidProgram:
        return declared
    shape = model.graph.output[0].type.tensor_type.shape
    if len(shape.dim) != declared.rank:
        return declared  # the check of types says what is wrong
    sizes = [d.dim_value if d.HasField("dim_value") else None for d in shape.dim]
    return TensorType(
        declared.dtype,
        tuple(
            inferred if size is None else size
            for size, inferred in zip(declared.shape, sizes, strict=True)
        ),
    )


def _part(graph: Graph, name: str, *, whole: bool) -> onnx.ModelProto:
    """Return a model of what computes `name`, with all types that inference finds.

    It goes back to constants and, unless `whole`, no further than values of known type.
    """
    nodes: dict[str, onnx.NodeProto] = {}
    inputs: dict[str, onnx.ValueInfoProto] = {}
    constants: dict[str, onnx.TensorProto] = {}
    waiting, seen = [name], set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        known = graph.types.get(current) if graph.depends_on_inputs(current) else None
        node = graph.producer(current)
        if current in graph.constants:
            data = graph.constants[current]
            if whole or data.nbytes <= SHAPE_BYTES:
                constants[current] = tensor_of(current, data)
            else:
                inputs[current] = _info(current, TensorType(data.dtype, data.shape))
        elif current != name and known is not None:
            inputs[current] = _info(current, known)
        elif node is None:
            raise InvalidProgram(f"the type of {current!r} is not known")
        else:
            nodes[node.output[0]] = node
            waiting.extend(_uses(node))
    ordered = sorted(nodes.values(), key=graph.position)
    part = helper.make_graph(
        ordered,
        "part",
        list(inputs.values()),
        [onnx.ValueInfoProto(name=name)],
        list(constants.values()),
    )
    opset = helper.make_opsetid("", ONNX_OPSET)
    model = helper.make_model(part, opset_imports=[opset], ir_version=ONNX_IR)
    try:
        return shape_inference.infer_shapes(model, strict_mode=False, data_prop=True)
    except Exception as error:  # inference raises more than it declares
        raise InvalidProgram(f"the program contradicts itself: {error}") from error


def _uses(node: onnx.NodeProto) -> Iterator[str]:
    """Yield the names that a node and its nested graphs take from outside."""
    yield from (name for name in node.input if name)
    for attribute in node.attribute:
        if attribute.HasField("g"):
            inside = {info.name for info in attribute.g.input}
            for inner in attribute.g.node:
                yield from (name for name in _uses(inner) if name not in inside)
                inside.update(inner.output)


def _info(name: str, known: TensorType) -> onnx.ValueInfoProto:
    return value_info(name, TensorType(computed_in(known.dtype), known.shape))
