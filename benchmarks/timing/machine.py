"""Name the machine that measures, and say how busy others keep it."""

import contextlib
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.timing.record import Machine
from benchmarks.timing.subjects import usable_cores


def this_machine() -> Machine:
    """Return processor, usable cores and system."""
    return Machine(
        cpu=_processor(),
        cores=usable_cores(),
        system=f"{platform.system()} {platform.machine()}",
    )


def load_average() -> float:
    """Return how many processes wanted a core, on average over the last minute."""
    return os.getloadavg()[0]


def thermal_states() -> list[str]:
    """Return how hot the system says that it is, where it says so: a Mac."""
    if sys.platform != "darwin":
        return []
    from benchmarks.timing.mac import thermal_state

    return [thermal_state()]


def waited_for_cores_ms() -> float | None:
    """Return how long the threads of this process, together, were ready but had no core.

    Linux counts it for each thread (its documentation: scheduler/sched-stats). None elsewhere.
    """
    waited_ns = 0
    try:
        for thread in Path("/proc/self/task").iterdir():
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                waited_ns += int((thread / "schedstat").read_text(encoding="ascii").split()[1])
    except OSError:  # not Linux, or a kernel that does not count it
        return None
    return waited_ns / 1e6


def _processor() -> str:
    if sys.platform == "darwin":
        name = ("sysctl", "-n", "machdep.cpu.brand_string")
        return subprocess.run(name, capture_output=True, text=True, check=True).stdout.strip()
    found = re.search(r"^model name\s*:\s*(.+)$", _cpuinfo(), re.MULTILINE)
    return found[1].strip() if found else platform.machine()  # ARM's list has no such line


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8") if path.exists() else ""
