"""Nodes of ONNX that hold graphs of their own: the branches of If and the body of Loop."""

from collections.abc import Iterator

import onnx


def graphs_of(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    """Yield the graphs that a node holds."""
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g


def uses(node: onnx.NodeProto) -> Iterator[str]:
    """Yield the names that a node and its nested graphs take from outside."""
    yield from (name for name in node.input if name)
    for graph in graphs_of(node):
        inside = {info.name for info in graph.input}
        for inner in graph.node:
            yield from (name for name in uses(inner) if name not in inside)
            inside.update(inner.output)


def infos_of(graph: onnx.GraphProto) -> Iterator[onnx.ValueInfoProto]:
    """Yield the types of all values that nodes make, nested ones included."""
    yield from graph.value_info
    for node in graph.node:
        for inner in graphs_of(node):
            yield from infos_of(inner)
