"""Build an ONNX graph: nodes, constants, inputs and outputs, with no knowledge of MIL operations.

float16 is computed in float32 throughout: ONNX Runtime has few float16 kernels on CPUs, and a
rounding that the graph spells out is the same on every machine. See
docs/decisions/0003-ml-program-runtime.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
from onnx import helper

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.encoding import (
    computed_in,
    element_type,
    external_tensor,
    tensor_of,
    value_info,
)
from conversion.mlprogram.names import Names
from conversion.mlprogram.types import TensorType

# Opset 21 is the first that dequantizes 4 bits, in blocks; IR 10 is the version that came with it.
ONNX_OPSET = 21
ONNX_IR = 10
# How the names of nodes begin that differ from run to run though their inputs do not.
RANDOM = ("Random", "Bernoulli", "Multinomial")
# Constants of at least so many bytes are handed to ONNX Runtime as they are, without a copy.
EXTERNAL_BYTES = 1024


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor of the graph, or a constant that enters the graph when a node first uses it.

    `type` is what the program declares; None between the nodes of one operation.
    `keys`: of a dictionary, whose values are the elements of the tensor.
    """

    name: str = ""
    type: TensorType | None = None
    data: np.ndarray | None = None
    keys: np.ndarray | None = None

    @property
    def declared(self) -> TensorType:
        """The declared type, which inputs of operations always have."""
        assert self.type is not None
        return self.type

    @property
    def shape(self) -> tuple[int, ...]:
        """The declared shape. Raises InvalidProgram where a size is unknown."""
        return self.declared.fixed_shape()

    def size(self, axis: int) -> int:
        """The declared size of one axis. Raises UnknownShape where it is unknown."""
        return TensorType(self.declared.dtype, (self.declared.shape[axis],)).fixed_shape()[0]

    @property
    def rank(self) -> int:
        """Number of axes."""
        return self.declared.rank


