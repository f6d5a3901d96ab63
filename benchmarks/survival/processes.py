"""Run commands in processes of their own, in peace or until they are killed.

They are forked from a server that has imported what takes longest, and done nothing else: a start
takes a second, not ten, and hundreds of kills fit in minutes.
"""

import functools
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from training.errors import DataError
from training.terminal.apart import start_command
from training.terminal.command import DONE
from training.terminal.steps import Step

SHARE_AT_START = 0.2  # of the kills: at any moment before a command has begun to write
LOOK_EVERY_S = 0.002
IMPORTED = ("tensorflow", "keras", "coremltools", "tf2onnx", "onnx", "cv2", "h5py", "PIL.Image")
_SAID = 2_000  # characters of what a command said that are shown


def start(step: Step, *, said: Path) -> BaseProcess:
    """Start a command; what it says is added to the file `said`. It ends with this process."""
    _start_server()
    return start_command(step.name, *step.arguments, said=said, method="forkserver")


def run_to_its_end(step: Step, *, said: Path) -> int:
    """Run a command; returns its status, that of a signal below 0."""
    process = start(step, said=said)
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def run_in_peace(step: Step, *, said: Path) -> None:
    """Run a command to its end. Raises DataError where it does not end with 0."""
    require_success(run_to_its_end(step, said=said), step, said=said)


def run_until_killed(
    step: Step,
    *,
    said: Path,
    begun: Callable[[], bool],
    start_s: float,
    work_s: float,
    moments: np.random.Generator,
) -> int | None:
    """Kill a command at a random moment; returns its status where it came to its end before.

    begun: whether it has begun with what is to be cut off, which it does after about start_s, and
    does for about work_s.
    """
    process = start(step, said=said)
    try:
        if moments.random() < SHARE_AT_START:
            process.join(moments.random() * start_s)
        else:
            while process.is_alive() and not begun():
                time.sleep(LOOK_EVERY_S)
            process.join(moments.random() * work_s)
        ended = process.exitcode
    finally:
        process.kill()
        process.join()
    return ended


def require_success(status: int, step: Step, *, said: Path) -> None:
    """Raise DataError, with what a command said, where its status is not 0."""
    if status != DONE:
        told = said.read_text(errors="replace")[-_SAID:] if said.exists() else ""
        raise DataError(f"{step.name} ended with status {status}. Expected 0; it said:\n{told}")


@functools.cache
def _start_server() -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(IMPORTED))
    # What the libraries say while they are imported is no word of a command.
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        forkserver.ensure_running()
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
