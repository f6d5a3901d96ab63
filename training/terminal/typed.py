"""Write a command as one would type it, for records and for pages that say how to repeat it."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from training.terminal.clone import CLONE


def typed_command(module: str, argv: Sequence[str] | None) -> str:
    """Return the command line that is running.

    argv: what `main` was given; None stands for the process's own arguments.
    """
    return python_command(module, *(sys.argv[1:] if argv is None else argv))


def python_command(module: str, *words: str | Path) -> str:
    """Return `python -m module words...`, quoted for a shell."""
    return shlex.join(["python", "-m", module, *map(str, words)])


def from_here(path: Path) -> str:
    """Name a path for a page: from the folder one is in; elsewhere by its name alone.

    A page may be given to others, whom it must not tell where somebody keeps their files.
    """
    whole, here = path.absolute(), Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else f".../{whole.name}"


def command_line(program: str, *words: str | Path) -> str:
    """Return a command of the environment that runs, as it can be typed here and now.

    program: such as python or tensorboard. For the terminal alone: where the environment is not
    below the folder one is in, the line holds its whole path.
    """
    path = Path(sys.executable).with_name(program)
    found = shutil.which(program)
    if found and Path(found) == path:
        typed = program
    elif path.is_relative_to(Path.cwd()):
        typed = str(path.relative_to(Path.cwd()))
    else:
        typed = str(path)
    return shlex.join([typed, *map(str, words)])


def install_command(extra: str, *words: str) -> str:
    """Return the command that installs an extra of this clone, as it can be typed here and now.

    words: further options of pip.
    """
    here = Path.cwd() == CLONE
    pinned = "constraints.txt" if here else str(CLONE / "constraints.txt")
    clone = "." if here else str(CLONE)
    return command_line("pip", "install", *words, "-c", pinned, f"{clone}[{extra}]")


def typed_here(command: str) -> str:
    """Return a command of python_command as it can be typed here, for pages that others read too.

    Where the environment is not below the folder one is in, python stays python: a page tells
    nobody where that lies.
    """
    word, space, rest = command.partition(" ")
    typed = command_line("python")
    own = word == "python" and not Path(shlex.split(typed)[0]).is_absolute()
    return f"{typed}{space}{rest}" if own else command
