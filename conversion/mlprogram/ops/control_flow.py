"""Branches and loops. MIL: iOS15 control_flow (cond, while_loop)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.binding import Body
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.types import TensorType

# Far above what any decoder makes of a text or a sound; an empty turn takes about 5 us.
MAX_TURNS = 2**20


@op("cond", exact=True)
def cond(graph: Graph, *, pred: Value, blocks: Sequence[Body]) -> tuple[Value, ...]:
    """Return what the first block returns where pred (one boolean) is true, else the second."""
    if len(blocks) != 2:
        raise InvalidProgram(f"expected two blocks, received {len(blocks)}")
    branches, counts = [], []
    for block in blocks:
        branch = graph.nested()
        results = block(branch, [])
        for result in results:
            branch.result(result)
        branches.append(branch.to_graph())
        counts.append(len(results))
    if counts[0] != counts[1]:
        raise InvalidProgram(f"the branches return {counts[0]} and {counts[1]} values")
    return graph.add_many(
        "If",
        _scalar(graph, pred),
        count=counts[0],
        then_branch=branches[0],
        else_branch=branches[1],
    )


@op("while_loop", exact=True)
def while_loop(
    graph: Graph, *, loop_vars: Sequence[Value], blocks: Sequence[Body]
) -> tuple[Value, ...]:
    """Replace loop_vars by what the second block makes of them, while the first returns true.

    A loop that would go on after MAX_TURNS fails: a damaged program must not hang.
    """
    if len(blocks) != 2:
        raise InvalidProgram(f"expected two blocks, received {len(blocks)}")
    condition, body = blocks
    # A condition is lowered twice, before the loop and at the end of a turn, which saves a turn and
    # a branch in it. What holds loops itself is lowered once: twice at each level would be 2^level.
    once = condition.nests
    true = graph.constant(np.array(True))
    first = true if once else _scalar(graph, *condition(graph, loop_vars))
    turn = graph.nested()
    turn.parameter(TensorType(np.dtype(np.int64)), label="turn")
    turn.parameter(TensorType(np.dtype(np.bool_)), label="going_on")
    turn.parameter(TensorType(np.dtype(np.bool_)), label="endless")
    carried = [turn.parameter(declared, label="carried") for declared in body.types]
    again = _scalar(turn, *condition(turn, carried)) if once else None
    results = body(turn, carried) if again is None else _if(turn, again, body, carried)
    if not len(results) == len(carried) == len(loop_vars):
        raise InvalidProgram(
            f"the loop has {len(loop_vars)} values; its body takes {len(carried)} and returns "
            f"{len(results)}"
        )
    if again is None:
        again = _scalar(turn, *condition(turn, results))
    for result in (again, again, *results):
        turn.result(result)
    # The last turn of a loop that asks within finds that it is over.
    limit = graph.constant(np.array(MAX_TURNS + once, np.int64))
    endless, *ended = graph.add_many(
        "Loop", limit, first, first, *loop_vars, count=1 + len(results), body=turn.to_graph()
    )
    # Whatever uses a value of the loop first takes element 0 of one, or fails to take element 1.
    element = graph.cast(endless, np.dtype(np.int64))
    return tuple(
        graph.add("Gather", graph.add("Unsqueeze", value, graph.ints([0])), element, axis=0)
        for value in ended
    )


def _if(graph: Graph, condition: Value, body: Body, carried: Sequence[Value]) -> list[Value]:
    """Return what the body makes of the values where the condition holds, else the values."""
    then, otherwise = graph.nested(), graph.nested()
    results = body(then, carried)
    for result in results:
        then.result(result)
    for value in carried:
        otherwise.result(value)
    if len(results) != len(carried):
        raise InvalidProgram(f"a loop of {len(carried)} values: its body returns {len(results)}")
    chosen = graph.add_many(
        "If",
        condition,
        count=len(results),
        then_branch=then.to_graph(),
        else_branch=otherwise.to_graph(),
    )
    return [replace(new, type=old.type) for new, old in zip(chosen, results, strict=True)]


def _scalar(graph: Graph, condition: Value) -> Value:
    """Return a condition as a scalar: coremltools writes vectors of one element as well."""
    if condition.rank == 0:
        return condition
    declared = TensorType(condition.declared.dtype)
    return replace(graph.add("Reshape", condition, graph.ints([])), type=declared)
