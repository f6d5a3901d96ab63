"""The memory and the time of one run, counted by hand."""

import numpy as np
import pytest
from onnx import shape_inference

from conversion.mlprogram.budget import Limits
from conversion.mlprogram.estimate import MATRIX_PER_SECOND, cost_at, cost_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.types import TensorType

FLOAT = np.dtype(np.float32)
THOUSAND = TensorType(FLOAT, (1000,))


def inferred(graph):
    return shape_inference.infer_shapes(graph.to_model())


def test_a_chain_holds_two_of_its_values_at_once():
    graph = Graph()
    x = graph.input("x", THOUSAND)
    for _ in range(5):
        x = graph.add("Relu", x)
    graph.output("y", Value(x.name, THOUSAND))
    cost = cost_of(inferred(graph))
    # The input, given and converted; two links of the chain; or the result, and its copy.
    assert cost.peak_bytes == (2 + 2) * 4000
    assert cost.exact


def test_values_that_are_used_later_stay():
    graph = Graph()
    x = graph.input("x", THOUSAND)
    made = [graph.add("Relu", x) for _ in range(5)]
    y = graph.add("Sum", *made)
    graph.output("y", Value(y.name, THOUSAND))
    assert cost_of(inferred(graph)).peak_bytes == (2 + 5 + 1) * 4000


def test_what_is_computed_of_constants_stays_from_the_start():
    graph = Graph()
    x = graph.input("x", THOUSAND)
    weight = graph.constant(np.ones(1000, np.float16))  # becomes float32 once, while loading
    for _ in range(3):
        x = graph.add("Mul", x, weight)
    graph.output("y", Value(x.name, THOUSAND))
    assert cost_of(inferred(graph)).peak_bytes == (2 + 1 + 2) * 4000


def test_a_product_of_matrices_takes_time_by_its_multiplications():
    graph = Graph()
    x = graph.input("x", TensorType(FLOAT, (2000, 3000)))
    y = graph.add("MatMul", x, graph.input("z", TensorType(FLOAT, (3000, 4000))))
    graph.output("y", Value(y.name, TensorType(FLOAT, (2000, 4000))))
    cost = cost_of(inferred(graph))
    assert cost.seconds == pytest.approx(2000 * 3000 * 4000 / MATRIX_PER_SECOND, rel=0.2)
    assert cost.clock(Limits()) is None  # no clock is needed
    assert cost.clock(Limits(seconds=0.5)) == 0.5


def test_sizes_that_a_run_gives_are_counted_as_those():
    graph = Graph()
    x = graph.input("x", TensorType(FLOAT, (None,)))
    y = graph.add("Relu", x)
    graph.output("y", Value(y.name, TensorType(FLOAT, (None,))))
    model = graph.to_model()
    assert not cost_of(shape_inference.infer_shapes(model)).exact
    cost = cost_at(model, {"x": (1000,)})
    assert (cost.peak_bytes, cost.exact) == ((2 + 2) * 4000, True)
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param  # left as it was


def test_whether_what_constants_decide_has_a_known_size_is_told():
    graph = Graph()
    x = graph.input("x", TensorType(FLOAT, (1,)))
    graph.add("Expand", x, graph.ints([3, 4]))
    graph.add("NonZero", x)  # of no known size, and no matter of constants
    assert cost_of(inferred(graph)).folds
    kept = graph.add("NonZero", graph.constant(np.ones(4, np.float32)))  # as many as are not 0
    graph.add("Mul", kept, kept)
    assert not cost_of(inferred(graph)).folds
