"""Recurrent layers. MIL: iOS15, iOS17 and iOS18 recurrent.

x is (s, b, I): steps, batch, features. States are (b, D * H), D directions of H units.
"""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.clipped_lstm import clipped_lstm
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.recurrence import Weights, recur
from conversion.mlprogram.registry import op

DIRECTIONS = ("forward", "reverse")
# MIL's order of gates -> the places that ONNX's order takes from it.
LSTM_GATES = (0, 2, 1, 3)  # input forget output cell -> input output forget cell
PEEPHOLES = (0, 2, 1)  # input forget output -> input output forget
GRU_GATES = (2, 0, 1)  # reset output update -> update reset output


@op("rnn")
def rnn(
    graph: Graph,
    *,
    x: Value,
    initial_h: Value,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias: np.ndarray | None = None,
    direction: str = "forward",
    output_sequence: bool = False,
    activation: str = "tanh",
) -> tuple[Value, ...]:
    """h = activation(weight_ih x + weight_hh h + bias)."""
    return recur(
        graph,
        "RNN",
        x,
        states=(initial_h,),
        weights=[(weight_ih, weight_hh, bias)],
        order=(0,),
        direction=_direction(direction, *DIRECTIONS),
        activations=(activation,),
        output_sequence=output_sequence,
    )


@op("gru")
def gru(
    graph: Graph,
    *,
    x: Value,
    initial_h: Value,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias: np.ndarray | None = None,
    direction: str = "forward",
    output_sequence: bool = False,
    recurrent_activation: str = "sigmoid",
    activation: str = "tanh",
    reset_after: bool = False,
    input_bias: np.ndarray | None = None,
) -> tuple[Value, ...]:
    """Gated recurrent unit; gates in the order reset, output, update.

    The reset gate multiplies h before weight_hh, or weight_hh h + bias if reset_after.
    """
    return recur(
        graph,
        "GRU",
        x,
        states=(initial_h,),
        weights=[(weight_ih, weight_hh, bias)],
        order=GRU_GATES,
        direction=_direction(direction, *DIRECTIONS),
        activations=(recurrent_activation, activation),
        output_sequence=output_sequence,
        input_bias=input_bias,
        linear_before_reset=int(reset_after),
    )


@op("lstm")
def lstm(
    graph: Graph,
    *,
    x: Value,
    initial_h: Value,
    initial_c: Value,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias: np.ndarray | None = None,
    peephole: np.ndarray | None = None,
    weight_ih_back: np.ndarray | None = None,
    weight_hh_back: np.ndarray | None = None,
    bias_back: np.ndarray | None = None,
    peephole_back: np.ndarray | None = None,
    direction: str = "forward",
    output_sequence: bool = False,
    recurrent_activation: str = "sigmoid",
    cell_activation: str = "tanh",
    activation: str = "tanh",
    clip: float | None = None,
) -> tuple[Value, ...]:
    """Long short-term memory; gates in the order input, forget, output, cell.

    peephole (3 * H,) lets the gates input, forget and output see the cell state, which is clipped
    to -clip...clip at every step.
    """
    weights: list[Weights] = [(weight_ih, weight_hh, bias)]
    peepholes = [peephole]
    if direction == "bidirectional":
        if weight_ih_back is None or weight_hh_back is None:
            raise InvalidProgram("bidirectional: expected weight_ih_back and weight_hh_back")
        weights.append((weight_ih_back, weight_hh_back, bias_back))
        peepholes.append(peephole_back)
    hidden = weight_hh.shape[-1]
    if any(p is not None and p.shape != (3 * hidden,) for p in peepholes):
        raise InvalidProgram(f"peephole: expected {3 * hidden} numbers")
    direction = _direction(direction, *DIRECTIONS, "bidirectional")
    activations = recurrent_activation, cell_activation, activation
    if clip is not None:
        steps, h, c = clipped_lstm(
            graph,
            x,
            states=(initial_h, initial_c),
            weights=weights,
            peepholes=peepholes,
            direction=direction,
            activations=activations,
            clip=clip,
        )
        return (steps if output_sequence else graph.add("Unsqueeze", h, graph.ints([0]))), h, c
    return recur(
        graph,
        "LSTM",
        x,
        states=(initial_h, initial_c),
        weights=weights,
        order=LSTM_GATES,
        direction=direction,
        activations=activations,
        output_sequence=output_sequence,
        peepholes=_peepholes(peepholes, hidden),
    )


def _direction(direction: str, *known: str) -> str:
    if direction not in known:
        raise InvalidProgram(f"direction: expected one of {list(known)}, received {direction!r}")
    return direction


def _peepholes(peepholes: list[np.ndarray | None], hidden: int) -> np.ndarray | None:
    """Return ONNX's (D, 3 * H), or None if there are none."""
    if all(peephole is None for peephole in peepholes):
        return None
    zeros = np.zeros(3 * hidden, np.float32)
    rows = [zeros if p is None else p.astype(np.float32) for p in peepholes]
    return np.stack([row.reshape(3, hidden)[list(PEEPHOLES)].ravel() for row in rows])
