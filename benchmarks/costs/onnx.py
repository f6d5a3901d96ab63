"""The cost of an ONNX model, from its nodes and the shapes that ONNX infers."""

import copy
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.costs.layers import Cost, Layer, precision_of
from benchmarks.costs.open_size import closed
from conversion.errors import ArtifactError
from training.settings.sizes import Size

# Which input is the weight, and which the bias; the rest of the inputs of a layer is data.
WEIGHTS = {
    "Conv": (1, 2),
    "ConvTranspose": (1, 2),
    "Gemm": (1, 2),
    "MatMul": (1, None),
    "ConvInteger": (1, None),
    "MatMulInteger": (1, None),
    "QLinearConv": (3, 8),
    "QLinearMatMul": (3, None),
}
INTEGER = ("ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul")
SIZES = ("int32", "int64", "bool")  # constants of these types are shapes and axes, unless a bias


@dataclass(frozen=True)
class _Constant:
    """Numbers that the file holds, however it stores them."""

    size: int
    bytes: int
    dtype: str


def read_cost(path: Path, *, size: Size | None = None) -> Cost:
    """Read an .onnx. size: of open height and width; see `closed`.

    Raises ArtifactError where a shape is not known then.
    """
    import onnx

    model = onnx.load(path)
    _close(model, path, size=size)
    graph = onnx.shape_inference.infer_shapes(model).graph
    constants = {t.name: _constant(t) for t in graph.initializer}
    types = {
        info.name: info.type.tensor_type
        for info in (*graph.value_info, *graph.input, *graph.output)
    }
    produced: dict[str, str] = {}
    layers: list[Layer] = []
    macs_by_type: Counter[str] = Counter()
    for node in graph.node:
        produced |= dict.fromkeys(node.output, node.op_type)
        inputs = [name for name in node.input if name]
        if all(name in constants for name in inputs):  # computed of constants: a constant
            constants |= dict.fromkeys(node.output, _derived(node, constants))
            continue
        data = [name for name in inputs if name not in constants]
        shapes = [_shape(path, types, name) for name in (*data, *filter(None, node.output))]
        weights = _weights(node, constants)
        macs = _macs(node, types, constants, path)
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        written = [name for name in node.output if name]
        layers.append(
            Layer(
                name=node.name or node.output[0],
                kind=node.op_type,
                output=_described(types[written[0]], shapes[len(data)]),
                macs=macs,
                parameters=sum(constant.size for constant in weights),
                weight_bytes=sum(constant.bytes for constant in weights),
                read_bytes=sum(_bytes(types[name], _shape(path, types, name)) for name in data),
                written_bytes=sum(
                    _bytes(types[name], _shape(path, types, name)) for name in written
                ),
                largest_axis=max((size for shape in shapes for size in shape), default=0),
                strides=tuple(attributes.get("strides", ())),
                mode=_text(attributes.get("mode", b"")),
            )
        )
        if macs:
            quantized = node.op_type in INTEGER or produced.get(node.input[0]) == "DequantizeLinear"
            macs_by_type["int8" if quantized else _dtype(types[written[0]])] += macs
    return Cost(
        artifact=str(path),
        format="onnx",
        precision=precision_of(macs_by_type),
        layers=tuple(layers),
    )


def _close(model: Any, path: Path, *, size: Size | None) -> None:
    """Fill the open axes of the inputs, and give all else the shapes that it has then."""
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    inputs = {each.name: each for each in graph.input if each.name not in constants}
    shapes = {
        name: [d.dim_value if d.HasField("dim_value") else None for d in _axes(info)]
        for name, info in inputs.items()
    }
    if all(None not in shape for shape in shapes.values()) and size is None:
        return
    for name, shape in closed(path, shapes, size=size).items():
        for axis, length in zip(_axes(inputs[name]), shape, strict=True):
            axis.dim_value = length
    _run(model)


