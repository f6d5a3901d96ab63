"""Notice every file that Python opens outside of a folder and of Python's own."""

import os
import sys
from pathlib import Path
from typing import Any


class Opened:
    """While it is entered, `outside` gathers what was opened elsewhere."""

    _current: "Opened | None" = None
    _hooked = False  # a hook cannot be taken away: there is one for all

    def __init__(self, folder: Path) -> None:
        """folder: what may be opened."""
        self._allowed = (
            str(folder.resolve()),
            sys.prefix,
            sys.base_prefix,
            "/proc",
            "/sys",
            "/dev",
        )
        self.outside: set[str] = set()

    def __enter__(self) -> "Opened":
        """Begin to notice."""
        if not Opened._hooked:
            sys.addaudithook(Opened._notice)
            Opened._hooked = True
        Opened._current = self
        return self

    def __exit__(self, *_: object) -> None:
        """Notice no more."""
        Opened._current = None

    @staticmethod
    def _notice(event: str, arguments: tuple[Any, ...]) -> None:
        current = Opened._current
        if event != "open" or current is None or not isinstance(arguments[0], str):
            return
        resolved = os.path.realpath(arguments[0])
        if not resolved.startswith(current._allowed) and not resolved.endswith((".py", ".pyc")):
            current.outside.add(resolved)
