"""The cost of a TFLite model, from its flatbuffer."""

import math
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.costs.layers import Cost, Layer, precision_of
from benchmarks.costs.open_size import closed
from conversion.errors import ArtifactError
from conversion.runtimes.asked import AskedProcess, answer_all
from training.settings.sizes import Size

# Positions of (data, weight, bias) among the inputs; the rest are shapes.
WEIGHTS = {
    "CONV_2D": (0, 1, 2),
    "DEPTHWISE_CONV_2D": (0, 1, 2),
    "TRANSPOSE_CONV": (2, 1, 3),
    "FULLY_CONNECTED": (0, 1, 2),
}
BITS = {"FLOAT32": 32, "FLOAT16": 16, "INT32": 32, "INT64": 64, "INT16": 16, "BOOL": 8}
BITS |= {"INT8": 8, "UINT8": 8, "INT4": 4}
DTYPES = {"FLOAT32": "float32", "FLOAT16": "float16", "INT16": "int16"}
SIZES = ("INT32", "INT64", "BOOL")  # constants of these types are shapes and axes, unless a bias
IDENTIFIER = b"TFL3"  # at byte 4 of the file


@dataclass(frozen=True)
class _Tensor:
    name: str
    shape: tuple[int, ...]
    type: str
    constant: bool
    stored_type: str  # of the numbers in the file

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        return math.ceil(self.size * BITS[self.type] / 8)

    @property
    def stored_bytes(self) -> int:
        return math.ceil(self.size * BITS[self.stored_type] / 8)


def read_cost(path: Path, *, size: Size | None = None) -> Cost:
    """Read a .tflite of one subgraph. Raises ArtifactError for another file.

    size: of open height and width; see `closed`.
    """
    from ai_edge_litert import schema_py_generated as schema

    file = path.read_bytes()
    if file[4:8] != IDENTIFIER:
        raise ArtifactError(
            f"{path} is not a TFLite model: expected {IDENTIFIER!r} at its fifth byte, received "
            f"{file[4:8]!r}. Export it again with --overwrite."
        )
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(file, 0))
    (graph,) = model.subgraphs
    _close(graph, path, size=size)
    tensors = _tensors(graph, model, schema)
    names = {v: k for k, v in vars(schema.BuiltinOperator).items() if isinstance(v, int)}
    layers: list[Layer] = []
    macs_by_type: Counter[str] = Counter()
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        kind = names[max(code.builtinCode, code.deprecatedBuiltinCode)]
        inputs = [tensors[n] if n >= 0 else None for n in operator.inputs]
        used = [tensor for tensor in inputs if tensor is not None]
        if all(tensor.constant for tensor in used):  # computed of constants: a constant
            source = used[0]
            for n in operator.outputs:
                made = tensors[n]
                tensors[n] = _Tensor(made.name, made.shape, made.type, True, source.stored_type)
            continue
        data = [tensor for tensor in used if not tensor.constant]
        outputs = [tensors[n] for n in operator.outputs]
        macs, weights = _macs(kind, inputs, outputs), _weights(kind, inputs)
        layers.append(
            Layer(
                name=outputs[0].name,
                kind=kind,
                output=f"{outputs[0].type.lower()}[{', '.join(map(str, outputs[0].shape))}]",
                macs=macs,
                parameters=sum(tensor.size for tensor in weights),
                weight_bytes=sum(tensor.stored_bytes for tensor in weights),
                read_bytes=sum(tensor.bytes for tensor in data),
                written_bytes=sum(tensor.bytes for tensor in outputs),
                largest_axis=max((n for t in (*data, *outputs) for n in t.shape), default=0),
                strides=_strides(operator.builtinOptions),
                mode=_padding_mode(kind, operator.builtinOptions),
            )
        )
        if macs:
            macs_by_type[DTYPES.get(outputs[0].type, "int8")] += macs
    return Cost(
        artifact=str(path),
        format="tflite",
        precision=precision_of(macs_by_type),
        layers=tuple(layers),
    )


