"""Refuse a setting by its name, with what was expected and what was received."""

import typing
from typing import Any, Literal

from training.errors import ConfigError


def require_choices(config: Any, section: str) -> None:
    """Refuse a value that its field's Literal does not list."""
    for name, declared in typing.get_type_hints(type(config)).items():
        if typing.get_origin(declared) is Literal:
            choices, value = typing.get_args(declared), getattr(config, name)
            field_name = f"{section}.{name}".lstrip(".")
            require(value in choices, field_name, " or ".join(choices), value)


def as_typed(value: object) -> str:
    """Write a value as it was typed: several one after another, words in quotes."""
    several = value if isinstance(value, tuple) else (value,)
    return " ".join(map(repr, several)) or "none"


def require(condition: bool, name: str, expected: str, received: object) -> None:
    """Raise ConfigError for a setting unless `condition` holds."""
    if not condition:
        raise ConfigError(f"{name}: expected {expected}, received {as_typed(received)}.")
