"""Read a command's options from its words: help that fits the terminal, refusals that help.

tyro reads; what is added here is whole words at the end of a line, refusals as sentences, and what
was probably meant.
"""

import ast
import io
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO, TypeVar

import tyro

from training.files.printable import printable
from training.terminal.meant import nearest
from training.terminal.refusals import Refused, refusing

CONFIG = (tyro.conf.CascadeSubcommandArgs,)  # options may stand before or after a preset
_STYLE = re.compile(r"\x1b\[[\d;]*m")

Options = TypeVar("Options")


def parse_options(
    options: type[Options], argv: Sequence[str] | None, *, prog: str, description: str
) -> Options:
    """Return what `argv` (the process's own words if None) says.

    prog: what is typed before them. Raises SystemExit as tyro does: 0 after --help, 2 for words
    that are no options, after a refusal on stderr.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    shown, refused = _Held(sys.stdout), _Held(sys.stderr)
    told = refusing(commands=lambda: _wanted(options, words))
    try:
        with redirect_stdout(shown), redirect_stderr(refused), told:
            return tyro.cli(options, args=words, prog=prog, description=description, config=CONFIG)
    except Refused as refusal:
        meant = did_you_mean(options, words)
        if len(meant) == 1:
            advice = f" Did you mean {meant[0][1]}?"
        else:
            advice = "".join(f" {given}: did you mean {near}?" for given, near in meant)
        print(f"error: {printable(str(refusal))}{advice}", file=sys.stderr)
        print(f"What can be typed: {prog} --help", file=sys.stderr)
        raise SystemExit(2) from refusal
    except SystemExit:
        width = shutil.get_terminal_size().columns
        print(fitted(shown.getvalue(), width=width), end="")
        print(refused.getvalue(), end="", file=sys.stderr)
        raise


def fitted(text: str, *, width: int) -> str:
    """Break the lines of a text that are longer than `width` columns, between words."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        plain = _STYLE.sub("", line)
        if len(plain.rstrip("\n")) <= width:
            lines.append(line)
            continue
        # A list of choices is one word: give it places to break at.
        choices = re.sub(r"\{[^{}]*\}", lambda found: found[0].replace(",", ", "), plain)
        broken = textwrap.wrap(choices, width, break_long_words=False, break_on_hyphens=False)
        lines += [f"{part}\n" for part in broken]
    return "".join(lines)


def did_you_mean(options: type[Any], words: Sequence[str]) -> list[tuple[str, str]]:
    """Return each word that is nearly one that `options` would take, and which."""
    flags, choices, commands = vocabulary(options)
    advice = []
    before = ""
    chosen = any(word in commands for word in words)
    for word in words:
        if word.startswith("--"):
            name, _, value = word.partition("=")
            meant = nearest(name, flags) if _spelt(name) not in flags else None
            wanted, given = meant, name
            if meant is None and value and value not in choices.get(_spelt(name), {value}):
                wanted, given = nearest(value, choices[_spelt(name)]), value
        elif before in choices and word not in choices[before]:
            wanted, given = nearest(word, choices[before]), word
        elif commands and not chosen and not before.startswith("-"):
            wanted, given = nearest(word, commands), word
        else:
            wanted = None
        if wanted:
            advice.append((given, wanted))
        before = _spelt(word)
    return advice


def _wanted(options: type[Any], words: Sequence[str]) -> list[str]:
    """The words of which one is to be chosen, where none of them stands yet."""
    commands = vocabulary(options)[2]
    return [] if commands & set(words) else sorted(commands)


def completion_script(options: Any, *, shell: str, prog: str) -> str:
    """Return the script by which a shell completes the words after `prog`.

    options: a dataclass, or a union of such that tyro takes as sub-commands.
    """
    script = io.StringIO()
    with redirect_stdout(script), suppress(SystemExit):
        read: Any = tyro.cli
        read(options, prog=prog, args=["--tyro-print-completion", shell], config=CONFIG)
    return script.getvalue()


class _Held(io.StringIO):
    """Keeps what is printed; as much of a terminal as the stream that it stands for."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def isatty(self) -> bool:
        return self._stream.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # which typeshed says is a variable
        return self._stream.encoding or "ascii"  # tyro asks whether it can draw frames


def _spelt(word: str) -> str:
    return word.replace("_", "-") if word.startswith("--") else word


def vocabulary(options: type[Any]) -> tuple[set[str], dict[str, set[str]], set[str]]:
    """The options, the choices of those that have some, and the sub-commands of a dataclass."""
    flags: set[str] = set()
    choices: dict[str, set[str]] = {}
    commands: set[str] = set()
    for spec in _specs(_completion_spec(options)):
        commands.update(spec["subcommands"])
        for option in spec["options"]:
            flags.update(option["flags"])
            for flag in option["flags"] if option["type"] == "choice" else ():
                choices[flag] = set(option["choices"]) - {"None"}
    return flags, choices, commands


def _completion_spec(options: type[Any]) -> dict[str, Any]:
    # What tyro tells shells holds every option and choice; it says so nowhere else.
    script = completion_script(options, shell="bash", prog="a")
    (spec,) = re.findall(r"^COMPLETION_SPEC = (.*)$", script, re.M)
    told: dict[str, Any] = ast.literal_eval(spec)
    return told


def _specs(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield spec
    for inner in spec["subcommands"].values():
        yield from _specs(inner)
