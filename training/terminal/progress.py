"""Progress of long work on stderr: a bar on a terminal, a line a minute anywhere else.

Where a terminal is narrow, what the work is, its share, its rate, the time left and what was
measured last stay; the bar and the note give way.
"""

import sys
import time
from types import TracebackType
from typing import Self

from training.files.printable import printable

SECONDS_BETWEEN_LINES = 60.0
SHORTEST_BAR, LONGEST_BAR = 5, 30  # columns


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
        self.stage = ""  # of the work, such as an epoch
        self.measured = ""  # of the last stage
        self._note = ""
        self._started = self._printed = time.monotonic()
        self._bar = _rich_bar(self)

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
        self._note = note
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=self.done)
        elif time.monotonic() - self._printed >= SECONDS_BETWEEN_LINES:
            self._print(note)

    def warmed_up(self) -> None:
        """Count the rate from here on: what came before took longer, such as compiling."""
        self._started, self._done_before = time.monotonic(), self.done

    def end_stage(self, measured: str) -> None:
        """Show what was measured at the end of a stage, away from a terminal as a line."""
        self.measured = measured
        if not self._bar:
            self._print(measured)

    def line(self, width: int) -> str:
        """Return what the work is and how far it came, in at most `width` columns if it can."""
        share = self.done / self.total if self.total else 1.0
        told = [
            f"{self.what} {self.stage}".rstrip(),
            f"{share:4.0%}",
            f"{self.rate:.1f} {self.unit}/s",
            f"{self._left()} left",
            *filter(None, [self.measured]),
        ]
        room = width - len("  ".join(told)) - 2
        if room >= SHORTEST_BAR:
            length = min(room, LONGEST_BAR)
            filled = round(share * length)
            told.insert(2, "\N{BOX DRAWINGS HEAVY HORIZONTAL}" * filled + " " * (length - filled))
            room -= length + 2
        for part in self._note.split("  "):
            if len(part) > room:
                break
            told.append(part)
            room -= len(part) + 2
        return "  ".join(told)

    @property
    def rate(self) -> float:
        """Units per second since the beginning of this process's work, or since it warmed up."""
        return (self.done - self._done_before) / max(time.monotonic() - self._started, 1e-9)

    def _print(self, note: str) -> None:
        self._printed = time.monotonic()
        stage = f"{self.stage}, " if self.stage else ""
        print(
            f"{self.what}: {stage}{self.done}/{self.total} {self.unit}, "
            f"{self.rate:.1f} {self.unit}/s, {self._minutes_left()} min left  {note}".rstrip(),
            file=sys.stderr,
            flush=True,
        )

    def _seconds_left(self) -> float | None:
        # No rate where work was taken back to where it began, or beyond.
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def _minutes_left(self) -> str:
        seconds = self._seconds_left()
        return "?" if seconds is None else f"{seconds / 60:.0f}"

    def _left(self) -> str:
        seconds = self._seconds_left()
        if seconds is None:
            return "?"
        minutes, seconds = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _rich_bar(progress: Progress):  # type: ignore[no-untyped-def]
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    console = Console(stderr=True)

    class Line(ProgressColumn):
        def render(self, task: Task) -> Text:
            # A column of the terminal stays free: one that is full may begin a new line.
            return Text(progress.line(console.width - 1), no_wrap=True, overflow="ellipsis")

    bar = RichProgress(Line(), console=console)
    bar.add_task(progress.what, total=progress.total, completed=progress.done)
    return bar
