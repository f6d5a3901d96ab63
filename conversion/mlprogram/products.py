"""Products with compressed weights, which ONNX Runtime computes on 8-bit activations by itself.

It turns DequantizeLinear and the MatMul or Gemm behind it into one MatMulNBits, whose activations
are rounded to 8 bits unless the session says session.qdq_matmulnbits_accuracy_level = 1 (ONNX
Runtime 1.32, where the default is 4): 0.5 % of the result. Weights that are spelled as a difference
and a product it computes when it loads the model, and leaves the rest alone.
"""

from collections.abc import Iterator

import numpy as np
import onnx
from onnx import helper, numpy_helper

from conversion.errors import InvalidProgram

PRODUCTS = ("MatMul", "Gemm")


def rounded_products(model: onnx.ModelProto) -> list[str]:
    """Return the names of the weights that are dequantized for a float32 product alone."""
    return [node.output[0] for node in _dequantized_for_products(model)]


def with_float_activations(model: onnx.ModelProto) -> None:
    """Spell such weights, in place, as (stored - zero point) * scale."""
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in list(_dequantized_for_products(model)):
        place = list(model.graph.node).index(node)
        plain = list(_plain(node, held, model.graph))
        model.graph.node.remove(node)
        for n, each in enumerate(plain):
            model.graph.node.insert(place + n, each)


def _dequantized_for_products(model: onnx.ModelProto) -> Iterator[onnx.NodeProto]:
    held = {tensor.name for tensor in model.graph.initializer}
    readers: dict[str, list[str]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node.op_type)
    for node in model.graph.node:
        stored = node.op_type == "DequantizeLinear" and set(node.input) <= held
        read_by = readers.get(node.output[0], []) if stored else []
        if read_by and set(read_by) <= set(PRODUCTS):
            yield node


def _plain(
    node: onnx.NodeProto, held: dict[str, onnx.TensorProto], graph: onnx.GraphProto
) -> Iterator[onnx.NodeProto]:
    """Yield the nodes that compute what a DequantizeLinear of constants does."""
    (name,) = node.output
    stored, scale, *zero = node.input
    sizes, attributes = list(held[stored].dims), {a.name: a.i for a in node.attribute}
    axis, block = attributes.get("axis", 1), attributes.get("block_size", 0)
    numbers = numpy_helper.to_array(held[scale])
    along = [size if n == axis and numbers.ndim else 1 for n, size in enumerate(sizes)]
    apart = sizes
    if block:  # the axis becomes two, of which the second holds a block
        apart = [*sizes[:axis], sizes[axis] // block, block, *sizes[axis + 1 :]]
        along = [*apart[: axis + 1], 1, *apart[axis + 2 :]]
    elif numbers.ndim and numbers.shape != (sizes[axis],):
        raise InvalidProgram(f"weights {name!r}: expected a scale for each of {sizes[axis]}")

    def constant(suffix: str, value: np.ndarray) -> str:
        graph.initializer.append(numpy_helper.from_array(value, f"{name}:{suffix}"))
        return f"{name}:{suffix}"

    def made(kind: str, inputs: list[str], output: str, **more: int) -> onnx.NodeProto:
        return helper.make_node(kind, inputs, [output], name=output, **more)

    last = f"{name}:float"
    yield made("Cast", [stored], last, to=onnx.TensorProto.FLOAT)
    if block:
        yield made(
            "Reshape", [last, constant("apart", np.array(apart, np.int64))], f"{name}:blocks"
        )
        last = f"{name}:blocks"
    if zero:
        zeros = numpy_helper.to_array(held[zero[0]]).astype(np.float32).reshape(along)
        if zeros.any():
            yield made("Sub", [last, constant("zero", zeros)], f"{name}:shifted")
            last = f"{name}:shifted"
    scales = constant("scales", numbers.astype(np.float32).reshape(along))
    if not block:
        yield made("Mul", [last, scales], name)
        return
    yield made("Mul", [last, scales], f"{name}:scaled")
    yield made("Reshape", [f"{name}:scaled", constant("joined", np.array(sizes, np.int64))], name)
