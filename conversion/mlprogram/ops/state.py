"""Tensors that outlive a run. MIL: iOS18 states; coreml_update_state is a write and a read."""

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("read_state", since="CoreML8", exact=True)
def read_state(graph: Graph, *, input: Value) -> Value:
    """Return the value that the state has at this point of the program."""
    return graph.read_state(input)


@op("write_state", since="CoreML8", exact=True)
def write_state(graph: Graph, *, input: Value, data: Value) -> tuple[Value, ...]:
    """Give the state a new value; returns nothing."""
    graph.write_state(input, data)
    return ()
