"""What share of a quantized model's values is clipped, layer by layer, on given drawings.

In an ONNX model the floats before every QuantizeLinear are read: the share outside its range is
exact. A TFLite model has only integers: the share at the ends of their range is at least the share
that was clipped. Ends that a layer reaches by its nature do not count.
"""

from pathlib import Path

import numpy as np

from conversion.errors import ArtifactError
from conversion.export.drawings import Drawings
from conversion.export.feeds import feeds
from conversion.manifest import Manifest, read_manifest
from conversion.quantized.flatbuffer import Operation, operations

INTEGERS = ("INT8", "UINT8", "INT16")
# Zero is the end of ReLU's range, +-1 of tanh's; a cast makes pixels, which end at 0 and 255.
ENDS_BY_NATURE = ("RELU", "TANH", "CAST")


def saturation(artifact: Path, drawings: Drawings) -> dict[str, float]:
    """Return the share of values clipped in each quantized layer of a .tflite or .onnx, by name.

    drawings: held out. Empty for a model that computes in float.
    Raises ArtifactError.
    """
    manifest = read_manifest(artifact)
    if manifest.format == "tflite":
        return _tflite(artifact, manifest, drawings)
    if manifest.format == "onnx":
        return _onnx(artifact, manifest, drawings)
    raise ArtifactError(f"{artifact}: expected a .tflite or .onnx, received {manifest.format}.")


def share_beyond(value: np.ndarray, *, scale: float, zero: int, dtype: np.dtype) -> float:
    """Return the share of values that quantize to a code beyond those of an integer type.

    zero: the code of 0. Where that is an end, what lies beyond it is what a ReLU cuts off.
    """
    codes = np.round(value / scale) + zero
    ends = np.iinfo(dtype)
    low, high = (codes < ends.min) & (zero > ends.min), (codes > ends.max) & (zero < ends.max)
    return float(np.mean(low | high))


def share_at_ends(codes: np.ndarray, *, zero: int = 0) -> float:
    """Return the share of codes at either end of their type; int16 is symmetric in TFLite.

    zero: the code of 0. Where that is an end, nothing lies beyond it: a square's, a fused ReLU's.
    """
    ends = np.iinfo(codes.dtype)
    first = -ends.max if codes.dtype == np.int16 else ends.min
    low, high = (codes <= first) & (zero > first), (codes >= ends.max) & (zero < ends.max)
    return float(np.mean(low | high))


def _tflite(artifact: Path, manifest: Manifest, drawings: Drawings) -> dict[str, float]:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    # Without delegates, which compute elsewhere and leave no intermediate values.
    interpreter = Interpreter(
        model_path=str(artifact),
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    run = interpreter.get_signature_runner()
    layers = _cut_off_layers(operations(artifact.read_bytes()))
    zeros = {
        detail["index"]: int(detail["quantization_parameters"]["zero_points"][0])
        for detail in interpreter.get_tensor_details()
        if detail["index"] in layers
    }
    shares: dict[str, float] = dict.fromkeys(layers.values(), 0.0)
    for lineart, hints in drawings:
        run(**feeds(manifest.interface, lineart, hints))
        for index, name in layers.items():
            cut_off = share_at_ends(interpreter.get_tensor(index), zero=zeros[index])
            shares[name] += cut_off / len(drawings)
    return shares


def _cut_off_layers(made: list[Operation]) -> dict[int, str]:
    """Return {tensor: name} of what an operation makes in integers, without ends by nature."""
    before_tanh = {index for o in made if o.name == "TANH" for index in o.inputs}
    for operation in made:
        if operation.name == "DEQUANTIZE" and operation.output.index in before_tanh:
            before_tanh |= set(operation.inputs)
    return {
        o.output.index: o.output.name
        for o in made
        if o.output.dtype in INTEGERS
        and o.name not in ENDS_BY_NATURE
        and o.output.index not in before_tanh
    }


def _onnx(artifact: Path, manifest: Manifest, drawings: Drawings) -> dict[str, float]:
    import onnx
    import onnxruntime

    model = onnx.load(artifact)
    constants = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    before_tanh = {o for n in model.graph.node if n.op_type == "Tanh" for o in n.input}
    undone = {n.input[0]: n.output[0] for n in model.graph.node if n.op_type == "DequantizeLinear"}
    quantizers = {
        n.input[0]: (constants[n.input[1]], constants[n.input[2]])
        for n in model.graph.node
        if n.op_type == "QuantizeLinear" and undone.get(n.output[0]) not in before_tanh
    }
    if not quantizers:
        return {}
    known = {port.name for port in [*model.graph.input, *model.graph.output]}
    model.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        for name in quantizers
        if name not in known
    )
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    given = {port.name for port in manifest.interface.inputs}
    names = [name for name in quantizers if name not in given]
    shares = dict.fromkeys(names, 0.0)
    for lineart, hints in drawings:
        values = session.run(names, feeds(manifest.interface, lineart, hints))
        for name, value in zip(names, values, strict=True):
            scale, zero = quantizers[name]
            share = share_beyond(value, scale=float(scale), zero=int(zero), dtype=zero.dtype)
            shares[name] += share / len(drawings)
    return shares
