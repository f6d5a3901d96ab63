"""Fill the disk under commands: a small file system in memory, which root alone may mount."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.survival.kills import Tally
from benchmarks.survival.outputs import OutputCommand, leftovers, remove
from benchmarks.survival.processes import run_in_peace, run_to_its_end
from benchmarks.survival.training import compared, training_step
from training.errors import NurieError
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, REFUSED

PAGE = 4096  # bytes: what a file of one byte takes there
TRAINED_EPOCHS = 2
ENOUGH = 1 << 30  # bytes
_TOLD = re.compile(r"^error: the system refused: .*No space left on device: '.+'\. .+\.$", re.M)


def why_no_disk_can_be_filled(folder: Path) -> str | None:
    """Say why no file system can be mounted; None where one can."""
    try:
        with small_disk(folder, size=PAGE):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        return f"no small file system can be mounted: {said.strip()}"


@contextmanager
def small_disk(folder: Path, *, size: int) -> Iterator[None]:
    """Mount a file system of `size` bytes at a new folder."""
    folder.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
        try:
            yield
        finally:
            # Lazily: a process that was killed may not have ended yet.
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)
    finally:
        folder.rmdir()


def fill_under_outputs(
    command: OutputCommand,
    work: Path,
    *,
    times: int,
    moments: np.random.Generator,
    on_trial: Callable[[], None] = lambda: None,
) -> Tally:
    """Let a command write where a random share of its output has room."""
    faults: list[str] = []
    full = 0
    said = work / "said.txt"
    for trial in range(times):
        had_old = trial % 2 == 1
        room = int(moments.random() * command.bytes) + 4 * PAGE
        with small_disk(work / "disk", size=room):
            output = work / "disk" / f"output{command.suffix}"
            if had_old:
                command.put_old(output)
            said.write_text("")
            status = run_to_its_end(command.step(output), said=said)
            full += status != DONE
            fault = command.fault(output, had_old=had_old, complete=status == DONE)
            if status != DONE and output.exists() and not had_old:
                fault = f"{output.name} is there, though the command refused"
            faults += [fault] if fault else _unsaid(command.name, status, said.read_text())
            faults += [f"{path.name} is left" for path in leftovers(work / "disk")]
            if output.exists():
                remove(output)
        on_trial()
    return Tally(command=command.name, trials=times, cut_off=full, faults=tuple(faults))


def fill_under_training(
    data: Path,
    work: Path,
    *,
    times: int,
    moments: np.random.Generator,
    on_trial: Callable[[], None] = lambda: None,
) -> Tally:
    """Let trainings run out of room, give them some, resume them, and compare every bit."""
    whole, said = work / "trained", work / "said.txt"
    run_in_peace(training_step(data, whole, epochs=TRAINED_EPOCHS), said=said)
    needed = sum(-(-path.stat().st_size // PAGE) * PAGE for path in whole.rglob("*"))
    faults: list[str] = []
    full = 0
    for _ in range(times):
        room = int(moments.random() * needed) + 4 * PAGE
        with small_disk(work / "disk", size=room):
            run = work / "disk" / "run"
            said.write_text("")
            status = run_to_its_end(training_step(data, run, epochs=TRAINED_EPOCHS), said=said)
            full += status != DONE
            faults += _unsaid("training.train", status, said.read_text())
            faults += _damaged(run)
            _mount("-o", f"remount,size={ENOUGH}", str(work / "disk"))
            said.write_text("")
            run_in_peace(training_step(data, run, epochs=TRAINED_EPOCHS), said=said)
            faults += [f"{name} differs" for name in compared(whole, run)[1]]
        on_trial()
    return Tally(command="training.train", trials=times, cut_off=full, faults=tuple(faults))


def _unsaid(name: str, status: int, said: str) -> list[str]:
    """Return what is wrong with how a command ended: done, or refused in the system's words."""
    if status == DONE or (status == REFUSED and _TOLD.search(said)):
        return []
    return [f"{name} ended with status {status}: {said[-500:]}"]


def _damaged(run: Path) -> list[str]:
    """Return what is wrong with the checkpoints of a run, and what is left beside them."""
    faults = [f"{path.name} is left" for path in run.rglob(".partial-*")]
    for folder in (run / "checkpoints").glob("epoch-*"):
        try:
            find_checkpoint(folder)
        except NurieError as error:
            faults.append(str(error))
    return faults


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], capture_output=True, text=True, check=True)
