"""A chain of commands, each printed as somebody would type it before it runs."""

import importlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from training.terminal.command import DONE, FAILED
from training.terminal.typed import python_command


@dataclass(frozen=True)
class Step:
    """One command: `python -m NAME ARGUMENTS`."""

    name: str  # of a module with a `main`
    arguments: tuple[str, ...]


def run_here(step: Step) -> int:
    """Run a step in this process, which has imported already what most steps need."""
    status: int = importlib.import_module(step.name).main(step.arguments)
    return status


def run_apart(step: Step) -> int:
    """Run a step in a process of its own, whose memory comes back: large nets need that."""
    status = subprocess.run([sys.executable, "-m", step.name, *step.arguments]).returncode
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
