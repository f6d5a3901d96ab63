"""Turn the arguments of a MIL operation into the parameters of its function.

The annotation of a parameter says what it takes: `Value` a value, `float`, `int`, `bool`,
`str`, `Sequence[int]`, `Sequence[bool]` and `np.ndarray` a constant, `Sequence[Value]` a tuple
of values, `tuple[int, ...]` a tuple of constants, `Sequence[Body]` the blocks of control flow,
`X | None` what may be absent.
"""

import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from conversion.errors import InvalidProgram, UnknownShape
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.types import TensorType


@dataclass(frozen=True)
class Parameter:
    """How one parameter is read, and whether it may be absent."""

    convert: Callable[[Sequence[Value]], Any]
    required: bool
    constant: bool  # its value is needed while lowering


class Body(Protocol):
    """A block of an operation, which lowers itself into a graph as often as it is called."""

    @property
    def types(self) -> Sequence[TensorType]:
        """The types of its inputs."""

    @property
    def nests(self) -> bool:
        """Whether it holds branches or loops itself."""

    def __call__(self, graph: Graph, values: Sequence[Value]) -> list[Value]:
        """Lower the block into `graph`, its inputs being `values`; returns its outputs."""


def read_parameters(function: Callable[..., Any]) -> dict[str, Parameter]:
    """Read the keyword parameters of an operation's function, once, at import.

    Raises ValueError for a signature that is no schema.
    """
    hints = typing.get_type_hints(function)
    parameters = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        annotation = _without_none(hints[name])
        if parameter.kind is not parameter.KEYWORD_ONLY or annotation not in _CONVERTERS:
            raise ValueError(f"{function.__name__}: parameter {name!r} is not a MIL input")
        parameters[name] = Parameter(
            _CONVERTERS[annotation],
            required=parameter.default is parameter.empty,
            constant=annotation not in _COMPUTED,
        )
    return parameters


def bind(
    parameters: Mapping[str, Parameter],
    arguments: Mapping[str, Sequence[Value]],
    *,
    known: Callable[[Value], Value] = lambda value: value,
) -> dict[str, Any]:
    """Return keyword arguments for the function that has these parameters.

    known: turns a value computed of constants alone into a constant.
    Raises InvalidProgram for an argument that is missing, unknown or of another kind.
    """
    unknown = sorted(set(arguments) - set(parameters))
    missing = sorted(n for n, p in parameters.items() if p.required and n not in arguments)
    if unknown or missing:
        raise InvalidProgram(
            f"inputs {unknown} are unknown and {missing} are missing; "
            f"expected some of {sorted(parameters)}"
        )
    keywords = {}
    for name, values in arguments.items():
        try:
            given = [known(v) for v in values] if parameters[name].constant else values
            keywords[name] = parameters[name].convert(given)
        except InvalidProgram as error:
            raise type(error)(f"input {name!r}: {error}") from error
    return keywords


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) is not types.UnionType:
        return annotation
    kinds = [kind for kind in typing.get_args(annotation) if kind is not types.NoneType]
    return kinds[0] if len(kinds) == 1 else annotation


def _one(values: Sequence[Value]) -> Value:
    if len(values) != 1:
        raise InvalidProgram(f"expected one value, received a tuple of {len(values)}")
    return values[0]


def _tensors(values: Sequence[Value]) -> list[Value]:
    if not values:
        raise InvalidProgram("expected at least one tensor, received an empty tuple")
    return list(values)


def _array(values: Sequence[Value]) -> np.ndarray:
    data = _one(values).data
    if data is None:
        raise UnknownShape("expected a constant, received a value computed by the program")
    return data


def _vector(kinds: str) -> Callable[[Sequence[Value]], list[Any]]:
    def convert(values: Sequence[Value]) -> list[Any]:
        array = _array(values)
        if array.ndim != 1 or array.dtype.kind not in kinds:
            raise InvalidProgram(
                f"expected a vector of {_KIND_NAMES[kinds]}, "
                f"received {array.dtype.name} of shape {array.shape}"
            )
        return list(array.tolist())

    return convert


def _scalar(kinds: str) -> Callable[[Sequence[Value]], Any]:
    def convert(values: Sequence[Value]) -> Any:
        array = _array(values)
        if array.size != 1 or array.dtype.kind not in kinds:
            raise InvalidProgram(
                f"expected one value of {_KIND_NAMES[kinds]}, "
                f"received {array.dtype.name} of shape {array.shape}"
            )
        return array.item()

    return convert


def _several(values: Sequence[Value]) -> tuple[int, ...]:
    return tuple(_scalar(_INTS)([value]) for value in values)


# NumPy's kinds of element types, and how an error names them.
_INTS, _BOOLS, _NUMBERS, _TEXT = "iu", "b", "fiu", "U"
_KIND_NAMES = {_INTS: "integers", _BOOLS: "booleans", _NUMBERS: "numbers", _TEXT: "text"}
_CONVERTERS: dict[Any, Callable[[Sequence[Value]], Any]] = {
    Value: _one,
    Sequence[Value]: _tensors,
    np.ndarray: _array,
    Sequence[int]: _vector(_INTS),
    Sequence[bool]: _vector(_BOOLS),
    int: _scalar(_INTS),
    bool: _scalar(_BOOLS),
    float: _scalar(_NUMBERS),
    str: _scalar(_TEXT),
    tuple[int, ...]: _several,
    Sequence[Body]: list,
}
# What may be known only when the program runs.
_COMPUTED = (Value, Sequence[Value], Sequence[Body])
