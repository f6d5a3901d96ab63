"""Dataclasses to JSON and strictly back: what another version wrote is refused, not half read.

JSON has no infinity: an infinite float is the text "inf" or "-inf". Nothing spells NaN.
"""

import dataclasses
import functools
import math
import reprlib
import sys
import types
import typing
from contextlib import suppress
from typing import Any, Literal, TypeVar

from training.errors import ConfigError

T = TypeVar("T")

INFINITIES = {str(value): value for value in (math.inf, -math.inf)}


def to_json(value: Any) -> Any:
    """Return a dataclass, or what one may hold, as plain JSON values; `from_json` takes it back."""
    if dataclasses.is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, float) and math.isinf(value):
        return str(float(value))
    return value


def from_json(kind: type[T], raw: object, *, where: str = "config") -> T:
    """Read a dataclass: every field present, none unknown, each of its declared type.

    Understands nested dataclasses, scalars, Literal, lists, tuples, dict[str, X] and unions, whose
    members must be told apart by their JSON. What a dataclass names in UNREAD stands beside its
    fields for other readers, and may be missing. Raises ConfigError naming the field, in the words
    of `where`, and whatever the dataclass raises for its values.
    """
    try:
        return typing.cast(T, _value(kind, raw))
    except _Fault as fault:
        raise ConfigError(f"{where}{fault.place}: {fault}.") from None


class _Fault(Exception):
    """What is wrong with a value; where it stands is put together on the way out."""

    place = ""


def _value(declared: Any, raw: Any) -> Any:
    # Scalars first: a record holds thousands. NaN is none: nobody measured it.
    if type(raw) is declared and raw == raw:
        return raw
    # JSON writes 1.0 as 1 in some tools; True is an int to Python but not to a reader.
    if declared is float and type(raw) is int and abs(raw) <= sys.float_info.max:
        return float(raw)
    if declared is float and type(raw) is str and raw in INFINITIES:
        return INFINITIES[raw]
    origin, inner = _parts(declared)
    if origin is types.UnionType:
        for kind in inner[:-1]:
            with suppress(_Fault):
                return _value(kind, raw)
        return _value(inner[-1], raw)
    if origin is Literal and any(type(raw) is type(value) and raw == value for value in inner):
        return raw
    if origin in (list, tuple) and type(raw) is list:
        kinds = inner if origin is tuple and inner[1:] != (...,) else inner[:1] * len(raw)
        if len(raw) == len(kinds):
            items = zip(kinds, raw, strict=True)
            return origin([_at(n, kind, item) for n, (kind, item) in enumerate(items)])
    if origin is dict and type(raw) is dict:  # JSON has no keys but strings
        return {key: _at(key, inner[1], item) for key, item in raw.items()}
    if dataclasses.is_dataclass(declared) and type(raw) is dict:
        return _dataclass(declared, raw)
    raise _Fault(f"expected {_said(declared)}, received {reprlib.repr(raw)}")


def _at(step: str | int, declared: Any, raw: Any) -> Any:
    """Read what stands under a name or number; where it cannot be read, say so."""
    try:
        return _value(declared, raw)
    except _Fault as fault:
        plain = isinstance(step, str) and step.isidentifier() and len(step) < 80
        fault.place = (f".{step}" if plain else f"[{step!r:.80}]") + fault.place
        raise


def _dataclass(kind: Any, raw: dict[str, Any]) -> Any:
    declared = _declared(kind)
    unknown = sorted(raw.keys() - declared.keys() - set(getattr(kind, "UNREAD", ())))
    missing = sorted(declared.keys() - raw.keys())
    if unknown or missing:
        raise _Fault(
            f"expected the fields {list(declared)} of this version of Nurie, received "
            f"unknown fields {reprlib.repr(unknown)}, missing fields {missing}"
        )
    return kind(**{name: _at(name, each, raw[name]) for name, each in declared.items()})


@functools.cache
def _declared(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@functools.cache
def _parts(declared: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return what a type is made of: (list, (float,)) for list[float]."""
    origin, inner = typing.get_origin(declared), typing.get_args(declared)
    if origin not in (types.UnionType, typing.Union):
        return origin, inner
    # float last, since it takes whole numbers and two texts; None first: its faults say nothing.
    order = {types.NoneType: -1, float: 1}
    return types.UnionType, tuple(sorted(inner, key=lambda kind: order.get(kind, 0)))


def _said(declared: Any) -> str:
    if dataclasses.is_dataclass(declared) or typing.get_origin(declared) is dict:
        return "an object"
    if typing.get_origin(declared) is Literal:
        return f"one of {', '.join(map(repr, typing.get_args(declared)))}"
    return declared.__name__ if type(declared) is type else str(declared)
