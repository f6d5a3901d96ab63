"""Commands in processes of their own, none of which outlives the process that started it."""

import importlib
import multiprocessing
import os
import sys
import threading
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal


def start_command(
    name: str,
    *arguments: str,
    said: Path | None = None,
    method: Literal["spawn", "forkserver"] = "spawn",
) -> BaseProcess:
    """Start `python -m NAME ARGUMENTS` in a process of its own.

    name: of a module with a `main`. said: a file that what it prints is added to; None: it prints
    where this process does. method: of multiprocessing; not fork, which would copy the locks of
    whatever threads TensorFlow runs. Where this process ends, even by kill -9, the other one ends
    too.
    """
    context: Any = multiprocessing.get_context(method)
    process: BaseProcess = context.Process(target=_serve, args=(name, arguments, said))
    process.start()
    return process


def end_with_parent() -> None:
    """Let this process, which multiprocessing started, end as soon as its parent has ended."""
    threading.Thread(target=_wait_for_the_end_of_the_parent, daemon=True).start()


def _serve(name: str, arguments: tuple[str, ...], said: Path | None) -> None:
    end_with_parent()
    if said is not None:
        with said.open("ab") as file:
            for standard in (1, 2):
                os.dup2(file.fileno(), standard)
    sys.exit(importlib.import_module(name).main(arguments))


def _wait_for_the_end_of_the_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)  # as a kill would: every output is complete or not there at all
