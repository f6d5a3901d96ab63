"""What can be known of a graph before it runs: values made of constants alone, and shapes.

Programs of flexible shape compute sizes; once the inputs have sizes, so has everything else.
"""

from dataclasses import replace

import onnx
from onnx import helper

from conversion.errors import InvalidProgram
from conversion.mlprogram.encoding import computed_in, tensor_of, value_info
from conversion.mlprogram.estimate import cost_of
from conversion.mlprogram.graph import ONNX_IR, ONNX_OPSET, Graph, Value
from conversion.mlprogram.inference import infer_types
from conversion.mlprogram.nested import uses
from conversion.mlprogram.sessions import open_session, quiet_options, run_session
from conversion.mlprogram.types import TensorType

# A constant of more bytes than that is no shape, so that its type is all that inference needs.
SHAPE_BYTES = 4096


def fold(graph: Graph, value: Value) -> Value:
    """Return `value` as a constant if it is computed of constants alone, else unchanged.

    Raises InvalidProgram if computing it fails, OverBudget if it takes too much for that.
    """
    if value.data is not None or not value.name or graph.depends_on_inputs(value.name):
        return value
    if value.name not in graph.known:
        model, budget = _part(graph, value.name, whole=True), graph.budget
        cost = cost_of(model)
        cost.require(budget)
        session = open_session(
            model.SerializeToString(), quiet_options(), memory_bytes=budget.left_bytes
        )
        seconds = cost.clock(budget.limits)
        (array,) = run_session(session, None, {}, limits=budget.limits, seconds=seconds)
        graph.hold(array.shape, array.dtype)
        graph.known[value.name] = array
    array = graph.known[value.name]
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
        data = graph.constants.get(current, graph.known.get(current))
        if data is not None:
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
            waiting.extend(uses(node))
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
        return infer_types(model)
    except Exception as error:  # inference raises more than it declares
        raise InvalidProgram(f"the program contradicts itself: {error}") from error


def _info(name: str, known: TensorType) -> onnx.ValueInfoProto:
    return value_info(name, TensorType(computed_in(known.dtype), known.shape))
