"""Which operations the runtime has: the @op decorator, the table, lookup by name and opset."""

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.binding import Parameter, read_parameters

# Oldest first: iOS 15, 16, 17, 18 and 26. An operation keeps its meaning until a later opset
# registers it again.
OPSETS = ("CoreML5", "CoreML6", "CoreML7", "CoreML8", "CoreML9")


@dataclass(frozen=True)
class Implementation:
    """One operation as one function, whose signature is its schema."""

    name: str
    since: str  # the first opset with this meaning
    exact: bool  # its results hold only values that its inputs hold: nothing to round
    function: Callable[..., Any]
    parameters: dict[str, Parameter]


_Table = dict[str, dict[str, Implementation]]
_TABLE: _Table = {}
# Other ways to say the same, for models that keep their weights compressed.
_COMPRESSED: _Table = {}

Function = Callable[..., Any]


def op(
    name: str, *, since: str = OPSETS[0], exact: bool = False, compressed: bool = False
) -> Callable[[Function], Function]:
    """Register a function `f(graph, *, parameters by MIL name)` as the operation `name`.

    compressed: the function adds to one that computes the dense value; it keeps weights small.
    Raises ValueError, at import, if that name has a function for that opset already.
    """
    if since not in OPSETS:
        raise ValueError(f"operation {name!r}: since must be one of {OPSETS}, not {since!r}")

    def register(function: Function) -> Function:
        versions = (_COMPRESSED if compressed else _TABLE).setdefault(name, {})
        if since in versions:
            raise ValueError(f"operation {name!r} is registered twice for {since}")
        versions[since] = Implementation(name, since, exact, function, read_parameters(function))
        return function

    return register


def is_supported(name: str, opset: str) -> bool:
    """Say whether the runtime has the operation in that opset."""
    return _find(name, opset) is not None


def lookup(name: str, opset: str, *, compressed: bool = False) -> Implementation:
    """Return the meaning that `name` has in `opset`; compressed, if there is such a form of it.

    Raises UnsupportedOps if it has none.
    """
    found = _find(name, opset)
    if found is None:
        raise UnsupportedOps(
            f"operation {name!r} of {opset} is not implemented; add it in conversion/mlprogram/ops"
        )
    return _COMPRESSED.get(name, {}).get(found.since, found) if compressed else found


def _find(name: str, opset: str) -> Implementation | None:
    if opset not in OPSETS:
        raise InvalidProgram(
            f"opset {opset!r} is unknown. Expected one of {', '.join(OPSETS)}: "
            "export with an older minimum_deployment_target."
        )
    _import_operations()
    versions = _TABLE.get(name, {})
    known = [since for since in OPSETS[: OPSETS.index(opset) + 1] if since in versions]
    return versions[known[-1]] if known else None


@functools.cache
def _import_operations() -> None:
    from conversion.mlprogram import ops

    for module in pkgutil.iter_modules(ops.__path__):
        importlib.import_module(f"{ops.__name__}.{module.name}")
