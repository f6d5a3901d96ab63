"""A script by which a shell completes the commands of `nurie` and all their options."""

import importlib
from dataclasses import dataclass
from typing import Annotated, Any, Union, cast

import tyro

from benchmarks.nurie.commands import commands
from training.terminal.options import completion_script

SHELLS = ("bash", "zsh", "fish", "tcsh")
# Where no option or choice fits, the names of files do.
FILES = {"bash": "complete -o bashdefault -o default -F _tyro_nurie nurie\n"}


@dataclass(frozen=True)
class _NoOptions:
    """Of a command that reads its words itself, without tyro."""


def options_of(module: str) -> type[Any]:
    """Return the dataclass that a command reads its options into."""
    command = importlib.import_module(module)
    for name in ("Options", "ExportOptions"):
        if options := getattr(command, name, None):
            return cast(type[Any], options)
    return _NoOptions


def completion(shell: str) -> str:
    """Return the script for one of SHELLS, made of the same dataclasses that commands read."""
    choices = tuple(
        Annotated[options_of(module), tyro.conf.subcommand(name, prefix_name=False)]
        for name, module in commands().items()
    )
    every: Any = Union.__getitem__(choices)  # made of a tuple
    return completion_script(every, shell=shell, prog="nurie") + FILES.get(shell, "")
