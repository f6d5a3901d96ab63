"""Sums of products by an equation. MIL: iOS15 linear (einsum)."""

import re
from collections.abc import Sequence

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op

# One letter for each axis. What else ONNX Runtime is given as an equation, it does not always
# refuse: of a NUL character it never returns.
EQUATION = re.compile(r"[A-Za-z]*(,[A-Za-z]*)*->[A-Za-z]*", re.ASCII)


@op("einsum")
def einsum(graph: Graph, *, values: Sequence[Value], equation: str) -> Value:
    """Multiply and sum as numpy.einsum does; sizes of 1 are repeated."""
    written = equation.replace(" ", "")
    if not EQUATION.fullmatch(written):
        raise InvalidProgram(
            f"equation: expected letters for the axes of each value, as in 'ab,bc->ac', "
            f"received {equation!r}"
        )
    given, made = written.split("->")
    terms = given.split(",")
    ranks = [value.rank for value in values]
    if [len(term) for term in terms] != ranks:
        raise InvalidProgram(f"equation: expected {ranks} letters, received {equation!r}")
    if len(set(made)) != len(made) or not set(made) <= set(given):
        raise InvalidProgram(
            f"equation: expected letters of the values in the result, each once, "
            f"received {equation!r}"
        )
    return graph.add("Einsum", *values, equation=written)
