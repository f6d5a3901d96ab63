"""What the convolutions of an ONNX model are given on drawings: which inputs go together.

A moment is the mean over all positions of all drawings of x xT, x being the inputs of one position
in the order of an output channel's weights.
"""

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import helper

from training.terminal.progress import Progress


def moments(
    model: Any, samples: Collection[Mapping[str, np.ndarray]], weights: Iterable[str]
) -> dict[str, np.ndarray]:
    """Return the moment, (K, K) float64, of each convolution that has one of these weights.

    model: of plain ONNX. samples: what it takes of each drawing. weights: names of initializers, of
    convolutions that are not grouped.
    """
    import onnxruntime

    nodes = {node.input[1]: node for node in model.graph.node if node.op_type == "Conv"}
    wanted = {name: nodes[name] for name in weights}
    shapes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    given = sorted({node.input[0] for node in wanted.values()})
    tapped = copy.deepcopy(model)
    del tapped.graph.output[:]  # what comes after the last convolution need not be computed
    tapped.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in given)
    session = onnxruntime.InferenceSession(
        tapped.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    taken = {port.name for port in session.get_inputs()}
    sums: dict[str, Any] = dict.fromkeys(wanted, 0.0)
    positions = dict.fromkeys(wanted, 0)
    with Progress("inputs of layers", total=len(samples), unit="drawings") as progress:
        for sample in samples:
            feeds = {name: value for name, value in sample.items() if name in taken}
            values = dict(zip(given, session.run(given, feeds), strict=True))
            for name, node in wanted.items():
                columns = _columns(values[node.input[0]], node, kernel=shapes[name][2:])
                sums[name] = sums[name] + (columns.T @ columns).astype(np.float64)
                positions[name] += len(columns)
            progress.advance()
    return {name: sums[name] / positions[name] for name in wanted}


def _columns(value: np.ndarray, node: Any, *, kernel: tuple[int, ...]) -> np.ndarray:
    """Return what each position of a convolution sees, (positions, C x KH x KW).

    value: (1, C, H, W).
    """
    attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    strides = attributes.get("strides", [1, 1])
    steps = attributes.get("dilations", [1, 1])
    spans = [(size - 1) * step + 1 for size, step in zip(kernel, steps, strict=True)]
    if attributes.get("auto_pad", b"NOTSET") in (b"SAME_UPPER", b"SAME_LOWER"):
        pads = []
        for side, span, stride in zip(value.shape[2:], spans, strides, strict=True):
            missing = max((-(-side // stride) - 1) * stride + span - side, 0)
            less = missing // 2
            upper = attributes["auto_pad"] == b"SAME_UPPER"
            pads.append((less, missing - less) if upper else (missing - less, less))
    else:
        top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
        pads = [(top, bottom), (left, right)]
    padded = np.pad(value, ((0, 0), (0, 0), *pads))
    seen = sliding_window_view(padded, spans, axis=(2, 3))[0]
    seen = seen[:, :: strides[0], :: strides[1], :: steps[0], :: steps[1]]
    return seen.transpose(1, 2, 0, 3, 4).reshape(seen.shape[1] * seen.shape[2], -1)
