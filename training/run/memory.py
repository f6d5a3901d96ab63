"""The most memory that a process has held so far."""

import re
import resource
import sys
from pathlib import Path
from typing import Literal


def peak_bytes() -> int:
    """Return the most memory that was ever resident in this process."""
    # Where it can be had, not getrusage: its maximum outlives exec on Linux, so it may be that of
    # the process that started us.
    if (told := peak_bytes_of("self")) is not None:
        return told
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_bytes_of(process: int | Literal["self"]) -> int | None:
    """Return the same of any process by its number; None where /proc does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_bytes()
    except OSError:
        return None  # another system, or it has just ended
    found = re.search(rb"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return None if found is None else int(found[1]) * 1024
