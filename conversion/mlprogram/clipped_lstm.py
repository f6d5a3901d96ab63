"""An LSTM whose cell state is clipped at every step, which ONNX's LSTM cannot do: step by step."""

from collections.abc import Sequence

import numpy as np

from conversion.errors import UnsupportedOps
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.recurrence import Weights, activation, require_weights

# Every step becomes about 15 nodes.
MOST_STEPS = 4096
# Input, forget, output, cell: MIL's order.
GATES = 4


def clipped_lstm(
    graph: Graph,
    x: Value,
    *,
    states: Sequence[Value],
    weights: Sequence[Weights],
    peepholes: Sequence[np.ndarray | None],
    direction: str,
    activations: Sequence[str],
    clip: float,
) -> tuple[Value, Value, Value]:
    """Return all results (s, b, D * H), the last h and the last c (b, D * H).

    For each direction: its weights and peepholes (3 * H,). Results in the order of recurrence.py.
    """
    hidden = weights[0][1].shape[-1]
    starts = [
        graph.add_many("Split", state, count=len(weights), axis=1, num_outputs=len(weights))
        for state in states
    ]
    runs = []
    for place, one in enumerate(weights):
        require_weights(x, one, gates=GATES, hidden=hidden)
        runs.append(
            _run(
                graph,
                _inputs(graph, x, one),
                h=starts[0][place],
                c=starts[1][place],
                recurrent=graph.constant(np.ascontiguousarray(one[1].T)),
                peephole=peepholes[place],
                backwards=direction == "reverse" or place == 1,
                in_order_of_x=direction == "bidirectional",
                activations=activations,
                clip=clip,
            )
        )
    ys, hs, cs = (
        graph.add("Concat", *parts, axis=-1) if len(parts) > 1 else parts[0]
        for parts in zip(*runs, strict=True)
    )
    return ys, hs, cs


def _inputs(graph: Graph, x: Value, weights: Weights) -> tuple[Value, ...]:
    """Return what each step adds to the gates, (b, 4 * H) each."""
    product = graph.add("MatMul", x, graph.constant(np.ascontiguousarray(weights[0].T)))
    if weights[2] is not None:
        product = graph.add("Add", product, graph.constant(weights[2]))
    steps = x.shape[0]
    if not 1 <= steps <= MOST_STEPS:
        raise UnsupportedOps(f"a clipped LSTM of {steps} steps: expected 1 to {MOST_STEPS}")
    parts = graph.add_many("Split", product, count=steps, axis=0, num_outputs=steps)
    return tuple(graph.add("Squeeze", part, graph.ints([0])) for part in parts)


def _run(
    graph: Graph,
    inputs: Sequence[Value],
    *,
    h: Value,
    c: Value,
    recurrent: Value,
    peephole: np.ndarray | None,
    backwards: bool,
    in_order_of_x: bool,
    activations: Sequence[str],
    clip: float,
) -> tuple[Value, Value, Value]:
    inner, cell, outer = activations
    peeps = None
    if peephole is not None:
        peeps = [graph.constant(part) for part in np.split(peephole, 3)]
    bounds = graph.scalar(-clip), graph.scalar(clip)
    results = []
    for given in reversed(inputs) if backwards else inputs:
        gates = graph.add("Add", given, graph.add("MatMul", h, recurrent))
        i, f, o, g = graph.add_many("Split", gates, count=GATES, axis=1, num_outputs=GATES)
        if peeps is not None:
            i = graph.add("Add", i, graph.add("Mul", c, peeps[0]))
            f = graph.add("Add", f, graph.add("Mul", c, peeps[1]))
        kept = graph.add("Mul", _activated(graph, f, inner), c)
        new = graph.add("Mul", _activated(graph, i, inner), _activated(graph, g, cell))
        c = graph.add("Clip", graph.add("Add", kept, new), *bounds)
        if peeps is not None:
            o = graph.add("Add", o, graph.add("Mul", c, peeps[2]))
        h = graph.add("Mul", _activated(graph, o, inner), _activated(graph, c, outer))
        results.append(graph.add("Unsqueeze", h, graph.ints([0])))
    ordered = results[::-1] if backwards and in_order_of_x else results
    return graph.add("Concat", *ordered, axis=0), h, c


def _activated(graph: Graph, x: Value, name: str) -> Value:
    op_type, alpha, beta = activation(name)
    if op_type == "Affine":  # alpha 1 and beta 0
        return x
    if op_type == "HardSigmoid":
        return graph.add(op_type, x, alpha=alpha, beta=beta)
    return graph.add(op_type, x)
