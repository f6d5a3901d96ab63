"""Dataclasses to JSON and strictly back: what another version wrote is refused, not half read."""

import dataclasses
import types
import typing
from typing import Any, Literal, TypeVar

from training.errors import ConfigError

T = TypeVar("T")


def to_json(value: Any) -> dict[str, Any]:
    """Return a dataclass as plain JSON values; `from_json` takes it back."""
    return dataclasses.asdict(value)


def from_json(kind: type[T], raw: object, *, where: str = "config") -> T:
    """Read a dataclass: every field present, none unknown, each of its declared type.

    Understands nested dataclasses (one of them or None, too), scalars, None, Literal, fixed-length
    tuples and dict[str, X]. Raises ConfigError naming the field, in the words of `where`.
    """
    if not isinstance(raw, dict):
        raise ConfigError(f"{where}: expected a JSON object, received {raw!r}.")
    names = [f.name for f in dataclasses.fields(kind)]  # type: ignore[arg-type]
    unknown, missing = sorted(set(raw) - set(names)), sorted(set(names) - set(raw))
    if unknown or missing:
        raise ConfigError(
            f"{where}: unknown fields {unknown}, missing fields {missing}. "
            f"Expected exactly {names}: was it written by another version of Nurie?"
        )
    declared = typing.get_type_hints(kind)
    return kind(**{name: _value(declared[name], raw[name], f"{where}.{name}") for name in names})


def _value(declared: Any, value: object, where: str) -> Any:
    if dataclasses.is_dataclass(declared) and isinstance(declared, type):
        return from_json(declared, value, where=where)
    origin, inner = typing.get_origin(declared), typing.get_args(declared)
    if origin is tuple and isinstance(value, list) and len(value) == len(inner):
        items = zip(inner, value, strict=True)
        return tuple(_value(kind, item, f"{where}[{i}]") for i, (kind, item) in enumerate(items))
    if origin is dict and isinstance(value, dict):  # JSON has no keys but strings
        return {key: _value(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin is Literal and value in inner:
        return value
    kinds = inner if origin is types.UnionType else (declared,)
    nested = [kind for kind in kinds if isinstance(kind, type) and dataclasses.is_dataclass(kind)]
    if isinstance(value, dict) and len(nested) == 1:  # X | None
        return from_json(nested[0], value, where=where)
    # JSON writes 1.0 as 1 in some tools; True is an int to Python but not to a reader.
    if float in kinds and type(value) is int:
        return float(value)
    if type(value) in kinds:
        return value
    raise ConfigError(f"{where}: expected {declared}, received {value!r}.")
