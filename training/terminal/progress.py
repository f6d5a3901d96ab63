"""Progress of long work on stderr: a bar on a terminal, a line a minute anywhere else."""

import sys
import time
from types import TracebackType
from typing import Self

from training.files.printable import printable

SECONDS_BETWEEN_LINES = 60.0


class Progress:
    """Counts units of work and shows the rate and the time left.

    Used as a context manager:

        with Progress("training", total=9_000, unit="images") as progress:
            progress.advance(16, note="l1 0.08")
    """

    def __init__(self, what: str, *, total: int, unit: str, done: int = 0) -> None:
        """Begin at `done` of `total` units: a resumed run has some behind it."""
        self.what, self.total, self.unit = what, total, unit
        self.done = self._done_before = done
        self._started = self._printed = time.monotonic()
        self._bar = _rich_bar(what, total=total, done=done, unit=unit)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, units: int = 1, *, note: str = "") -> None:
        """Count `units` more as done; `note` stands at the end of the line."""
        self.done += units
        note = printable(note)  # often the name of a file
        rate = f"{self.rate:.1f} {self.unit}/s"
        if self._bar:
            self._bar.update(
                self._bar.task_ids[0], completed=self.done, rate=rate, note=f"{note:.60}"
            )
            return
        now = time.monotonic()
        if now - self._printed >= SECONDS_BETWEEN_LINES:
            self._printed = now
            print(
                f"{self.what}: {self.done}/{self.total} {self.unit}, {rate}, "
                f"{self._minutes_left()} min left  {note}".rstrip(),
                file=sys.stderr,
                flush=True,
            )

    @property
    def rate(self) -> float:
        """Units per second since the beginning of this process's work."""
        return (self.done - self._done_before) / max(time.monotonic() - self._started, 1e-9)

    def _minutes_left(self) -> str:
        # No rate where work was taken back to where it began, or beyond.
        rate = self.rate
        return f"{(self.total - self.done) / rate / 60:.0f}" if rate > 0 else "?"


def _rich_bar(what: str, *, total: int, done: int, unit: str):  # type: ignore[no-untyped-def]
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    bar = RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True),
    )
    bar.add_task(what, total=total, completed=done, rate=f"- {unit}/s", note="")
    return bar
