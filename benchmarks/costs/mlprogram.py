"""The cost of an ML Program, from its listing and its own types."""

import math
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.costs.layers import Cost, Layer, precision_of
from conversion.mlprogram.listing import list_program
from conversion.mlprogram.package import read_package
from conversion.mlprogram.program import Binding, Operation, Reference
from conversion.mlprogram.types import TensorType

# Element types of constants that are weights; whole numbers of 32 bits are sizes and axes.
NO_WEIGHTS = ("int32", "int64", "bool")
MULTIPLIES = ("conv", "conv_transpose", "linear", "matmul")


def read_cost(path: Path) -> Cost:
    """Read an .mlpackage, at the default sizes of its inputs. Raises InvalidProgram."""
    listing = list_program(path)
    rows, types = {row.output: row for row in listing.rows}, listing.types
    program = read_package(path).program
    stored: dict[str, int] = {}  # bytes of each constant in the file, decompressed or not
    values: dict[str, np.ndarray] = {}  # constants as they stand
    layers: list[Layer] = []
    macs_by_type: Counter[str] = Counter()
    for operation in program.operations:
        row = rows.get(operation.outputs[0].name) if operation.outputs else None
        if row is None:
            for output in operation.outputs:
                stored[output.name] = _stored_bytes(operation, stored)
            values |= _plain_constant(operation)
            continue
        bindings = [binding for bound in operation.inputs.values() for binding in bound]
        named = [b.name for b in bindings if isinstance(b, Reference) and b.name not in stored]
        read = [types[name] for name in named]
        written = [types[output.name] for output in operation.outputs]
        sizes = [size for tensor in (*read, *written) for size in tensor.fixed_shape()]
        layers.append(
            Layer(
                name=row.output,
                kind=operation.type,
                output=row.type,
                macs=row.macs,
                parameters=row.parameters,
                weight_bytes=sum(_weight_bytes(b, stored) for b in bindings),
                read_bytes=_bytes(read),
                written_bytes=_bytes(written),
                largest_axis=max(sizes, default=0),
                strides=_integers(operation, "strides", values),
                mode=_text(operation, "mode", values),
            )
        )
        if row.macs:
            macs_by_type[_computed_in(operation, program.operations, written[0])] += row.macs
    return Cost(
        artifact=str(path),
        format="coreml",
        precision=precision_of(macs_by_type),
        layers=tuple(layers),
    )


def _computed_in(
    operation: Operation, operations: tuple[Operation, ...], written: TensorType
) -> str:
    """Return the element type of a multiplication: int8 where its input was quantized."""
    x = operation.inputs.get("x", ())
    made_by = {o.name: step.type for step in operations for o in step.outputs}
    quantized = any(isinstance(b, Reference) and made_by.get(b.name) == "dequantize" for b in x)
    return "int8" if quantized and operation.type in MULTIPLIES else written.dtype.name


def _stored_bytes(operation: Operation, stored: dict[str, int]) -> int:
    """Return the bytes of the file behind a constant: of what it was decompressed from."""
    total = 0
    declared = operation.outputs[0].type
    for binding in (b for bound in operation.inputs.values() for b in bound):
        if isinstance(binding, Reference):
            total += stored.get(binding.name, 0)
        elif binding.ndim and binding.dtype.kind != "U" and binding.dtype.name not in NO_WEIGHTS:
            bits = declared.packed_bits if declared is not None else 0
            total += math.ceil(binding.size * bits / 8) if bits else binding.nbytes
    return total


def _plain_constant(operation: Operation) -> dict[str, np.ndarray]:
    if operation.type != "const":
        return {}
    (value,) = operation.inputs["val"]
    return {operation.outputs[0].name: value} if isinstance(value, np.ndarray) else {}


def _weight_bytes(binding: Binding, stored: dict[str, int]) -> int:
    if isinstance(binding, Reference):
        return stored.get(binding.name, 0)
    counts = binding.ndim and binding.dtype.kind == "f"
    return binding.nbytes if counts else 0


def _bytes(types: list[TensorType]) -> int:
    return sum(tensor.stored_bytes() for tensor in types)


def _integers(operation: Operation, name: str, values: dict[str, np.ndarray]) -> tuple[int, ...]:
    value = _constant(operation, name, values)
    return () if value is None else tuple(int(n) for n in value.reshape(-1))


def _text(operation: Operation, name: str, values: dict[str, np.ndarray]) -> str:
    value = _constant(operation, name, values)
    return str(value) if value is not None and value.dtype.kind == "U" else ""


def _constant(operation: Operation, name: str, values: dict[str, np.ndarray]) -> np.ndarray | None:
    for binding in operation.inputs.get(name, ()):
        return values.get(binding.name) if isinstance(binding, Reference) else binding
    return None
