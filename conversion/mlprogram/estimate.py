"""What one run of a graph takes: the memory that it holds at once, and about how much time.

Counted from the shapes that ONNX infers, before anything is allocated. What only running tells
counts as nothing here: the cap of the session and the clock of the run stand behind this count.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper

from conversion.mlprogram.budget import Budget, Limits
from conversion.mlprogram.graph import RANDOM
from conversion.mlprogram.inference import infer_types
from conversion.mlprogram.nested import graphs_of, uses
from conversion.mlprogram.types import TensorType

# How fast two cores are, on the fast side, so that no ordinary program is refused: products of
# matrices, windows that are walked one by one, and elements that are read and written.
MATRIX_PER_SECOND = 2e10
WINDOW_PER_SECOND = 1e9
ELEMENTS_PER_SECOND = 5e8
# A run that is thought to be shorter needs no clock, which costs a thread.
BRIEF_SECONDS = 2.0
# What inference of ONNX takes for a number of a Range whose ends are known, while it is loaded.
BYTES_PER_NUMBER = 64
NUMBERS_PER_SECOND = 1e7
WINDOWS = ("AveragePool", "LpPool", "MaxPool")
RECURRENT = ("GRU", "LSTM", "RNN")


@dataclass(frozen=True)
class Cost:
    """Of one run, as far as shapes tell before it."""

    peak_bytes: int
    seconds: float
    exact: bool  # every shape is known, and nothing is repeated
    folds: bool  # the size of all that is computed of constants alone is known
    largest: str  # value, with its type
    slowest: str  # value

    def clock(self, limits: Limits) -> float | None:
        """Return the seconds after which a run is ended; None for one that is surely brief."""
        brief = self.exact and self.seconds < min(BRIEF_SECONDS, limits.seconds)
        return None if brief else limits.seconds

    def require(self, budget: Budget) -> None:
        """Raise OverBudget unless a run stays below the budget."""
        by = f"one run, whose largest value is {self.largest}, together"
        budget.require(self.peak_bytes, by=by)
        budget.require_seconds(self.seconds, by=f"one run, longest of all value {self.slowest!r},")


def cost_of(model: onnx.ModelProto) -> Cost:
    """Return what one run of a model takes whose types were inferred; its constants are not in."""
    walk = _Walk()
    peak = walk.peak_of(model.graph)
    return Cost(peak, walk.seconds, walk.exact, walk.folds, walk.largest, walk.slowest)


def cost_at(model: onnx.ModelProto, sizes: Mapping[str, tuple[int, ...]]) -> Cost:
    """Return what one run of a model of flexible sizes takes where its inputs have these."""
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    del fixed.graph.value_info[:]
    for info in fixed.graph.input:
        for size, wanted in zip(
            info.type.tensor_type.shape.dim, sizes.get(info.name, ()), strict=False
        ):
            size.dim_value = wanted
    for info in fixed.graph.output:
        info.type.tensor_type.ClearField("shape")
    return cost_of(infer_types(fixed))


class _Walk:
    """Goes through a graph in its order, as ONNX Runtime runs it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.exact, self.folds = True, True
        self.largest, self._largest_bytes = "none", 0
        self.slowest, self._slowest_seconds = "none", 0.0
        self._types: dict[str, TensorType | None] = {}
        self._constants: set[str] = set()

    def peak_of(self, graph: onnx.GraphProto) -> int:
        """Return the bytes that a graph holds at once, beside constants that are given to it."""
        self._constants.update(tensor.name for tensor in graph.initializer)
        for tensor in graph.initializer:
            self._types[tensor.name] = _type(tensor.data_type, list(tensor.dims))
        for info in (*graph.value_info, *graph.input, *graph.output):
            given = info.type.tensor_type
            sizes = [d.dim_value if d.HasField("dim_value") else None for d in given.shape.dim]
            known = given.HasField("shape")
            self._types[info.name] = _type(given.elem_type, sizes) if known else None
        results = {info.name for info in graph.output}
        last_use = {
            name: place for place, node in enumerate(graph.node) for name in uses(node)
        } | dict.fromkeys(results, len(graph.node))
        leaving: dict[int, list[str]] = {}
        for name, place in last_use.items():
            leaving.setdefault(place, []).append(name)
        # Inputs are held by whoever gives them, and once more where they had to be converted.
        held = 2 * sum(self._bytes(info.name) for info in graph.input)
        peak, made = held, set()
        for place, node in enumerate(graph.node):
            outputs = [name for name in node.output if name]
            held += sum(self._bytes(name) for name in outputs)
            inner = max([self.peak_of(nested) for nested in graphs_of(node)], default=0)
            self.exact = self.exact and node.op_type != "Loop"
            peak = max(peak, held + inner + self._inside(node))
            self._count_seconds(node)
            if self._is_constant(node):
                self._constants.update(outputs)  # computed once, while loading, and kept
                self.folds = self.folds and None not in map(self._known, outputs)
            else:
                made.update(outputs)
            for name in leaving.get(place, ()):
                held -= self._bytes(name) if name in made else 0
        # What is returned is copied for whoever asked.
        return max(peak, held + sum(self._bytes(name) for name in results))

    def _is_constant(self, node: onnx.NodeProto) -> bool:
        nested = any(True for _ in graphs_of(node))
        return (
            not nested
            and not node.op_type.startswith(RANDOM)
            and self._constants.issuperset(name for name in node.input if name)
        )

    def _known(self, name: str) -> TensorType | None:
        """Return the type of a value all of whose sizes are known."""
        known = self._types.get(name)
        return None if known is None or None in known.shape else known

    def _bytes(self, name: str) -> int:
        known = self._known(name)
        if known is None:
            self.exact = False
            return 0
        count = known.stored_bytes()
        if count > self._largest_bytes:
            self._largest_bytes = count
            self.largest = f"{_value(name)!r}, {known} of {count} bytes"
        return count

    def _sizes(self, name: str) -> list[int]:
        """Return the sizes of a value, 0 for those that are not known."""
        known = self._types.get(name)
        return [size or 0 for size in known.shape] if known is not None else [0]

    def _elements(self, names: Sequence[str]) -> int:
        return sum(math.prod(self._sizes(name)) for name in names if name)

    def _inside(self, node: onnx.NodeProto) -> int:
        """Return the bytes that a kernel takes for itself."""
        if node.op_type == "ConvTranspose":  # every product, before they are summed
            places = math.prod(self._sizes(node.input[0])[2:])
            return 4 * places * math.prod(self._sizes(node.input[1])[1:])
        if node.op_type in RECURRENT:  # the gates of all steps
            steps = self._sizes(node.input[0])[:2]
            return 4 * math.prod(steps) * math.prod(self._sizes(node.input[1])[:2])
        if node.op_type == "Range":  # which ONNX's inference follows number by number
            return BYTES_PER_NUMBER * self._elements(node.output)
        if node.op_type in ("TopK", "NonZero", "Einsum"):  # places, or copies in another order
            return 16 * self._elements(node.input)
        return 0

    def _count_seconds(self, node: onnx.NodeProto) -> None:
        seconds = self._seconds(node)
        self.seconds += seconds
        if seconds > self._slowest_seconds:
            self._slowest_seconds, self.slowest = seconds, _value(node.output[0])

    def _seconds(self, node: onnx.NodeProto) -> float:
        kind, (made, first) = node.op_type, (self._elements(node.output), list(node.input[:1]))
        moved = (self._elements(node.input) + made) / ELEMENTS_PER_SECOND
        weight = self._sizes(node.input[1]) if len(node.input) > 1 else []
        if kind in ("Conv", "ConvTranspose"):
            counted = made if kind == "Conv" else self._elements(first)
            return moved + counted * math.prod(weight[1:]) / MATRIX_PER_SECOND
        if kind == "MatMul":
            return moved + made * (self._sizes(first[0]) or [1])[-1] / MATRIX_PER_SECOND
        if kind == "Einsum":
            return moved + math.prod(self._labels(node)) / WINDOW_PER_SECOND
        if kind in WINDOWS:
            window = next(a.ints for a in node.attribute if a.name == "kernel_shape")
            return moved + made * math.prod(window) / WINDOW_PER_SECOND
        if kind in RECURRENT:
            steps = math.prod(self._sizes(first[0])[:2])
            return moved + steps * self._elements(node.input[1:3]) / MATRIX_PER_SECOND
        if kind == "Range":
            return made / NUMBERS_PER_SECOND
        if kind == "NonMaxSuppression":  # in the worst case, each box is held to each other one
            scores = self._sizes(node.input[1])
            return moved + math.prod(scores) * scores[-1] / WINDOW_PER_SECOND
        return moved

    def _labels(self, node: onnx.NodeProto) -> Iterator[int]:
        """Yield the size of every letter of an equation, which ops.einsum has checked."""
        terms = helper.get_node_attr_value(node, "equation").decode().split("->")[0].split(",")
        sizes: dict[str, int] = {}
        for term, name in zip(terms, node.input, strict=True):
            for letter, size in zip(term, self._sizes(name), strict=False):
                sizes[letter] = max(size, sizes.get(letter, 0))
        yield from sizes.values()


def _type(element: int, sizes: list[int | None]) -> TensorType | None:
    if element == onnx.TensorProto.STRING:
        return TensorType(np.dtype("U1"), tuple(sizes))
    if not element:
        return None
    return TensorType(np.dtype(helper.tensor_dtype_to_np_dtype(element)), tuple(sizes))


def _value(name: str) -> str:
    """Return the value of the program that a value of the graph serves."""
    return name.rpartition(":")[0] or name
