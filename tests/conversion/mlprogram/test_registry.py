"""The table of operations: one meaning for each name and opset."""

import numpy as np
import pytest

from conversion.errors import UnsupportedOps
from conversion.mlprogram.binding import read_parameters
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import OPSETS, is_supported, lookup, op


def test_registering_a_name_twice_for_one_opset_is_an_error():
    lookup("relu", "CoreML5")
    with pytest.raises(ValueError, match="'relu' is registered twice for CoreML5"):

        @op("relu")
        def relu(graph: Graph, *, x: Value) -> Value:
            return x


def test_a_later_opset_may_change_a_meaning():
    old = [lookup("reshape", opset).since for opset in OPSETS]
    assert old == ["CoreML5", "CoreML5", "CoreML7", "CoreML7", "CoreML7"]


def test_an_operation_unknown_to_the_runtime_is_not_supported():
    assert is_supported("conv", "CoreML5")
    assert not is_supported("teleport", "CoreML8")
    with pytest.raises(UnsupportedOps, match="'teleport' of CoreML8"):
        lookup("teleport", "CoreML8")


def test_registering_for_an_unknown_opset_is_an_error():
    with pytest.raises(ValueError, match="iOS15"):
        op("anything", since="iOS15")


def test_a_signature_is_read_as_a_schema():
    def example(graph: Graph, *, x: Value, alpha: float, axes: np.ndarray | None = None) -> Value:
        return x

    parameters = read_parameters(example)
    assert {name: p.required for name, p in parameters.items()} == {
        "x": True,
        "alpha": True,
        "axes": False,
    }


def test_a_parameter_that_is_no_mil_input_is_an_error():
    def example(graph: Graph, *, x: dict) -> Value: ...

    with pytest.raises(ValueError, match="parameter 'x' is not a MIL input"):
        read_parameters(example)