class Graph:
    """An ONNX graph under construction; `nested` begins one for a branch or the body of a loop.

    Names, constants and states are shared with nested graphs; nodes, inputs and outputs are not.
    """

    def __init__(self, *, outer: "Graph | None" = None, budget: Budget | None = None) -> None:
        self.budget: Budget = outer.budget if outer else budget or Budget()
        self.scope: str = outer.scope if outer else ""  # begins names: the MIL output they serve
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = outer.constants if outer else {}
        self.known: dict[str, np.ndarray] = outer.known if outer else {}  # computed of constants
        self.types: dict[str, TensorType] = outer.types if outer else {}
        self._outer = outer
        self._root: Graph = outer._root if outer else self
        self._placed: dict[Value, str] = outer._placed if outer else {}
        self._names: Names = outer._names if outer else Names()
        self._states: dict[str, Value] = outer._states if outer else {}
        self._producers: dict[str, tuple[int, onnx.NodeProto]] = outer._producers if outer else {}
        self._inputs_reach: set[str] = outer._inputs_reach if outer else set()
        self._inputs: list[onnx.ValueInfoProto] = []
        self._taken: dict[str, str] = {}  # inputs -> what they are computed with
        self._outputs: list[onnx.ValueInfoProto] = []

    def add(self, op_type: str, *inputs: Value | None, **attributes: Any) -> Value:
        """Add a node of one output. An input of None is one that ONNX lets you leave out."""
        return self.add_many(op_type, *inputs, count=1, **attributes)[0]

    def add_many(
        self, op_type: str, *inputs: Value | None, count: int, **attributes: Any
    ) -> tuple[Value, ...]:
        """Add a node of `count` outputs. Attributes are ONNX attributes; None leaves one out."""
        self.budget.count_nodes(count)
        names = ["" if value is None else self._name_of(value) for value in inputs]
        outputs = [self._fresh(op_type) for _ in range(count)]
        self._node(op_type, names, outputs, **attributes)
        return tuple(Value(name) for name in outputs)

    def nested(self) -> "Graph":
        """Begin a graph for an attribute of a node: it sees every value defined so far."""
        return Graph(outer=self)

    def hold(self, shape: Sequence[int], dtype: Any) -> None:
        """Count a constant that is about to be made. Raises OverBudget if it is too large."""
        self.budget.hold_array(shape, dtype, by="a constant that it makes")

    def counted(self, count: int) -> Value:
        """Return the int64 constant 0, 1... count - 1."""
        self.hold((count,), np.int64)
        return self.constant(np.arange(count, dtype=np.int64))

    def constant(self, data: np.ndarray) -> Value:
        """Return a constant."""
        # Texts of every length are of one type.
        dtype = np.dtype(np.str_) if data.dtype.kind == "U" else data.dtype
        return Value(type=TensorType(dtype, data.shape), data=data)

    def text(self, data: np.ndarray) -> Value:
        """Return a constant tensor of text, which no node but a Gather takes."""
        name = self._fresh("text")
        self.constants[name] = data
        return Value(name)

    def scalar(self, number: float) -> Value:
        """Return a float32 constant of rank 0."""
        return self.constant(np.array(number, np.float32))

    def ints(self, numbers: Sequence[int]) -> Value:
        """Return an int64 vector: how ONNX takes shapes, axes and pads."""
        return self.constant(np.array(numbers, np.int64))

    def cast(self, value: Value, dtype: np.dtype[Any]) -> Value:
        """Convert to the type in which `dtype` is computed."""
        return self.add("Cast", value, to=element_type(computed_in(dtype)))

    def round_to_float16(self, value: Value) -> Value:
        """Round a float32 value to what float16 holds; beyond 65504 becomes infinity."""
        half = self.add("Cast", value, to=element_type(np.dtype(np.float16)))
        return self.add("Cast", half, to=element_type(np.dtype(np.float32)))

    def input(self, name: str, declared: TensorType) -> Value:
        """Add an input of the graph, of exactly the declared type."""
        self._names.reserve([name])
        self._inputs.append(value_info(name, declared))
        self.types[name] = declared
        self._inputs_reach.add(name)
        value = Value(name, declared)
        if computed_in(declared.dtype) != declared.dtype:
            value = Value(self.cast(value, declared.dtype).name, declared)
        self._taken[name] = value.name
        return value

    def parameter(self, declared: TensorType, *, label: str) -> Value:
        """Add an input of a nested graph: a value that a loop carries from turn to turn."""
        carried = TensorType(computed_in(declared.dtype), declared.shape)
        name = self._fresh(label)
        self._inputs.append(value_info(name, carried))
        self.types[name] = carried
        self._inputs_reach.add(name)
        return Value(name, declared)

    def result(self, value: Value) -> None:
        """Add an output of a nested graph, in the order in which the node has its outputs."""
        declared = value.declared
        name = self._name_of(self.add("Identity", value))
        self._outputs.append(
            value_info(name, TensorType(computed_in(declared.dtype), declared.shape))
        )

    def state(self, name: str, declared: TensorType) -> Value:
        """Add a tensor that outlives a run: an input of the graph, and an output once written."""
        self._states[name] = self.input(name, declared)
        return Value(name, declared)

    def read_state(self, state: Value) -> Value:
        """Return the value that a state has by now."""
        return self._states[self._state_name(state)]

    def write_state(self, state: Value, value: Value) -> None:
        """Give a state a new value."""
        name = self._state_name(state)
        if self._outer is not None:
            raise UnsupportedOps(f"state {name!r} is written inside a branch or a loop")
        self._states[name] = replace(value, type=self._states[name].type)

    def state_outputs(self) -> dict[str, str]:
        """Add an output for every state; returns their names by the names of the states."""
        names = {}
        for name, value in self._states.items():
            names[name] = self._fresh(f"{name}_out")
            self.output(names[name], value)
        return names

    def depends_on_inputs(self, name: str) -> bool:
        """Say whether a value can differ from run to run."""
        return name in self._inputs_reach

    def producer(self, name: str) -> onnx.NodeProto | None:
        """Return the node that makes a value; None for constants and inputs."""
        return self._producers.get(name, (0, None))[1]

    def position(self, node: onnx.NodeProto) -> int:
        """Return a number that is larger for nodes that were added later."""
        return self._producers[node.output[0]][0]

    def _state_name(self, state: Value) -> str:
        if state.name not in self._states:
            raise InvalidProgram(f"expected one of the states {sorted(self._states)}")
        return state.name

    def output(self, name: str, value: Value) -> None:
        """Add an output of the graph under `name`, of exactly the declared type of `value`."""
        self._outputs.append(value_info(name, value.declared))
        if self._taken.get(name, value.name) != value.name:
            raise InvalidProgram(f"output {name!r} has the name of an input, and another value")
        if name in self._taken:
            return  # ONNX wants no node for an input that is returned as it was given
        self._names.reserve([name])
        if value.declared.dtype.kind == "U":
            self._node("Identity", [value.name], [name])
        else:
            self._node(
                "Cast", [self._name_of(value)], [name], to=element_type(value.declared.dtype)
            )

    def reserve(self, names: Sequence[str]) -> None:
        """Keep names of later outputs from being given to anything else."""
        self._names.reserve(names)

    def to_model(self) -> onnx.ModelProto:
        """Return a standalone model that holds its constants."""
        return self._model({name: tensor_of(name, data) for name, data in self.constants.items()})

    def to_graph(self) -> onnx.GraphProto:
        """Return a nested graph, for the attribute of a node."""
        return helper.make_graph(self.nodes, self._fresh("graph"), self._inputs, self._outputs)

    def to_model_and_constants(self) -> tuple[onnx.ModelProto, dict[str, np.ndarray]]:
        """Return a light model and its larger constants, for `add_external_initializers`."""
        large = {
            name: data
            for name, data in self.constants.items()
            if data.nbytes >= EXTERNAL_BYTES and data.dtype.kind != "U"
        }
        tensors = {
            name: external_tensor(name, data) if name in large else tensor_of(name, data)
            for name, data in self.constants.items()
        }
        return self._model(tensors), large

    def _model(self, tensors: dict[str, onnx.TensorProto]) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes, "main", self._inputs, self._outputs, list(tensors.values())
        )
        opset = helper.make_opsetid("", ONNX_OPSET)
        return helper.make_model(
            graph, opset_imports=[opset], ir_version=ONNX_IR, producer_name="nurie"
        )

    def _node(self, op_type: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        node = helper.make_node(op_type, inputs, outputs, name=outputs[0], **attributes)
        self.nodes.append(node)
        position = len(self._producers)
        self._producers.update((output, (position, node)) for output in outputs)
        if (
            not self._inputs_reach.isdisjoint(inputs)
            or op_type.startswith(RANDOM)
            or any(attribute.HasField("g") for attribute in node.attribute)
        ):
            self._inputs_reach.update(outputs)

    def _name_of(self, value: Value) -> str:
        if value.data is None:
            return value.name
        if value.data.dtype.kind == "U":
            raise InvalidProgram("expected a tensor of numbers, received text")
        if value not in self._placed:
            name = self._fresh("constant")
            self.constants[name] = np.ascontiguousarray(value.data).reshape(value.data.shape)
            if computed_in(value.data.dtype) != value.data.dtype:
                # Stays small in the file; ONNX Runtime widens it once, while loading. It stands
                # outside of branches and loops, whose nodes come later.
                name = self._root.cast(Value(name), value.data.dtype).name
            self._placed[value] = name
        return self._placed[value]

    def _fresh(self, label: str) -> str:
        return self._names.fresh(f"{self.scope}:{label}" if self.scope else label)
