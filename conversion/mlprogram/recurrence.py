"""Recurrent layers as ONNX nodes: orders of gates, directions, layouts of states.

MIL: x (s, b, I), states (b, D * H), results (s, b, D * H) or the last step, then the states.
ONNX: x (s, b, I), states (D, b, H), results (s, D, b, H), then the states.
In direction "reverse", MIL's results come in the order in which they are computed: those of the
last step first (the tests of coremltools say so); "bidirectional" results are in the order of x.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value

# input-hidden (G * H, I), hidden-hidden (G * H, H), bias (G * H,) of one direction.
Weights = tuple[np.ndarray, np.ndarray, np.ndarray | None]

# MIL's activations -> ONNX's name, alpha and beta. That scaled_tanh has factors of 1 here is how
# coremltools' own tests compute it; hard_sigmoid has those of MIL's sigmoid_hard.
ACTIVATIONS = {
    "tanh": ("Tanh", 0.0, 0.0),
    "scaled_tanh": ("Tanh", 0.0, 0.0),
    "sigmoid": ("Sigmoid", 0.0, 0.0),
    "relu": ("Relu", 0.0, 0.0),
    "linear": ("Affine", 1.0, 0.0),
    "hard_sigmoid": ("HardSigmoid", 0.2, 0.5),
    "sigmoid_hard": ("HardSigmoid", 0.2, 0.5),
}


def recur(
    graph: Graph,
    op_type: str,
    x: Value,
    *,
    states: Sequence[Value],
    weights: Sequence[Weights],
    order: Sequence[int],
    direction: str,
    activations: Sequence[str],
    output_sequence: bool,
    input_bias: np.ndarray | None = None,
    peepholes: np.ndarray | None = None,
    **attributes: Any,
) -> tuple[Value, ...]:
    """Add one recurrent node. Returns the results and the last states, in MIL's layout.

    weights: of each direction. order: for each gate of ONNX, its place in MIL. peepholes:
    (D, 3 * H), in ONNX's order. Raises InvalidProgram for weights of other shapes.
    """
    gates, hidden = len(order), weights[0][1].shape[-1]
    for one in weights:
        require_weights(x, one, gates=gates, hidden=hidden)
    if input_bias is not None and input_bias.shape != (gates * hidden,):
        raise InvalidProgram(f"input_bias: expected {gates * hidden}, got {input_bias.shape}")
    named = [activation(name) for name in activations] * len(weights)
    outputs = graph.add_many(
        op_type,
        x,
        graph.constant(np.stack([_ordered(one[0], order, hidden) for one in weights])),
        graph.constant(np.stack([_ordered(one[1], order, hidden) for one in weights])),
        graph.constant(np.stack([_biases(one[2], input_bias, order, hidden) for one in weights])),
        None,
        *(_state_to_onnx(graph, state, len(weights), hidden) for state in states),
        *(() if peepholes is None else (graph.constant(peepholes),)),
        count=1 + len(states),
        hidden_size=hidden,
        direction=direction,
        activations=[name for name, _, _ in named],
        activation_alpha=[alpha for _, alpha, _ in named],
        activation_beta=[beta for _, _, beta in named],
        **attributes,
    )
    last = [_state_from_onnx(graph, state, len(weights) * hidden) for state in outputs[1:]]
    if not output_sequence:
        return graph.add("Unsqueeze", last[0], graph.ints([0])), *last
    steps = graph.add("Transpose", outputs[0], perm=[0, 2, 1, 3])
    steps = graph.add("Reshape", steps, graph.ints([0, 0, len(weights) * hidden]))
    if direction == "reverse":
        # MIL's first result is that of the last step, which is computed first.
        backwards = [graph.ints([n]) for n in (-1, np.iinfo(np.int64).min, 0, -1)]
        steps = graph.add("Slice", steps, *backwards)
    return steps, *last


def activation(name: str) -> tuple[str, float, float]:
    """Return ONNX's name, alpha and beta of one of MIL's activations.

    Raises InvalidProgram for an unknown one.
    """
    if name not in ACTIVATIONS:
        raise InvalidProgram(f"activation: expected one of {list(ACTIVATIONS)}, received {name!r}")
    return ACTIVATIONS[name]


def require_weights(x: Value, weights: Weights, *, gates: int, hidden: int) -> None:
    """Raise InvalidProgram unless the weights of one direction fit x and one another."""
    rows = gates * hidden
    shapes = [None if array is None else array.shape for array in weights]
    features = (x.declared.shape[2] or weights[0].shape[-1]) if x.rank == 3 else None
    if shapes[:2] != [(rows, features), (rows, hidden)] or shapes[2] not in (None, (rows,)):
        raise InvalidProgram(
            f"expected x (s, b, I) and weights ({rows}, I), ({rows}, {hidden}) and ({rows},); "
            f"received x {x.declared} and {shapes}"
        )


def _ordered(array: np.ndarray, order: Sequence[int], hidden: int) -> np.ndarray:
    gates = array.reshape(len(order), hidden, *array.shape[1:])
    return gates[list(order)].reshape(array.shape).astype(np.float32)


def _biases(
    bias: np.ndarray | None, input_bias: np.ndarray | None, order: Sequence[int], hidden: int
) -> np.ndarray:
    """Return ONNX's (2 * G * H,): biases of the input, then those of the state."""
    zeros = np.zeros(len(order) * hidden, np.float32)
    pair = [zeros if b is None else _ordered(b, order, hidden) for b in (input_bias, bias)]
    return np.concatenate(pair)


def _state_to_onnx(graph: Graph, state: Value, directions: int, hidden: int) -> Value:
    split = graph.add("Reshape", state, graph.ints([-1, directions, hidden]))
    return graph.add("Transpose", split, perm=[1, 0, 2])


def _state_from_onnx(graph: Graph, state: Value, width: int) -> Value:
    swapped = graph.add("Transpose", state, perm=[1, 0, 2])
    return graph.add("Reshape", swapped, graph.ints([-1, width]))
