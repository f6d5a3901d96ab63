"""Run a command and see how much memory the processes that it starts take."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.run.memory import peak_bytes_of

LOOK_EVERY_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Watched:
    """How a command went."""

    status: int
    seconds: float
    said: str  # on stderr
    # Most that one process had in memory; 0 where the system has no /proc to tell.
    command_bytes: int
    child_bytes: int  # of the processes that the command itself started


def watch(command: Sequence[str], *, said: Path) -> Watched:
    """Run a command to its end; what it says on stderr goes to the file `said`."""
    peaks: dict[int, int] = {}
    began = time.monotonic()
    with said.open("w") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            while process.poll() is None:
                for pid in (process.pid, *_children(process.pid)):
                    peaks[pid] = max(peaks.get(pid, 0), peak_bytes_of(pid) or 0)
                time.sleep(LOOK_EVERY_S)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    own = peaks.pop(process.pid, 0)
    return Watched(
        status=process.returncode,
        seconds=time.monotonic() - began,
        said=said.read_text(),
        command_bytes=own,
        child_bytes=max(peaks.values(), default=0),
    )


def python_module(name: str, *words: str) -> list[str]:
    """Return the command line of a module."""
    return [sys.executable, "-m", name, *words]


def _children(pid: int) -> list[int]:
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
