"""Lower a program to an ONNX graph: walk its operations in order, knowing none of them.

The precision policy stands here and nowhere else. Everything is computed in float32;
- "declared": each result that the program declares as float16 is rounded to float16, as
  Core ML stores it (sums inside one operation are kept in float32);
- "float32": nothing is rounded: the fast mode, and the more exact one.
"""

from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from conversion.errors import ConversionError, InvalidProgram, OverBudget, UnsupportedOps
from conversion.mlprogram.binding import bind
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.known import fold, infer
from conversion.mlprogram.program import Binding, Block, Named, Operation, Program, Reference
from conversion.mlprogram.registry import is_supported, lookup
from conversion.mlprogram.types import TensorType

# Branches and loops in one another. protobuf reads 100 messages in one another and no more; each of
# these takes three of them, and a loop twice as many.
MOST_NESTED = 14

Precision = Literal["declared", "float32"]
Values = MutableMapping[str, Value]


def lower(
    program: Program,
    *,
    precision: Precision = "declared",
    extra_outputs: Sequence[str] = (),
    sizes: Mapping[str, tuple[int, ...]] | None = None,
    compressed: bool = False,
    budget: Budget | None = None,
) -> tuple[Graph, dict[str, Value]]:
    """Return the graph and all values of the program by their MIL names.

    extra_outputs: names of values that become outputs of the graph as well.
    sizes: shapes for inputs that the program leaves flexible; without one, they stay flexible.
    compressed: keep weights as small as the package has them, where ONNX can say it.
    budget: what lowering takes from.
    Raises UnsupportedOps, listing all of them; UnknownShape where an operation needs a shape
    that is flexible; OverBudget; InvalidProgram at the first contradiction.
    """
    if precision not in get_args(Precision):
        raise ConversionError(
            f"precision: expected one of {get_args(Precision)}, received {precision!r}"
        )
    _require_supported(program)
    depth = _depth(program.operations)
    if depth > MOST_NESTED:
        raise OverBudget(
            f"branches and loops stand {depth} deep in one another; expected at most "
            f"{MOST_NESTED}, far more than any network needs"
        )
    graph = Graph(budget=budget)
    graph.reserve((*program.outputs, *extra_outputs))
    work = _Work(program.opset, precision, compressed)
    values: Values = {}
    for named in program.inputs:
        declared = _tensor_type(named)
        if sizes and named.name in sizes:
            declared = TensorType(declared.dtype, sizes[named.name])
        values[named.name] = graph.input(named.name, declared)
    for named in program.states:
        values[named.name] = graph.state(named.name, _tensor_type(named))
    work.lower_operations(graph, program.operations, values)
    for name in dict.fromkeys((*program.outputs, *extra_outputs)):
        graph.scope = ""
        graph.output(name, _defined(values, name))
    return graph, {**work.nested, **values}


def _require_supported(program: Program) -> None:
    missing = Counter(
        operation.type
        for operation in all_operations(program.operations)
        if not is_supported(operation.type, program.opset)
    )
    if missing:
        listed = ", ".join(f"{name} (x{count})" for name, count in sorted(missing.items()))
        raise UnsupportedOps(f"not implemented: {listed}; add them in conversion/mlprogram/ops")


def all_operations(operations: Sequence[Operation]) -> Iterator[Operation]:
    """Yield every operation, those of nested blocks included."""
    for operation in operations:
        yield operation
        for block in operation.blocks:
            yield from all_operations(block.operations)


def _depth(operations: Sequence[Operation]) -> int:
    return max(
        (1 + _depth(block.operations) for step in operations for block in step.blocks), default=0
    )


@dataclass(frozen=True)
class _Work:
    """What stays the same from operation to operation, and the values of nested blocks."""

    opset: str
    precision: Precision
    compressed: bool
    nested: dict[str, Value] = field(default_factory=dict)

    def lower_operations(
        self, graph: Graph, operations: Sequence[Operation], values: Values
    ) -> None:
        for operation in operations:
            graph.scope = operation.outputs[0].name if operation.outputs else ""
            graph.budget.check_time()
            # A damaged program can contradict itself anywhere in an operation's arithmetic.
            with told_of(operation):
                self._lower_operation(graph, operation, values)

    def _lower_operation(self, graph: Graph, operation: Operation, values: Values) -> None:
        implementation = lookup(operation.type, self.opset, compressed=self.compressed)
        arguments: dict[str, Any] = {
            name: [_resolve(graph, binding, values) for binding in bindings]
            for name, bindings in operation.inputs.items()
        }
        if operation.blocks:
            arguments["blocks"] = [_Body(self, block, values) for block in operation.blocks]
        keywords = bind(implementation.parameters, arguments, known=partial(fold, graph))
        result = implementation.function(graph, **keywords)
        results = result if isinstance(result, tuple) else (result,)
        if len(results) != len(operation.outputs):
            raise InvalidProgram(
                f"it makes {len(results)} values; the program declares {len(operation.outputs)}"
            )
        for output, value in zip(operation.outputs, results, strict=True):
            if output.name in values:
                raise InvalidProgram(f"the name {output.name!r} is defined twice")
            declared = _tensor_type(output)
            if value.data is not None and not _fits(value.declared, declared):
                raise InvalidProgram(f"it holds {value.type}; the program declares {declared}")
            if self.precision == "declared" and not implementation.exact:
                value = _round_to_declared_type(graph, value, declared)
            if None in declared.shape:
                declared = infer(graph, value, declared)
            values[output.name] = replace(value, type=declared)
            if value.data is None:
                graph.types[value.name] = declared


@dataclass(frozen=True)
class _Body:
    """A block of an operation, which lowers itself into a graph as often as it is called."""

    work: _Work
    block: Block
    outside: Values

    @property
    def types(self) -> list[TensorType]:
        return [_tensor_type(named) for named in self.block.inputs]

    @property
    def nests(self) -> bool:
        return any(step.blocks for step in self.block.operations)

    def __call__(self, graph: Graph, values: Sequence[Value]) -> list[Value]:
        inside: dict[str, Value] = {}
        for named, value in zip(self.block.inputs, values, strict=True):
            inside[named.name] = value
        self.work.lower_operations(graph, self.block.operations, ChainMap(inside, self.outside))
        for name, value in inside.items():
            self.work.nested.setdefault(name, value)
        return [_defined(ChainMap(inside, self.outside), name) for name in self.block.outputs]


def _resolve(graph: Graph, binding: Binding, values: Values) -> Value:
    if not isinstance(binding, Reference):
        return graph.constant(binding)
    if binding.name not in values:
        raise InvalidProgram(f"it uses {binding.name!r}, which nothing before it defines")
    return values[binding.name]


def _defined(values: Values, name: str) -> Value:
    if name not in values:
        raise InvalidProgram(f"output {name!r}: the program computes no such value")
    return values[name]


def _fits(made: TensorType, declared: TensorType) -> bool:
    return made.dtype == declared.dtype and (
        len(made.shape) == len(declared.shape)
        and all(d in (None, m) for m, d in zip(made.shape, declared.shape, strict=True))
    )


def _round_to_declared_type(graph: Graph, value: Value, declared: TensorType) -> Value:
    return graph.round_to_float16(value) if declared.dtype == np.float16 else value


def _tensor_type(named: Named) -> TensorType:
    if named.type is None:
        raise UnsupportedOps(f"value {named.name!r}: expected a tensor of a supported element type")
    return named.type