def _close(graph: Any, path: Path, *, size: Size | None) -> None:
    """Give every tensor the shape that it has once the open axes of the inputs are filled."""
    inputs = {_name(graph.tensors[n]): n for n in graph.inputs}
    shapes = {name: _signature(graph.tensors[n]) for name, n in inputs.items()}
    if all(None not in shape for shape in shapes.values()) and size is None:
        return
    filled = {inputs[name]: shape for name, shape in closed(path, shapes, size=size).items()}
    process = AskedProcess(
        _serve,
        ended=lambda how: ArtifactError(f"{path}: reading it {how}. Export it again."),
    )
    try:
        for n, shape in process.ask(path, filled).items():
            if n < len(graph.tensors):  # the interpreter has some of its own behind them
                graph.tensors[n].shape = shape
    finally:
        process.close()


def _serve(connection: Connection) -> None:
    answer_all(connection, _shapes)


def _shapes(path: Path, filled: dict[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Return the shape of each tensor, by its place, as LiteRT finds them while it runs."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_path=str(path),
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    for n, shape in filled.items():
        interpreter.resize_tensor_input(n, shape)
    interpreter.allocate_tensors()
    for n, shape in filled.items():
        dtype = interpreter._get_tensor_details(n, 0)["dtype"]
        interpreter.set_tensor(n, np.zeros(shape, dtype))
    interpreter.invoke()
    return {
        detail["index"]: tuple(int(length) for length in detail["shape"])
        for detail in interpreter.get_tensor_details()
    }


def _signature(tensor: Any) -> list[int | None]:
    """Return the shape of a tensor, None for an axis that is open, which its own shape has as 1."""
    shape = tensor.shape if tensor.shapeSignature is None else tensor.shapeSignature
    return [None if length < 0 else int(length) for length in (() if shape is None else shape)]


def _name(tensor: Any) -> str:
    name: bytes | str = tensor.name
    return name.decode() if isinstance(name, bytes) else name


def _tensors(graph: Any, model: Any, schema: Any) -> list[_Tensor]:
    types = {v: k for k, v in vars(schema.TensorType).items() if isinstance(v, int)}
    tensors = []
    for tensor in graph.tensors:
        buffer = model.buffers[tensor.buffer]
        held = (buffer.data is not None and len(buffer.data) > 0) or bool(buffer.size)
        kind = types[tensor.type]
        if kind not in BITS:
            raise ArtifactError(
                f"tensor {tensor.name!r}: expected one of {', '.join(BITS)}, received {kind}."
            )
        shape = () if tensor.shape is None else tuple(int(n) for n in tensor.shape)
        tensors.append(_Tensor(_name(tensor), shape, kind, held, kind))
    return tensors


def _weights(kind: str, inputs: list[_Tensor | None]) -> list[_Tensor]:
    positions = WEIGHTS.get(kind)
    found = []
    for position, tensor in enumerate(inputs):
        if tensor is None or not tensor.constant:
            continue
        if (positions and position in positions[1:]) or (
            positions is None and tensor.type not in SIZES
        ):
            found.append(tensor)
    return found


def _macs(kind: str, inputs: list[_Tensor | None], outputs: list[_Tensor]) -> int:
    if kind == "BATCH_MATMUL":
        first = inputs[0]
        return outputs[0].size * first.shape[-1] if first else 0
    if kind not in WEIGHTS:
        return 0
    data, weight = (inputs[position] for position in WEIGHTS[kind][:2])
    if data is None or weight is None:
        return 0
    if kind == "TRANSPOSE_CONV":  # weight (C_out, K, K, C_in)
        return data.size * weight.size // weight.shape[-1]
    if kind == "DEPTHWISE_CONV_2D":  # weight (1, K, K, C_out)
        return outputs[0].size * weight.size // weight.shape[-1]
    return outputs[0].size * weight.size // weight.shape[0]  # weight (C_out, ..., C_in)


def _strides(options: Any) -> tuple[int, ...]:
    strides = (getattr(options, name, None) for name in ("strideH", "strideW"))
    return tuple(int(stride) for stride in strides if stride is not None)


def _padding_mode(kind: str, options: Any) -> str:
    if kind != "MIRROR_PAD":
        return ""
    return "reflect" if options.mode == 0 else "symmetric"
