"""Kill commands while they write, and look at what stands there; run them again in the end."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.survival.outputs import OutputCommand, leftovers, remove, touched
from benchmarks.survival.processes import run_in_peace, run_until_killed


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What happened to the output of one command."""

    command: str
    trials: int = 0  # it was killed, or the disk was full
    cut_off: int = 0  # of these, while it wrote
    faults: tuple[str, ...] = ()  # what was lost, or not said as it should be


def kill_outputs(
    command: OutputCommand,
    work: Path,
    *,
    kills: int,
    moments: np.random.Generator,
    on_kill: Callable[[], None] = lambda: None,
) -> Tally:
    """Kill one command so often, with and without something older in the place of its output."""
    folder = work / command.name
    folder.mkdir()
    output, said = folder / f"output{command.suffix}", work / "said.txt"
    faults: list[str] = []
    done = cut_off = 0
    while done < kills:
        before = touched(folder)
        had_old = output.exists()
        if not had_old and moments.random() < 1 / 2:
            command.put_old(output)
            had_old = True
        status = run_until_killed(
            command.step(output),
            said=said,
            begun=lambda before=before: bool(touched(folder) - before),  # type: ignore[misc]
            start_s=command.start_s,
            work_s=command.work_s,
            moments=moments,
        )
        if fault := command.fault(output, had_old=had_old, complete=status == 0):
            faults.append(fault)
        if status is None:
            done += 1
            cut_off += bool(leftovers(folder))
            on_kill()
        elif status != 0:
            faults.append(f"{command.name} ended with status {status}: {said.read_text()[-500:]}")
            break
        if command.fault(output, had_old=False) is None and output.exists():
            remove(output)  # complete: the next one begins anew
    run_in_peace(command.step(output), said=said)
    if fault := command.fault(output, had_old=False, complete=True):
        faults.append(f"run again after {done} kills: {fault}")
    faults += [f"{path.name} is left" for path in leftovers(folder)]
    return Tally(command=command.name, trials=done, cut_off=cut_off, faults=tuple(faults))
