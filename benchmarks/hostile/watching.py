"""Run a command and see how much memory the processes that it starts take."""

import time
from dataclasses import dataclass
from pathlib import Path

from training.run.memory import peak_bytes_of
from training.terminal.apart import start_command
from training.terminal.steps import Step

LOOK_EVERY_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Watched:
    """How a command went."""

    status: int
    seconds: float
    said: str
    # Most that one process had in memory; 0 where the system has no /proc to tell.
    command_bytes: int
    child_bytes: int  # of the processes that the command itself started


def watch(step: Step, *, said: Path) -> Watched:
    """Run a command to its end; what it says goes to the file `said`."""
    peaks: dict[int, int] = {}
    began = time.monotonic()
    process = start_command(step.name, *step.arguments, said=said)
    assert process.pid is not None
    try:
        while process.is_alive():
            for pid in (process.pid, *_children(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0), peak_bytes_of(pid) or 0)
            time.sleep(LOOK_EVERY_S)
    finally:
        process.terminate()
        process.join()
    own = peaks.pop(process.pid, 0)
    assert process.exitcode is not None
    return Watched(
        status=process.exitcode,
        seconds=time.monotonic() - began,
        said=said.read_text(),
        command_bytes=own,
        child_bytes=max(peaks.values(), default=0),
    )


def _children(pid: int) -> list[int]:
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
