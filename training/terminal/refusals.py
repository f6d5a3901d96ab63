"""Say in a sentence what words of a command could not be understood.

tyro reads the words, and tells of what it refuses through a hook that is private to it. Its own box
is shown of what is not known here, and by versions of it that have no such hook.
"""

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from training.terminal.listed import listed

if TYPE_CHECKING:
    from tyro._arguments import ArgumentDefinition
    from tyro._errors import ParseErrorEvent

_READ_AS = (
    (re.compile(r"invalid literal for int\(\) with base 10: '(.*)'"), "a whole number"),
    (re.compile(r"could not convert string to float: '(.*)'"), "a number"),
)
# Of a number of values that may be left out, or not, tyro tells each way that failed.
_NO_PARSE = re.compile(
    r"(?:Could not find valid parse for arguments: "
    r"|no type matching .* could be instantiated from )\[(.*?)\](?:\.\s.*)?",
    re.DOTALL,
)
_OF_TYPE = {"INT": "whole numbers", "FLOAT": "numbers"}


class Refused(Exception):
    """What the words of a command were refused for, as one sentence or more."""


def refusing(*, commands: Callable[[], Collection[str]]) -> AbstractContextManager[None]:
    """Let tyro raise Refused, with sentences, in place of showing its box and ending.

    commands: the words of which one should stand where none does, such as presets.
    """
    try:
        from tyro._errors import on_parse_error
    except ImportError:  # not the version of constraints.txt
        return nullcontext()
    return on_parse_error(partial(_refuse, commands=commands))


def _refuse(event: "ParseErrorEvent", *, commands: Callable[[], Collection[str]]) -> None:
    try:
        said = _sentence(event, commands)
    except (AttributeError, ImportError):  # as above: what it tells of looks otherwise
        return
    if said:
        raise Refused(said)


def _sentence(event: "ParseErrorEvent", commands: Callable[[], Collection[str]]) -> str:
    from tyro import _errors

    if isinstance(event, _errors.InvalidChoice):
        choices = listed(sorted(set(event.choices) - {"None"}), "or")
        return f"{_name(event.argument)}: expected {choices}, received {event.value!r}."
    if isinstance(event, _errors.InstantiationFailure):
        return _unread(event.message.strip(), event.argument)
    if isinstance(event, _errors.BadValue) and event.offending_value is None:
        return f"{_name(event.argument)}: expected a value, received none."
    if isinstance(event, _errors.MissingArgs):
        missing = "; ".join(_told(each.arg) for each in event.missing_arguments)
        unknown = _unknown(event.unrecognized_tokens, commands)
        if unknown:
            return f"{unknown} Expected {missing}; received none."
        return f"expected {missing}; received none."
    if isinstance(event, _errors.MissingSubcommand):
        known = listed(sorted(event.subcommand_spec.parser_from_name), "or")
        return f"expected {known}, received none."
    if isinstance(event, _errors.UnrecognizedArgs):
        return _unknown(event.tokens, commands)
    return ""


def _unknown(words: Sequence[str], commands: Callable[[], Collection[str]]) -> str:
    if not words:
        return ""
    # What follows an unknown option is its value.
    if flags := [word.partition("=")[0] for word in words if word.startswith("-")]:
        return f"there is no option {listed(flags, 'or')}."
    if known := commands():
        return f"expected one of {', '.join(known)}, received {' '.join(words)!r}."
    return f"expected no further words, received {' '.join(words)!r}."


def _name(argument: "ArgumentDefinition") -> str:
    """An argument as one would type it: of several names the shortest that is a word."""
    names = [name for name in argument.lowered.name_or_flags if name.startswith("--")]
    return min(names, key=len) if names else str(argument.display_name())


def _told(argument: "ArgumentDefinition") -> str:
    """The name of an argument and what it is, as --help says."""
    helptext = argument.field.helptext
    said = helptext() if callable(helptext) else helptext
    told = " ".join((said or "").split()).rstrip(".")
    return f"{_name(argument)}: {told}" if told else _name(argument)


def _unread(said: str, argument: "ArgumentDefinition | None") -> str:
    if argument is None:
        return said
    for pattern, expected in _READ_AS:
        if found := pattern.fullmatch(said):
            return f"{_name(argument)}: expected {expected}, received {found[1]!r}."
    if found := _NO_PARSE.fullmatch(said):
        expected = _kind(str(argument.lowered.metavar))
        return f"{_name(argument)}: expected {expected}, received {found[1]}."
    return f"{_name(argument)}: {said.rstrip('.')}."


def _kind(metavar: str) -> str:
    """What tyro's help calls "{None}|{FLOAT FLOAT}" or "[INT [INT ...]]", in words."""
    for name, text in _OF_TYPE.items():
        if name in metavar:
            several = metavar.count(name)
            return text if several == 1 or "..." in metavar else f"{several} {text}"
    return metavar
