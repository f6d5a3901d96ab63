"""An ML Program as plain data: one function of a model, with its constants decoded.

Knows MIL.proto, and no operation. A list is a tensor with an axis more, a dictionary the vector
of its values (see types.py); what is nothing of that kind has the type None.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.packing import unpack
from conversion.mlprogram.protobuf import data_type_name
from conversion.mlprogram.types import DTYPES, PACKED_BITS, TensorType, require_shape

# Fields of TensorValue in MIL.proto and the NumPy kinds whose values they hold.
_FIELD_KINDS = {
    "floats": "f",
    "doubles": "f",
    "ints": "iu",
    "longInts": "iu",
    "bools": "b",
    "strings": "U",
}

# (file name in the program, offset, type) -> array
ReadBlob = Callable[[str, int, TensorType], np.ndarray]

# Bytes that a number of a message takes as an object of Python, while it becomes an array.
OBJECT_BYTES = 40
# Bytes of a character in an array of NumPy, whose texts are all as long as the longest.
CHARACTER_BYTES = 4


@dataclass(frozen=True)
class Reference:
    """A use of a value by its name."""

    name: str


# A constant stands where it is used as well: strings are arrays of kind "U".
Binding = Reference | np.ndarray


@dataclass(frozen=True)
class Named:
    """A value where it is defined."""

    name: str
    type: TensorType | None


@dataclass(frozen=True)
class Operation:
    """One step: its inputs and attributes by MIL name, several bindings where MIL has a tuple.

    blocks: the steps that control flow chooses among or repeats.
    """

    type: str
    inputs: dict[str, tuple[Binding, ...]]
    outputs: tuple[Named, ...]
    blocks: tuple["Block", ...] = ()

    def __str__(self) -> str:
        return f"operation {self.type} -> {', '.join(o.name for o in self.outputs)}"


@dataclass(frozen=True)
class Block:
    """Steps inside an operation; they may use what was defined outside before it."""

    inputs: tuple[Named, ...]
    operations: tuple[Operation, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """One function of a model, specialised to one opset ("CoreML6" is iOS 16).

    states: tensors that outlive a run, read and written by operations.
    """

    opset: str
    inputs: tuple[Named, ...]
    operations: tuple[Operation, ...]
    outputs: tuple[str, ...]
    states: tuple[Named, ...] = ()


def read_program(
    message: Any, *, function: str, read_blob: ReadBlob, budget: Budget | None = None
) -> Program:
    """Decode the function `function` of a `Program` message; its constants take from `budget`.

    Raises InvalidProgram if the function is missing or a constant is damaged, OverBudget.
    """
    if function not in message.functions:
        raise InvalidProgram(
            f"the program has no function {function!r}; it has {sorted(message.functions)}"
        )
    body = message.functions[function]
    if body.opset not in body.block_specializations:
        raise InvalidProgram(
            f"function {function!r}: expected a block for its opset {body.opset!r}; "
            f"received blocks for {sorted(body.block_specializations)}"
        )
    block = body.block_specializations[body.opset]
    source = _Source(read_blob, budget or Budget())
    return Program(
        opset=body.opset,
        inputs=tuple(_named(value) for value in body.inputs if not _is_state(value)),
        operations=tuple(_operation(step, source) for step in block.operations),
        outputs=tuple(block.outputs),
        states=tuple(
            Named(value.name, _tensor_type(value.type.stateType.wrappedType))
            for value in body.inputs
            if _is_state(value)
        ),
    )


@dataclass(frozen=True)
class _Source:
    """Where constants come from, and what they take from."""

    read_blob: ReadBlob
    budget: Budget


def _is_state(message: Any) -> bool:
    return bool(message.type.WhichOneof("type") == "stateType")


def _block(message: Any, source: _Source) -> Block:
    return Block(
        inputs=tuple(_named(value) for value in message.inputs),
        operations=tuple(_operation(step, source) for step in message.operations),
        outputs=tuple(message.outputs),
    )


def _operation(message: Any, source: _Source) -> Operation:
    source.budget.check_time()
    outputs = tuple(_named(value) for value in message.outputs)
    try:
        inputs: dict[str, tuple[Binding, ...]] = {
            name: tuple(_binding(binding, source) for binding in argument.arguments)
            for name, argument in message.inputs.items()
        }
        for name, value in message.attributes.items():
            if name != "name":  # a label for people; everything else is a parameter
                inputs[name] = (_constant(value, source),)
    except InvalidProgram as error:
        step = Operation(message.type, {}, outputs)
        raise type(error)(f"{step}: {error}") from error
    blocks = tuple(_block(block, source) for block in message.blocks)
    return Operation(message.type, inputs, outputs, blocks)


def _binding(message: Any, source: _Source) -> Binding:
    if message.WhichOneof("binding") == "value":
        return _constant(message.value, source)
    return Reference(message.name)


def _named(message: Any) -> Named:
    return Named(message.name, _tensor_type(message.type))


def _tensor_type(message: Any) -> TensorType | None:
    kind = message.WhichOneof("type")
    if kind == "listType":
        # The declared length is the initial one, whatever the list grows to.
        element = _tensor_type(message.listType.type)
        return element and TensorType(element.dtype, (None, *element.shape))
    if kind == "dictionaryType":
        value = _tensor_type(message.dictionaryType.valueType)
        return value and TensorType(value.dtype, (None, *value.shape))
    if kind != "tensorType":
        return None
    tensor = message.tensorType
    name = data_type_name(tensor.dataType)
    if name not in DTYPES:
        return None
    shape = tuple(
        int(d.constant.size) if d.WhichOneof("dimension") == "constant" else None
        for d in tensor.dimensions
    )
    require_shape(shape)
    return TensorType(DTYPES[name], shape, PACKED_BITS.get(name, 0))


def _constant(message: Any, source: _Source) -> np.ndarray:
    if message.WhichOneof("value") == "immediateValue":
        kind = message.immediateValue.WhichOneof("value")
        if kind in ("list", "tuple"):
            return _sequence(getattr(message.immediateValue, kind).values, source)
    tensor = _tensor_type(message.type)
    if tensor is None:
        raise InvalidProgram("expected a constant tensor of a known type, received another value")
    if message.WhichOneof("value") == "blobFileValue":
        blob = message.blobFileValue
        return source.read_blob(blob.fileName, blob.offset, tensor)
    values = _immediate_values(message.immediateValue.tensor, tensor, source.budget)
    expected = math.prod(tensor.fixed_shape())
    if values.size != expected:
        raise InvalidProgram(
            f"a constant of type {tensor}: expected {expected} values, received {values.size}"
        )
    return values.reshape(tensor.fixed_shape())


def _sequence(messages: Any, source: _Source) -> np.ndarray:
    elements = [_constant(message, source) for message in messages]
    if not elements:
        return np.zeros(0, np.int32)
    if len({(element.dtype.kind, element.shape) for element in elements}) > 1:
        raise InvalidProgram("a constant list: expected elements of one type and shape")
    itemsize = max(element.dtype.itemsize for element in elements)  # of texts, the longest one's
    by = f"a constant list of {len(elements)} elements"
    source.budget.hold(itemsize * elements[0].size * len(elements), by=by)
    return np.stack(elements)


def _immediate_values(message: Any, tensor: TensorType, budget: Budget) -> np.ndarray:
    field = message.WhichOneof("value")
    if field is None:
        return np.zeros(0, tensor.dtype)
    values = getattr(message, field).values
    if field == "bytes" and tensor.packed_bits:
        return unpack(np.frombuffer(values, np.uint8), tensor, budget=budget)
    if field == "bytes":  # types that protobuf lacks, float16 among them, stand as raw bytes
        if tensor.dtype.kind == "U" or len(values) % tensor.dtype.itemsize:
            raise InvalidProgram(
                f"a constant of type {tensor}: expected whole elements, "
                f"received {len(values)} bytes"
            )
        return np.frombuffer(values, tensor.dtype)
    if tensor.dtype.kind not in _FIELD_KINDS[field]:
        raise InvalidProgram(f"a constant of type {tensor}: its values stand in field {field!r}")
    by = f"a constant of type {tensor} and {len(values)} values"
    itemsize = tensor.dtype.itemsize
    if tensor.dtype.kind == "U":
        itemsize = CHARACTER_BYTES * max(map(len, values), default=0)
    budget.hold(itemsize * len(values), by=by)
    budget.require(OBJECT_BYTES * len(values), by=by)
    try:
        return np.array(list(values), tensor.dtype)
    except OverflowError as error:
        raise InvalidProgram(f"a constant of type {tensor} holds values outside it") from error
