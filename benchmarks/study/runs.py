"""Train the cells of the experiment, each in a process of its own, a few at a time.

The folder of a cell:

    run/              what training.train writes
    training.log      what it said
    status.json       how it ended, and the seconds of processor that it took

What is complete is left alone, what is not goes on from its newest checkpoint. A loss that is not
finite any more is a result; any other failure is listed and stops no other cell.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Literal

from benchmarks.pages.commands import training_command
from benchmarks.study.plan import Cell
from training.errors import ConfigError
from training.files.lock import held_alone
from training.files.record_format import RecordFormat
from training.run.run_metrics import read_metrics
from training.terminal.command import DIVERGED, DONE
from training.terminal.progress import Progress

RUN, LOG_FILE, STATUS_FILE = "run", "training.log", "status.json"
POLL_S = 0.5
# Two processes of one thread train more than one process of two: decision 15.
ONE_THREAD = dict.fromkeys(
    ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"), "1"
)

Outcome = Literal["running", "interrupted", "complete", "diverged", "failed"]


@dataclass(frozen=True, kw_only=True)
class Status:
    """How the training of a cell stands."""

    command: str  # what trains it
    outcome: Outcome
    step: int = 0  # updates of the generator in the epochs that are recorded
    said: str = ""  # why it failed or diverged
    cpu_s: float = 0.0  # seconds of processor, all sessions together
    counted: bool = True  # false: a session was killed, and its seconds with it


STATUSES = RecordFormat(
    kind=Status,
    name="nurie-experiment-cell/1",
    what="the status of a cell",
    expected="what benchmarks.experiment writes",
    remedy="remove it, and the cell is trained on",
    error=ConfigError,
)


def run_cells(cells: Sequence[Cell], out: Path, *, data: Path, jobs: int) -> None:
    """Train what is not over, `jobs` at a time; their status files say how each one ended.

    Raises ConfigError where a folder of `out` holds another training than its cell, and where
    another process trains in `out`.
    """
    require_own(cells, out, data=data)
    waiting = deque(cell for cell in cells if not is_over(read_status(out / cell.name)))
    if not waiting:
        return
    from training.data.shards import read_manifest

    count = read_manifest(data).count("train")

    def epoch_pictures(cell: Cell) -> int:
        return count // cell.config.pairs_per_step * cell.config.pairs_per_step

    total = sum(epoch_pictures(cell) * cell.config.epochs for cell in cells)
    left = sum(
        epoch_pictures(cell) * (cell.config.epochs - len(metrics_of(out / cell.name)))
        for cell in waiting
    )
    running: list[CellProcess] = []
    ended = len(cells) - len(waiting)
    out.mkdir(parents=True, exist_ok=True)
    taken = ConfigError(
        f"{out}: another process trains in this folder. Wait for it, or end it first; "
        "--page-only shows what there is."
    )
    with (
        held_alone(out, refusal=taken) as lock,
        _interruptions() as asked_to_end,
        Progress("training", total=total, unit="pictures", done=total - left) as progress,
    ):
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    cell = waiting.popleft()
                    pictures = epoch_pictures(cell)
                    running.append(
                        CellProcess(cell, out, data=data, epoch_pictures=pictures, lock=lock)
                    )
                time.sleep(POLL_S)
                if asked_to_end:
                    raise KeyboardInterrupt
                for process in list(running):
                    if seen := process.newly_seen():
                        progress.advance(seen, note=f"{ended} of {len(cells)} cells over")
                    status = process.poll()
                    if status is None:
                        continue
                    running.remove(process)
                    ended += 1
                    if status.outcome == "failed":
                        print(f"{process.cell.name} failed: {status.said}", file=sys.stderr)
        finally:  # interrupted, or a mistake of ours: no child is left behind
            for process in running:
                process.ask_to_end()
            for process in running:
                process.wait_for_end()


def require_own(cells: Iterable[Cell], out: Path, *, data: Path) -> None:
    """Refuse folders in which another config or data set was trained than their cells say.

    Raises ConfigError with the first difference.
    """
    from training.data.shards import read_manifest
    from training.run.resuming import RUN_FILE, describe_run, differences

    manifest = read_manifest(data)
    for cell in cells:
        run = out / cell.name / RUN
        if not (run / RUN_FILE).exists():
            continue
        listed = differences(run, describe_run(cell.config, data, manifest=manifest))
        if listed:
            raise ConfigError(
                f"{run} was trained otherwise: {listed}. Give the options that the experiment was "
                "begun with, or name another --out."
            )


def is_over(status: Status | None) -> bool:
    """Return whether there is nothing left to train."""
    return status is not None and status.outcome in ("complete", "diverged")


def read_status(folder: Path) -> Status | None:
    """Return how a cell stands; None before its first session."""
    path = folder / STATUS_FILE
    if not path.exists():
        return None
    return STATUSES.read(path)


def metrics_of(folder: Path) -> list[dict[str, float]]:
    """Return what the training of a cell recorded, one dictionary per epoch, oldest first."""
    return read_metrics(folder / RUN)


class CellProcess:
    """One session of training a cell, in a process of its own.

    It holds the lock too: where this process is killed alone, another experiment waits for those
    that train on.
    """

    def __init__(
        self, cell: Cell, out: Path, *, data: Path, epoch_pictures: int, lock: int
    ) -> None:
        self.cell, self._folder = cell, out / cell.name
        self._epoch_pictures, self._epochs_seen = epoch_pictures, len(metrics_of(self._folder))
        self._folder.mkdir(parents=True, exist_ok=True)
        before = read_status(self._folder)
        self._status = Status(
            command=cell_command(cell, out, data=data),
            outcome="running",
            cpu_s=before.cpu_s if before else 0.0,
            # One that was running and is not waited for any more took its count with it.
            counted=before is None or (before.counted and before.outcome != "running"),
        )
        self._write(self._status)
        words = shlex.split(self._status.command)[1:]
        resume = ["--resume"] if (self._folder / RUN).exists() else []
        self._log = (self._folder / LOG_FILE).open("ab")
        self._log_began = self._log.tell()
        self._process = subprocess.Popen(
            [sys.executable, *words, *resume],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=os.environ | ONE_THREAD,
            pass_fds=(lock,),
        )
        self.pid = self._process.pid

    def newly_seen(self) -> int:
        """Return how many pictures were trained on since this was asked last, in whole epochs."""
        epochs = len(metrics_of(self._folder))
        # A resumed run first takes back what a killed one recorded after its newest checkpoint.
        new = max(epochs - self._epochs_seen, 0)
        self._epochs_seen += new
        return new * self._epoch_pictures

    def poll(self) -> Status | None:
        """Return how it ended; None while it runs."""
        return self._wait(os.WNOHANG)

    def ask_to_end(self) -> None:
        """Ask it to end: a run goes on from its newest checkpoint, wherever it was ended."""
        # Not by Popen.terminate, which would wait for one that a Ctrl-C has ended already: its
        # seconds are counted here.
        os.kill(self.pid, signal.SIGTERM)

    def wait_for_end(self) -> None:
        """Wait until it has ended, and note how."""
        self._wait(0, interrupted=True)

    def _wait(self, options: int, *, interrupted: bool = False) -> Status | None:
        pid, code, used = os.wait4(self.pid, options)
        if pid == 0:
            return None
        self._process.returncode = os.waitstatus_to_exitcode(code)
        self._log.close()
        status = replace(
            self._ended(self._process.returncode, interrupted=interrupted),
            cpu_s=round(self._status.cpu_s + used.ru_utime + used.ru_stime, 1),
        )
        self._write(status)
        return status

    def _ended(self, code: int, *, interrupted: bool) -> Status:
        metrics = metrics_of(self._folder)
        step = int(metrics[-1]["step"]) if metrics else 0
        if code == DONE:
            return replace(self._status, outcome="complete", step=step)
        if interrupted and code != DIVERGED:
            return replace(self._status, outcome="interrupted", step=step)
        said = (self._folder / LOG_FILE).read_bytes()[self._log_began :].decode(errors="replace")
        errors = [line for line in said.splitlines() if line.startswith("error: ")]
        last = (errors or said.splitlines() or [f"no word, exit status {code}"])[-1]
        outcome: Outcome = "diverged" if code == DIVERGED else "failed"
        return replace(self._status, outcome=outcome, step=step, said=last.removeprefix("error: "))

    def _write(self, status: Status) -> None:
        STATUSES.write(status, self._folder / STATUS_FILE, overwrite=True)


def cell_command(cell: Cell, out: Path, *, data: Path) -> str:
    """Return what to type to train a cell."""
    return training_command(cell.config, data=str(data), run=str(out / cell.name / RUN))


@contextmanager
def _interruptions() -> Iterator[list[int]]:
    """Yield the signals that ask for an end, as they come: nothing is torn in the middle."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
