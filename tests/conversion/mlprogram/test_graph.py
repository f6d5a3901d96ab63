"""How ONNX graphs are built: names, constants and the two forms of a model."""

import numpy as np
import onnx

from conversion.mlprogram.graph import EXTERNAL_BYTES, Graph
from conversion.mlprogram.types import TensorType

VECTOR = TensorType(np.dtype(np.float32), (3,))


def test_a_constant_used_twice_is_stored_once():
    graph = Graph()
    x, two = graph.input("x", VECTOR), graph.constant(np.full(3, 2, np.float32))
    graph.add("Mul", graph.add("Mul", x, two), two)
    assert len(graph.to_model().graph.initializer) == 1


def test_a_constant_that_no_node_uses_is_not_stored():
    graph = Graph()
    graph.constant(np.zeros(1000, np.float32))
    assert len(graph.to_model().graph.initializer) == 0


def test_nodes_are_named_after_the_value_they_serve_and_never_alike():
    graph = Graph()
    graph.reserve(["y"])
    x = graph.input("x", VECTOR)
    graph.scope = "y"
    names = [graph.add("Relu", x).name for _ in range(3)]
    assert names == ["y:Relu", "y:Relu_2", "y:Relu_3"]


def test_large_constants_are_handed_over_without_a_copy():
    graph = Graph()
    x = graph.input("x", VECTOR)
    large = np.ones((EXTERNAL_BYTES // 4, 3), np.float32)
    graph.add("Add", graph.add("Add", x, graph.constant(large)), graph.scalar(1))
    model, constants = graph.to_model_and_constants()
    ((name, data),) = constants.items()
    assert np.shares_memory(data, large)
    stored = {t.name: t.data_location for t in model.graph.initializer}
    assert stored.pop(name) == onnx.TensorProto.EXTERNAL
    assert list(stored.values()) == [onnx.TensorProto.DEFAULT]


def test_float16_constants_stay_float16_in_the_file():
    graph = Graph()
    x = graph.input("x", VECTOR)
    graph.add("Mul", x, graph.constant(np.ones(3, np.float16)))
    (stored,) = graph.to_model().graph.initializer
    assert stored.data_type == onnx.TensorProto.FLOAT16
