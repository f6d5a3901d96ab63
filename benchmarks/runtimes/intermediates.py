"""What an exported model computes on the way: every named picture of features of one run.

Quantized values are turned back into the numbers that they stand for, here and nowhere else.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from conversion.export.feeds import feeds
from conversion.manifest import Manifest
from conversion.recipes import Format

Pictures = dict[str, np.ndarray]  # what `feeds` makes of a drawing and its hints
# Name of a value in the file, and the value.
Named = tuple[str, np.ndarray]
# How a format lays out pictures of features, the likelier first: tf2onnx moves some back.
LAYOUTS: dict[Format, tuple[str, ...]] = {
    "coreml": ("NCHW",),
    "tflite": ("NHWC",),
    "onnx": ("NCHW", "NHWC"),
    "coreai": ("NCHW", "NHWC"),
}


def intermediates(
    artifact: Path, manifest: Manifest, lineart: np.ndarray, hints: np.ndarray | None = None
) -> Iterator[Named]:
    """Run one drawing and its hints, and yield (name, value) in the order of the file.

    lineart: (H, W) uint8; hints: (H, W, 4) uint8 RGBA, for a model that takes any. Values of four
    axes and batch 1 alone, as float32, in one of the format's LAYOUTS.
    """
    run: dict[Format, Callable[[Path, Pictures], Iterator[Named]]] = {
        "coreml": _of_mlprogram,
        "tflite": _of_tflite,
        "onnx": _of_onnx,
        "coreai": _of_coreai,
    }
    return run[manifest.format](
        artifact, feeds(manifest.interface_at(lineart.shape), lineart, hints)
    )


def _of_mlprogram(artifact: Path, given: Pictures) -> Iterator[Named]:
    """Through our runtime, on a Mac too: Core ML keeps what it computes on the way to itself."""
    from conversion.mlprogram.listing import list_program
    from conversion.mlprogram.model import load

    listing = list_program(artifact)
    names = [row.output for row in listing.rows if row.output not in listing.interface.outputs]
    model = load(artifact, outputs=names)
    values = model.predict(given)
    yield from _pictures((name, values[name]) for name in names)


def _of_onnx(artifact: Path, given: Pictures) -> Iterator[Named]:
    import onnx
    import onnxruntime

    model = onnx.load(artifact)
    described = {output.name for output in model.graph.output}
    names = [name for node in model.graph.node for name in node.output if name not in described]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    values = session.run(names, given)
    yield from _pictures(zip(names, values, strict=True))


def _of_tflite(artifact: Path, given: Pictures) -> Iterator[Named]:
    """Without delegates, which keep what they compute to themselves."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_path=str(artifact),
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    interpreter.get_signature_runner()(**given)
    for detail in interpreter.get_tensor_details():
        try:
            stored = interpreter.get_tensor(detail["index"])
        except ValueError:  # a tensor that this run does not fill
            continue
        scales = detail["quantization_parameters"]["scales"]
        if scales.size == 1:
            zero = detail["quantization_parameters"]["zero_points"].astype(np.float32)
            yield from _pictures([(detail["name"], (stored - zero) * scales)])
        elif scales.size == 0:
            yield from _pictures([(detail["name"], stored)])


def _of_coreai(_artifact: Path, _given: Pictures) -> Iterator[Named]:
    """Nothing: an asset keeps no names, and its runtime no values by any other than its own ids."""
    yield from ()


def _pictures(values: Iterable[Named]) -> Iterator[Named]:
    for name, value in values:
        if value.ndim == 4 and value.shape[0] == 1 and np.issubdtype(value.dtype, np.number):
            yield name, value.astype(np.float32)
