"""Lower a program to an ONNX graph: walk its operations in order, knowing none of them.

The precision policy stands here and nowhere else. Everything is computed in float32;
- "declared": each result that the program declares as float16 is rounded to float16, as
  Core ML stores it (sums inside one operation are kept in float32);
- "float32": nothing is rounded: the fast mode, and the more exact one.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from conversion.errors import ConversionError, InvalidProgram, UnsupportedOps
from conversion.mlprogram.binding import bind
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.program import Binding, Operation, Program, Reference
from conversion.mlprogram.registry import is_supported, lookup
from conversion.mlprogram.types import TensorType

Precision = Literal["declared", "float32"]


def lower(
    program: Program, *, precision: Precision = "declared", extra_outputs: Sequence[str] = ()
) -> tuple[Graph, dict[str, Value]]:
    """Return the graph and all values of the program by their MIL names.

    extra_outputs: names of values that become outputs of the graph as well.
    Raises UnsupportedOps, listing all of them, or InvalidProgram at the first contradiction.
    """
    if precision not in get_args(Precision):
        raise ConversionError(
            f"precision: expected one of {get_args(Precision)}, received {precision!r}"
        )
    _require_supported(program)
    graph = Graph()
    graph.reserve((*program.outputs, *extra_outputs))
    values = {
        declared.name: graph.input(declared.name, _tensor_type(declared.type, declared.name))
        for declared in program.inputs
    }
    for operation in program.operations:
        graph.scope = operation.outputs[0].name if operation.outputs else ""
        try:
            _lower_operation(graph, operation, values, opset=program.opset, precision=precision)
        except (InvalidProgram, ArithmeticError, LookupError, ValueError) as error:
            # A damaged program can contradict itself anywhere inside an operation's arithmetic.
            kind = type(error) if isinstance(error, InvalidProgram) else InvalidProgram
            raise kind(f"{operation}: {error}") from error
    for name in dict.fromkeys((*program.outputs, *extra_outputs)):
        if name not in values:
            raise InvalidProgram(f"output {name!r}: the program computes no such value")
        graph.scope = ""
        graph.output(name, values[name])
    return graph, values


def _require_supported(program: Program) -> None:
    missing = Counter(o.type for o in program.operations if not is_supported(o.type, program.opset))
    if missing:
        listed = ", ".join(f"{name} (x{count})" for name, count in sorted(missing.items()))
        raise UnsupportedOps(f"not implemented: {listed}; add them in conversion/mlprogram/ops")


def _lower_operation(
    graph: Graph,
    operation: Operation,
    values: dict[str, Value],
    *,
    opset: str,
    precision: Precision,
) -> None:
    implementation = lookup(operation.type, opset)
    arguments = {
        name: [_resolve(graph, binding, values) for binding in bindings]
        for name, bindings in operation.inputs.items()
    }
    result = implementation.function(graph, **bind(implementation.parameters, arguments))
    results = result if isinstance(result, tuple) else (result,)
    if len(results) != len(operation.outputs):
        raise InvalidProgram(
            f"it makes {len(results)} values; the program declares {len(operation.outputs)}"
        )
    for output, value in zip(operation.outputs, results, strict=True):
        if output.name in values:
            raise InvalidProgram(f"the name {output.name!r} is defined twice")
        declared = _tensor_type(output.type, output.name)
        if value.data is not None and value.type != declared:
            raise InvalidProgram(f"it holds {value.type}; the program declares {declared}")
        if precision == "declared" and not implementation.exact:
            value = _round_to_declared_type(graph, value, declared)
        values[output.name] = Value(value.name, declared, value.data)


def _resolve(graph: Graph, binding: Binding, values: dict[str, Value]) -> Value:
    if not isinstance(binding, Reference):
        return graph.constant(binding)
    if binding.name not in values:
        raise InvalidProgram(f"it uses {binding.name!r}, which nothing before it defines")
    return values[binding.name]


def _round_to_declared_type(graph: Graph, value: Value, declared: TensorType) -> Value:
    return graph.round_to_float16(value) if declared.dtype == np.float16 else value


def _tensor_type(declared: TensorType | None, name: str) -> TensorType:
    if declared is None:
        raise UnsupportedOps(f"value {name!r}: expected a tensor of a supported element type")
    return declared
