"""What a program consists of: operations, shapes, weights, parameters, multiply-accumulates.

Counted in the lowered graph, so that no operation of MIL needs a name here. A transposed
convolution counts each input pixel once (what it computes), not each output pixel.
"""

import math
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from onnx import shape_inference

from conversion.mlprogram.budget import Limits, Shares
from conversion.mlprogram.checked import default_sizes, is_flexible, lower_package
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.interface import Interface
from conversion.mlprogram.package import Package, read_model, read_package
from conversion.mlprogram.program import Operation
from conversion.mlprogram.stages import require_joins
from conversion.mlprogram.types import TensorType


@dataclass(frozen=True)
class Row:
    """One operation with what its blocks contain."""

    operation: str
    output: str
    type: str  # element type and shape of the first output
    parameters: int
    macs: int


@dataclass(frozen=True)
class Listing:
    """A whole program, constants left out."""

    interface: Interface
    opset: str
    rows: tuple[Row, ...]
    weight_bytes: int  # as the package stores them
    types: dict[str, TensorType]  # of all values, inputs of flexible shape having default sizes

    @property
    def parameters(self) -> int:
        """Numbers in constants that are no scalars."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one run, without those in branches and loops."""
        return sum(row.macs for row in self.rows)


def list_program(
    path: Path, *, function_name: str | None = None, limits: Limits | None = None
) -> Listing:
    """List a program at the default sizes of its inputs. Raises as model.load does."""
    return _list(read_package(path, function=function_name, limits=limits))


def list_stages(
    path: Path, *, function_name: str | None = None, limits: Limits | None = None
) -> tuple[Listing, ...]:
    """List every program of a pipeline, or the one of any other package, as list_program does."""
    model = read_model(path, function=function_name, limits=limits)
    if isinstance(model, Package):
        return (_list(model),)
    require_joins(model)
    shares = Shares(model.budget, stages=len(model.stages))
    return tuple(_list(replace(stage, budget=shares.next())) for stage in model.stages)


def _list(package: Package) -> Listing:
    sizes = default_sizes(package) if is_flexible(package) else {}
    graph, values = lower_package(package, "float32", [], sizes=sizes)
    with told_of(package.where):
        return _listed(package, graph, values)


def _listed(package: Package, graph: Graph, values: Mapping[str, Value]) -> Listing:
    model = shape_inference.infer_shapes(graph.to_model_and_constants()[0])
    parameters: Counter[str] = Counter()
    for name, data in graph.constants.items():
        if data.ndim and data.dtype.kind == "f":
            parameters[_scope(name)] += data.size
    macs: Counter[str] = Counter()
    for name, count in _macs(model):
        macs[_scope(name)] += count
    rows = []
    for operation in package.program.operations:
        output = operation.outputs[0].name if operation.outputs else ""
        value = values.get(output)
        if value is not None and value.data is not None:
            continue  # a constant: it counts where it is used
        kind = str(value.declared) if value is not None else ""
        rows.append(Row(operation.type, output, kind, parameters[output], macs[output]))
    weight_bytes = _weight_bytes(package.program.operations)
    types = {name: value.type for name, value in values.items() if value.type is not None}
    return Listing(package.interface, package.program.opset, tuple(rows), weight_bytes, types)


def as_text(listing: Listing, *, width: int | None = None) -> str:
    """Return a table of the operations, a line for each, and the sums.

    width: columns of a terminal: the name of an output that goes beyond stands in a line below.
    """
    interface, lines = listing.interface, []
    lines.append(f"function {interface.function}, opset {listing.opset}")
    for kind, features in (
        ("input", interface.inputs),
        ("output", interface.outputs),
        ("state", interface.states),
    ):
        lines += [f"{kind:<7} {name}: {feature}" for name, feature in features.items()]
    name = max([len(row.operation) for row in listing.rows] + [len("operation")])
    lines.append(f"\n{'operation':<{name}}{'parameters':>12}{'MACs':>15}  type, output")
    for row in listing.rows:
        counts = f"{row.parameters:>12,}" if row.parameters else f"{'':>12}"
        counts += f"{row.macs:>15,}" if row.macs else f"{'':>15}"
        begun = f"{row.operation:<{name}}{counts}  {row.type}"
        beyond = width is not None and len(f"{begun} {row.output}") > width
        lines += [begun, f"    {row.output}"] if beyond else [f"{begun} {row.output}"]
    kinds = Counter(row.operation for row in listing.rows)
    counted = ", ".join(f"{name} x{count}" for name, count in kinds.most_common())
    total = f"{len(listing.rows)} operations: {counted}"
    lines += ["", *(textwrap.wrap(total, width) if width else [total])]
    weights = f"{listing.parameters:,} parameters in {listing.weight_bytes:,} bytes"
    lines.append(f"{weights}, {listing.macs:,} MACs")
    return "\n".join(lines)


def _scope(name: str) -> str:
    """Return the MIL output that a node or a constant of the graph serves."""
    return name.rpartition(":")[0]


def _macs(model: onnx.ModelProto) -> Iterator[tuple[str, int]]:
    """Yield (name of a node, its multiply-accumulates) for each that multiplies matrices."""
    shapes: defaultdict[str, list[int]] = defaultdict(list)
    graph = model.graph
    for info in (*graph.value_info, *graph.input, *graph.output):
        shapes[info.name] = [size.dim_value for size in info.type.tensor_type.shape.dim]
    for tensor in graph.initializer:
        shapes[tensor.name] = list(tensor.dims)
    for node in graph.node:
        # The elements of one tensor, times how often each is multiplied.
        if node.op_type in ("Conv", "ConvTranspose"):
            counted = node.output[0] if node.op_type == "Conv" else node.input[0]
            yield node.name, math.prod(shapes[counted]) * math.prod(shapes[node.input[1]][1:])
        elif node.op_type == "MatMul":
            yield node.name, math.prod(shapes[node.output[0]]) * shapes[node.input[0]][-1]


def _weight_bytes(operations: Sequence[Operation]) -> int:
    """Return the bytes of all constants that are no scalars, at the width that files give them."""
    total = 0
    for operation in operations:
        declared = operation.outputs[0].type if operation.outputs else None
        bits = declared.packed_bits if declared is not None else 0
        for binding in (b for bindings in operation.inputs.values() for b in bindings):
            if isinstance(binding, np.ndarray) and binding.ndim and binding.dtype.kind != "U":
                total += -(-binding.size * bits // 8) if bits else binding.nbytes
        for block in operation.blocks:
            total += _weight_bytes(block.operations)
    return total
