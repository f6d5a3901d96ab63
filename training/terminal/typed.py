"""Write a command as one would type it, for records and for pages that say how to repeat it."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path


def typed_command(module: str, argv: Sequence[str] | None) -> str:
    """Return the command line that is running.

    argv: what `main` was given; None stands for the process's own arguments.
    """
    return python_command(module, *(sys.argv[1:] if argv is None else argv))


def python_command(module: str, *words: str | Path) -> str:
    """Return `python -m module words...`, quoted for a shell."""
    return shlex.join(["python", "-m", module, *map(str, words)])