def _run(model: Any) -> None:
    """Write into a model the shapes of its values as ONNX Runtime finds them while it runs.

    ONNX infers none that depend on what is computed, as where a net is padded to its input.
    """
    import onnx
    import onnxruntime

    graph = model.graph
    for info in graph.output:
        info.type.tensor_type.ClearField("shape")
    names = [name for node in graph.node for name in node.output if name]
    outputs = {output.name: output for output in graph.output}
    tapped = copy.deepcopy(model)
    del tapped.graph.value_info[:]
    tapped.graph.output.extend(
        onnx.helper.make_empty_tensor_value_info(name) for name in names if name not in outputs
    )
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        tapped.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    types = {info.name: info.type.tensor_type.elem_type for info in graph.input}
    given = {
        each.name: np.zeros(each.shape, onnx.helper.tensor_dtype_to_np_dtype(types[each.name]))
        for each in session.get_inputs()
    }
    found = dict(zip(names, session.run(names, given), strict=True))
    del graph.value_info[:]
    for name, value in found.items():
        described = onnx.helper.make_tensor_value_info(
            name, onnx.helper.np_dtype_to_tensor_dtype(value.dtype), value.shape
        )
        if name in outputs:
            outputs[name].CopyFrom(described)
        else:
            graph.value_info.append(described)


def _axes(info: Any) -> Any:
    return info.type.tensor_type.shape.dim


def _constant(tensor: Any) -> _Constant:
    size = math.prod(tensor.dims)
    return _Constant(size, math.ceil(size * _bits(tensor.data_type) / 8), _name(tensor.data_type))


def _derived(node: Any, constants: dict[str, _Constant]) -> _Constant:
    """Return what a node makes of constants: it stands in the file as they do."""
    import onnx

    sources = [constants[name] for name in node.input if name]
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.TENSOR:
            sources.append(_constant(attribute.t))
    if not sources:
        return _Constant(0, 0, "int64")  # a Constant of a scalar
    largest = max(sources, key=lambda source: source.size)
    real = node.op_type in ("DequantizeLinear", "Cast")
    dtype = "float32" if real else largest.dtype
    return _Constant(largest.size, sum(source.bytes for source in sources), dtype)


def _weights(node: Any, constants: dict[str, _Constant]) -> list[_Constant]:
    """Return the weights and biases among the constants of a node, and no shapes or scales."""
    positions = WEIGHTS.get(node.op_type)
    found = []
    for position, name in enumerate(node.input):
        constant = constants.get(name)
        if constant is None or (positions and position not in positions):
            continue
        is_bias = positions is not None and position == positions[1]
        if is_bias or (constant.dtype not in SIZES and node.op_type != "QuantizeLinear"):
            found.append(constant)
    return [] if node.op_type == "DequantizeLinear" else found


def _macs(node: Any, types: Any, constants: dict[str, _Constant], path: Path) -> int:
    if node.op_type not in WEIGHTS:
        return 0
    output = math.prod(_shape(path, types, node.output[0]))
    weight = constants.get(node.input[WEIGHTS[node.op_type][0]])
    if node.op_type == "ConvTranspose" and weight is not None:
        x = _shape(path, types, node.input[0])
        return math.prod(x) * weight.size // x[1]
    if "Conv" in node.op_type and weight is not None:
        return output * weight.size // _shape(path, types, node.output[0])[1]
    return output * _shape(path, types, node.input[0])[-1]


def _shape(path: Path, types: Any, name: str) -> tuple[int, ...]:
    if name not in types or any(not d.HasField("dim_value") for d in types[name].shape.dim):
        raise ArtifactError(
            f"{path}: the shape of {name!r} depends on the picture, so its cost is unknown. "
            "Export the model with fixed shapes."
        )
    return tuple(dimension.dim_value for dimension in types[name].shape.dim)


def _described(tensor: Any, shape: tuple[int, ...]) -> str:
    return f"{_dtype(tensor)}[{', '.join(map(str, shape))}]"


def _bytes(tensor: Any, shape: tuple[int, ...]) -> int:
    return math.ceil(math.prod(shape) * _bits(tensor.elem_type) / 8)


def _dtype(tensor: Any) -> str:
    return _name(tensor.elem_type)


def _name(data_type: int) -> str:
    """Return NumPy's name of an element type, but for those that NumPy lacks."""
    import onnx

    name = onnx.TensorProto.DataType.Name(data_type).lower()
    return "float32" if name == "float" else name


def _bits(data_type: int) -> int:
    import onnx

    if data_type in (onnx.TensorProto.INT4, onnx.TensorProto.UINT4):
        return 4
    return 8 * onnx.helper.tensor_dtype_to_np_dtype(data_type).itemsize


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else ""
