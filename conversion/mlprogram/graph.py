"""Build an ONNX graph: nodes, constants, inputs and outputs, with no knowledge of MIL operations.

float16 is computed in float32 throughout: ONNX Runtime has few float16 kernels on CPUs, and a
rounding that the graph spells out is the same on every machine. See
docs/decisions/0003-ml-program-runtime.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import helper

from conversion.errors import InvalidProgram
from conversion.mlprogram.types import TensorType

# Opset 20 is the first with Gelu; IR 9 is the version that came with it.
ONNX_OPSET = 20
ONNX_IR = 9
# Constants of at least so many bytes are handed to ONNX Runtime as they are, without a copy.
EXTERNAL_BYTES = 1024


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor of the graph, or a constant that enters the graph when a node first uses it.

    `type` is what the program declares; None between the nodes of one operation.
    """

    name: str = ""
    type: TensorType | None = None
    data: np.ndarray | None = None

    @property
    def declared(self) -> TensorType:
        """The declared type, which inputs of operations always have."""
        assert self.type is not None
        return self.type

    @property
    def shape(self) -> tuple[int, ...]:
        """The declared shape. Raises InvalidProgram where a size is unknown."""
        return self.declared.fixed_shape()

    @property
    def rank(self) -> int:
        """Number of axes."""
        return self.declared.rank


class Graph:
    """An ONNX graph under construction."""

    def __init__(self) -> None:
        self.scope = ""  # begins the names of nodes and values: the MIL output they serve
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, np.ndarray] = {}
        self._placed: dict[Value, str] = {}
        self._names: set[str] = set()
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def add(self, op_type: str, *inputs: Value | None, **attributes: Any) -> Value:
        """Add a node of one output. An input of None is one that ONNX lets you leave out."""
        return self.add_many(op_type, *inputs, count=1, **attributes)[0]

    def add_many(
        self, op_type: str, *inputs: Value | None, count: int, **attributes: Any
    ) -> tuple[Value, ...]:
        """Add a node of `count` outputs. Attributes are ONNX attributes; None leaves one out."""
        names = ["" if value is None else self._name_of(value) for value in inputs]
        outputs = [self._fresh(op_type) for _ in range(count)]
        self._node(op_type, names, outputs, **attributes)
        return tuple(Value(name) for name in outputs)

    def constant(self, data: np.ndarray) -> Value:
        """Return a constant."""
        # Texts of every length are of one type.
        dtype = np.dtype(np.str_) if data.dtype.kind == "U" else data.dtype
        return Value(type=TensorType(dtype, data.shape), data=data)

    def scalar(self, number: float) -> Value:
        """Return a float32 constant of rank 0."""
        return self.constant(np.array(number, np.float32))

    def ints(self, numbers: Sequence[int]) -> Value:
        """Return an int64 vector: how ONNX takes shapes, axes and pads."""
        return self.constant(np.array(numbers, np.int64))

    def cast(self, value: Value, dtype: np.dtype[Any]) -> Value:
        """Convert to the type in which `dtype` is computed."""
        return self.add("Cast", value, to=_onnx_type(computed_in(dtype)))

    def round_to_float16(self, value: Value) -> Value:
        """Round a float32 value to what float16 holds; beyond 65504 becomes infinity."""
        half = self.add("Cast", value, to=_onnx_type(np.dtype(np.float16)))
        return self.add("Cast", half, to=_onnx_type(np.dtype(np.float32)))

    def input(self, name: str, declared: TensorType) -> Value:
        """Add an input of the graph, of exactly the declared type."""
        self._names.add(name)
        self._inputs.append(_value_info(name, declared))
        value = Value(name, declared)
        if computed_in(declared.dtype) == declared.dtype:
            return value
        return Value(self.cast(value, declared.dtype).name, declared)

    def output(self, name: str, value: Value) -> None:
        """Add an output of the graph under `name`, of exactly the declared type of `value`."""
        self._outputs.append(_value_info(name, value.declared))
        self._names.add(name)
        self._node("Cast", [self._name_of(value)], [name], to=_onnx_type(value.declared.dtype))

    def reserve(self, names: Sequence[str]) -> None:
        """Keep names of later outputs from being given to anything else."""
        self._names.update(names)

    def to_model(self) -> onnx.ModelProto:
        """Return a standalone model that holds its constants."""
        return self._model({name: _tensor(name, data) for name, data in self._constants.items()})

    def to_model_and_constants(self) -> tuple[onnx.ModelProto, dict[str, np.ndarray]]:
        """Return a light model and its larger constants, for `add_external_initializers`."""
        large = {
            name: data for name, data in self._constants.items() if data.nbytes >= EXTERNAL_BYTES
        }
        tensors = {
            name: _external(name, data) if name in large else _tensor(name, data)
            for name, data in self._constants.items()
        }
        return self._model(tensors), large

    def _model(self, tensors: dict[str, onnx.TensorProto]) -> onnx.ModelProto:
        graph = helper.make_graph(
            self._nodes, "main", self._inputs, self._outputs, list(tensors.values())
        )
        opset = helper.make_opsetid("", ONNX_OPSET)
        return helper.make_model(
            graph, opset_imports=[opset], ir_version=ONNX_IR, producer_name="nurie"
        )

    def _node(self, op_type: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        self._nodes.append(
            helper.make_node(op_type, inputs, outputs, name=outputs[0], **attributes)
        )

    def _name_of(self, value: Value) -> str:
        if value.data is None:
            return value.name
        if value.data.dtype.kind == "U":
            raise InvalidProgram("expected a tensor of numbers, received text")
        if value not in self._placed:
            name = self._fresh("constant")
            self._constants[name] = np.ascontiguousarray(value.data).reshape(value.data.shape)
            if computed_in(value.data.dtype) != value.data.dtype:
                # Stays small in the file; ONNX Runtime widens it once, while loading.
                name = self.cast(Value(name), value.data.dtype).name
            self._placed[value] = name
        return self._placed[value]

    def _fresh(self, label: str) -> str:
        stem = f"{self.scope}:{label}" if self.scope else label
        name, number = stem, 1
        while name in self._names:
            number += 1
            name = f"{stem}_{number}"
        self._names.add(name)
        return name


def computed_in(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type that stands for `dtype` inside the graph."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def _onnx_type(dtype: np.dtype[Any]) -> int:
    return int(helper.np_dtype_to_tensor_dtype(dtype))


def _value_info(name: str, declared: TensorType) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, _onnx_type(declared.dtype), declared.shape)


def _tensor(name: str, data: np.ndarray) -> onnx.TensorProto:
    return helper.make_tensor(name, _onnx_type(data.dtype), data.shape, data.tobytes(), raw=True)


def _external(name: str, data: np.ndarray) -> onnx.TensorProto:
    tensor = onnx.TensorProto(
        name=name,
        data_type=_onnx_type(data.dtype),
        dims=data.shape,
        data_location=onnx.TensorProto.EXTERNAL,
    )
    tensor.external_data.add(key="location", value="given to the session")
    return tensor
