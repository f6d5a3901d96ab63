"""A chain of commands, each printed as somebody would type it before it runs."""

import importlib
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from training.terminal.apart import start_command
from training.terminal.command import DONE, FAILED
from training.terminal.typed import python_command

PATIENCE_S = 5.0  # for an interrupted process to end by itself


@dataclass(frozen=True)
class Step:
    """One command: `python -m NAME ARGUMENTS`."""

    name: str  # of a module with a `main`
    arguments: tuple[str, ...]


def run_here(step: Step) -> int:
    """Run a step in this process, which has imported already what most steps need."""
    status: int = importlib.import_module(step.name).main(step.arguments)
    return status


def run_apart(step: Step, *, said: Path | None = None) -> int:
    """Run a step in a process of its own, whose memory comes back: large nets need that.

    It ends with this process, however that ends. said: as `start_command` takes it.
    """
    process = start_command(step.name, *step.arguments, said=said)
    try:
        process.join()
    except KeyboardInterrupt:  # it has heard of Ctrl-C itself
        process.join(PATIENCE_S)
        process.kill()
        process.join()
        raise
    status = process.exitcode
    assert status is not None
    if status >= 0:
        return status
    reason = signal.Signals(-status).name
    print(f"{step.name} was ended by {reason}; SIGKILL: was there memory left?", file=sys.stderr)
    return 128 - status  # as shells say it


def run_steps(steps: Iterable[Step], run: Callable[[Step], int]) -> int:
    """Run steps in turn; returns the worst status, or at once the first that is a refusal.

    A gate that failed is a result to look at; a refusal leaves nothing for the next step.
    """
    worst = DONE
    for step in steps:
        print(f"\n$ {python_command(step.name, *step.arguments)}", flush=True)
        status = run(step)
        if status not in (DONE, FAILED):
            return status
        worst = max(worst, status)
    return worst
