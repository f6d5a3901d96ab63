"""Read the operations of a TFLite flatbuffer and their types, and mend what a quantizer makes."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from conversion.errors import ConversionError


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """What an operation makes."""

    name: str
    index: int  # in its graph
    shape: tuple[int, ...]
    dtype: str  # FLOAT32, INT8, UINT8, INT16, ...


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of a model."""

    name: str  # CONV_2D; of one that is not builtin, its own: FlexErf
    builtin: bool
    inputs: tuple[int, ...]  # indices of tensors
    output: Tensor  # its first


def operations(model: bytes) -> list[Operation]:
    """Return every operation of a .tflite, in the order in which they run."""
    from ai_edge_litert import schema_py_generated as schema

    names = {code: name for name, code in vars(schema.BuiltinOperator).items() if name.isupper()}
    dtypes = {code: name for name, code in vars(schema.TensorType).items() if name.isupper()}
    parsed = _parsed(model)
    found = []
    for graph in parsed.subgraphs:
        for operator in graph.operators:
            opcode, code = parsed.operatorCodes[operator.opcodeIndex], _code(parsed, operator)
            builtin = code != schema.BuiltinOperator.CUSTOM
            made = graph.tensors[operator.outputs[0]]
            found.append(
                Operation(
                    name=names[code] if builtin else opcode.customCode.decode(),
                    builtin=builtin,
                    inputs=tuple(int(n) for n in operator.inputs),
                    output=Tensor(
                        name=made.name.decode(),
                        index=int(operator.outputs[0]),
                        shape=() if made.shape is None else tuple(int(n) for n in made.shape),
                        dtype=dtypes[made.type],
                    ),
                )
            )
    return found


def narrowed(calibrated: bytes, *, before: str, limit: float) -> bytes:
    """Return a calibrated model in which what an operation reads is kept within -limit to limit.

    before: a builtin operation that changes no more beyond: TANH. The calibrated range of its input
    loses what lies outside, and eight bits then divide a smaller range.
    """
    from ai_edge_litert import schema_py_generated as schema

    parsed = _parsed(calibrated)
    wanted = getattr(schema.BuiltinOperator, before)
    for graph in parsed.subgraphs:
        for operator in graph.operators:
            if _code(parsed, operator) == wanted:
                found = graph.tensors[operator.inputs[0]].quantization
                found.min = [max(float(low), -limit) for low in found.min]
                found.max = [min(float(high), limit) for high in found.max]
    return _packed(parsed)


def without_round_trips(model: bytes) -> bytes:
    """Return a model in which no float is quantized only to be dequantized again.

    TFLite's quantizer leaves such chains before operations that it was told to keep in float, where
    two of them want another range: values outside the second are cut off.
    """
    from ai_edge_litert import schema_py_generated as schema

    parsed = _parsed(model)

    def is_a(operator: Any, name: str) -> bool:
        return _code(parsed, operator) == getattr(schema.BuiltinOperator, name)

    for graph in parsed.subgraphs:
        made_of = {o.outputs[0]: o.inputs[0] for o in graph.operators if is_a(o, "QUANTIZE")}
        floats = {}
        for operator in graph.operators:
            if is_a(operator, "DEQUANTIZE"):
                origin = operator.inputs[0]
                while origin in made_of:
                    origin = made_of[origin]
                if graph.tensors[origin].type == schema.TensorType.FLOAT32:
                    floats[operator.outputs[0]] = origin
        for operator in graph.operators:
            operator.inputs = [floats.get(tensor, tensor) for tensor in operator.inputs]
        left = None
        while left != len(graph.operators):
            left = len(graph.operators)
            read = {tensor for o in graph.operators for tensor in o.inputs} | set(graph.outputs)
            graph.operators = [
                o
                for o in graph.operators
                if o.outputs[0] in read or not (is_a(o, "QUANTIZE") or is_a(o, "DEQUANTIZE"))
            ]
    return _packed(parsed)


def _parsed(model: bytes) -> Any:
    from ai_edge_litert import schema_py_generated as schema

    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))


def _code(parsed: Any, operator: Any) -> int:
    """Return which builtin operation an operator is."""
    opcode = parsed.operatorCodes[operator.opcodeIndex]
    # Codes below 127 stand in the older field too, and only there in old files.
    return max(int(opcode.builtinCode), int(opcode.deprecatedBuiltinCode))


def _packed(parsed: Any) -> bytes:
    import flatbuffers

    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(parsed.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def require_builtin(model: bytes) -> None:
    """Raise ConversionError if a phone's plain TFLite runtime would lack an operation."""
    foreign = Counter(o.name for o in operations(model) if not o.builtin)
    if foreign:
        listed = ", ".join(f"{name} (x{count})" for name, count in sorted(foreign.items()))
        raise ConversionError(
            f"expected a TFLite model of builtin operations alone, received {listed}. Spell them "
            "in the network with operations that TFLite has."
        )
