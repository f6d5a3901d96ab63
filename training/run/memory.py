"""The most memory that this process has held so far."""

import re
import resource
import sys
from pathlib import Path


def peak_bytes() -> int:
    """Return the most memory that was ever resident in this process."""
    # Where it can be had, not getrusage: its maximum outlives exec on Linux, so it may be that of
    # the process that started us.
    status = Path("/proc/self/status")
    if status.exists() and (
        found := re.search(rb"^VmHWM:\s+(\d+) kB$", status.read_bytes(), re.MULTILINE)
    ):
        return int(found[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
