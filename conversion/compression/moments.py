"""What the convolutions of an ONNX model are given on drawings: which inputs go together.

A moment is the mean over positions of all drawings of x xT, x being the inputs of one position in
the order of an output channel's weights. A transposed convolution has as many kinds of positions
as a stride has steps, and each kind has weights of its own: two inputs that never meet go together
in none.
"""

import copy
import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import helper

from training.terminal.progress import Progress

CONVOLUTIONS = ("Conv", "ConvTranspose")
# Of one kind in one drawing: with a hundred drawings many more than a layer has inputs.
POSITIONS = 4096


def has_moments(node: Any) -> bool:
    """Return whether all output channels of a node see the same inputs, as is computed here."""
    attributes = attributes_of(node)
    transposed = node.op_type == "ConvTranspose"
    dilated = max(attributes.get("dilations", [1])) > 1
    fitted = attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID")
    return (
        node.op_type in CONVOLUTIONS
        and attributes.get("group", 1) == 1
        and not (transposed and (dilated or fitted or "output_shape" in attributes))
    )


def moments(
    model: Any, samples: Collection[Mapping[str, np.ndarray]], weights: Iterable[str]
) -> dict[str, np.ndarray]:
    """Return the moment, (K, K) float64, of all convolutions that take one of these weights.

    model: of plain ONNX. samples: what it takes of each drawing. weights: what convolutions that
    have moments take as their weights, initializers where nothing else says the kernel.
    """
    names = set(weights)
    wanted = [
        node for node in model.graph.node if node.op_type in CONVOLUTIONS and node.input[1] in names
    ]
    shapes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    given = sorted({node.input[0] for node in wanted})
    session = _session_up_to(model, given)
    taken = {port.name for port in session.get_inputs()}
    sums: dict[str, np.ndarray] = {}
    positions = dict.fromkeys(names, 0)
    with Progress("inputs of layers", total=len(samples), unit="drawings") as progress:
        for sample in samples:
            feeds = {name: value for name, value in sample.items() if name in taken}
            values = dict(zip(given, session.run(given, feeds), strict=True))
            for node in wanted:
                value, name, kernel = values[node.input[0]], node.input[1], _kernel(node, shapes)
                seen = _columns if node.op_type == "Conv" else _transposed_columns
                for places, columns in seen(value, node, kernel=kernel):
                    if name not in sums:
                        count = value.shape[1] * math.prod(kernel)
                        sums[name] = np.zeros((count, count))
                    sums[name][np.ix_(places, places)] += columns.T @ columns
                    positions[name] += len(columns)
            progress.advance()
    return {name: sums[name] / positions[name] for name in names}


def attributes_of(node: Any) -> dict[str, Any]:
    """Return the attributes of a node of ONNX, by name."""
    return {each.name: helper.get_attribute_value(each) for each in node.attribute}


def _session_up_to(model: Any, values: Iterable[str]) -> Any:
    """Return a session of ONNX Runtime that computes these values of a model, and no more."""
    import onnxruntime

    tapped = copy.deepcopy(model)
    del tapped.graph.output[:]  # what comes after the last of them need not be computed
    tapped.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in values)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it would warn of each constant that only the rest reads
    return onnxruntime.InferenceSession(
        tapped.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _kernel(node: Any, shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    stated = attributes_of(node).get("kernel_shape")
    return tuple(stated) if stated else shapes[node.input[1]][2:]


def _columns(
    value: np.ndarray, node: Any, *, kernel: tuple[int, ...]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield what each position of a convolution sees, (positions, C x KH x KW), and all places.

    value: (1, C, H, W).
    """
    attributes = attributes_of(node)
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
    columns = _some(seen)
    yield np.arange(columns.shape[1]), columns


def _transposed_columns(
    value: np.ndarray, node: Any, *, kernel: tuple[int, ...]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the places (P,) in a channel's weights, (C, KH, KW), that positions of one kind have.

    And what these positions see there, (positions, P). A position p of the output, before it is
    cropped, sees through the tap k the input (p - k) / stride, where that is whole.
    value: (1, C, H, W). Not dilated.
    """
    attributes = attributes_of(node)
    strides = attributes.get("strides", [1, 1])
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    channels, taps = value.shape[1], np.arange(np.prod(kernel)).reshape(kernel)
    own = np.arange(channels)[:, np.newaxis, np.newaxis] * taps.size
    extents = [
        (side - 1) * stride + size + more
        for side, stride, size, more in zip(
            value.shape[2:],
            strides,
            kernel,
            attributes.get("output_padding", [0, 0]),
            strict=True,
        )
    ]
    cropped = [(top, extents[0] - bottom), (left, extents[1] - right)]
    for first in itertools.product(*map(range, strides)):
        kept = taps[first[0] :: strides[0], first[1] :: strides[1]]
        if not kept.size:  # the kernel is smaller than the stride
            continue
        around = [(count - 1, count) for count in kept.shape]
        padded = np.pad(value, ((0, 0), (0, 0), *around))
        seen = sliding_window_view(padded, kept.shape, axis=(2, 3))[0][..., ::-1, ::-1]
        # Of the positions first, first + stride, ...: those that are not cropped.
        rows, columns = (
            slice(max(-(-(low - start) // stride), 0), max(-(-(high - start) // stride), 0))
            for (low, high), start, stride in zip(cropped, first, strides, strict=True)
        )
        yield (own + kept).ravel(), _some(seen[:, rows, columns])


def _some(seen: np.ndarray) -> np.ndarray:
    """Return what positions see, (positions, C x KH x KW), at most `POSITIONS` of them.

    seen: (C, H, W, KH, KW). Which ones is drawn at random, alike each time.
    """
    height, width = seen.shape[1:3]
    count = height * width
    chosen = np.arange(count)
    if count > POSITIONS:
        chosen = np.random.default_rng(0).choice(count, POSITIONS, replace=False)
    rows, columns = np.divmod(chosen, width)
    return seen[:, rows, columns].transpose(1, 0, 2, 3).reshape(len(chosen), -1)
