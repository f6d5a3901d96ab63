"""Apply a function to many items in several processes, with the results in order.

An item costs at most itself: a process that dies of one, or takes too long over one, is replaced,
and the item's result says what happened.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import connection
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from training.errors import DataError
from training.terminal.apart import end_with_parent

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK = 16  # items sent at once: a message costs as much as rendering a small drawing
ITEMS_PER_WORKER = 64  # below, starting a process takes longer than the work
AHEAD = 32 * CHUNK  # items that may wait for the result of a slow one before them
LOOK_EVERY_S = 1.0  # how often the time limit is looked at while no result comes
_M_MMAP_THRESHOLD = -3  # glibc, malloc.h
_OWN_PAGES_FROM = 1 << 20  # bytes
# How the system ends a process, and how C++ ends itself.
_WANT_OF_MEMORY = (signal.SIGKILL, signal.SIGABRT)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one item may take."""

    seconds: float  # a longer one ends its process
    # Allocated above what a process starts with: more is a MemoryError within the function, or the
    # end of the process where native code cannot say so. Linux only: other systems do not count.
    memory_bytes: int


@contextmanager
def mapped_in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int | None,
    limits: Limits,
    lost: Callable[[Item, str], Result],
) -> Iterator[Iterator[Result]]:
    """Yield an iterator over function(item) for each item, in the order of `items`.

    Items are asked for when they are needed: AHEAD more than results were taken, at most.
    workers: processes; None for one a core; 0 for none beside this one, where nothing is limited
    and nothing survives what an item does to its process. lost: makes the result of an item whose
    process ended, from the item and the reason. Leaving the block early, by Ctrl-C too, drops what
    is not done. `function`, items and results travel by pickle; what `function` raises is raised.
    Raises DataError if a worker process cannot even begin.
    """
    if workers == 0:
        yield map(function, items)
        return
    items = iter(items)
    first = list(islice(items, ITEMS_PER_WORKER * available_cores()))
    if workers is None:
        workers = min(available_cores(), len(first) // ITEMS_PER_WORKER + 1)
    with Pool(function, workers=workers if first else 0, limits=limits, lost=lost) as pool:
        yield pool.results(chain(first, items))


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(kw_only=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection
    begun: bool = False  # it has said that it is ready
    # Numbers of the items that it has: the first is at work.
    at_work: deque[int] = field(default_factory=deque)
    since: float = 0.0  # monotonic clock: when the first can have begun, at the latest


class Pool(Generic[Item, Result]):
    """Processes that apply one function, for one iterable of items after the other."""

    def __init__(
        self,
        function: Callable[[Item], Result],
        *,
        workers: int,
        limits: Limits,
        lost: Callable[[Item, str], Result],
    ) -> None:
        """Start the processes. The arguments are those of `mapped_in_order`."""
        self._function, self._limits, self._lost = function, limits, lost
        self._items: Iterator[Item] = iter(())
        self._asked = self._yielded = 0  # items that were asked for, results that were taken
        self._begun: dict[int, Item] = {}  # by number: asked for, and without a result
        self._waiting: deque[int] = deque()  # numbers of these that no worker has
        self._done: dict[int, Result] = {}
        self._workers = [self._start() for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def results(self, items: Iterable[Item]) -> Iterator[Result]:
        """Yield the result of each item, in order. The ones before must all have been taken."""
        assert not self._begun and not self._done
        self._items = iter(items)
        while self._ask():
            while self._yielded not in self._done:
                self._listen()
            result = self._done.pop(self._yielded)
            self._yielded += 1
            yield result

    def _ask(self) -> bool:
        """Fetch what the workers may be given next; returns whether a result is to come."""
        more = islice(self._items, max(0, self._yielded + AHEAD - self._asked))
        for number, item in enumerate(more, start=self._asked):
            self._begun[number] = item
            self._waiting.append(number)
            self._asked = number + 1
        return self._yielded < self._asked

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for worker in self._workers:
            worker.process.kill()  # it only computes: nothing is left half written
        for worker in self._workers:
            self._bury(worker)

    def _start(self) -> _Worker:
        # Spawned, not forked: a fork would copy the locks of whatever threads TensorFlow runs.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self._function, self._limits.memory_bytes), daemon=True
        )
        process.start()
        theirs.close()  # so that the end of the process is the end of the pipe
        return _Worker(process=process, pipe=ours)

    def _listen(self) -> None:
        """Give the workers work, take what they have to say, and end those that take too long."""
        for worker in self._workers:
            if worker.begun and not worker.at_work:
                self._give_work(worker)
        by_pipe = {worker.pipe: worker for worker in self._workers}
        for pipe in connection.wait(list(by_pipe), timeout=LOOK_EVERY_S):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                self._take(worker, worker.pipe.recv())
            except (EOFError, OSError):  # in the middle of a message, too
                self._replace(worker, _how_it_ended(worker))
        for worker in list(self._workers):
            taken_s = time.monotonic() - worker.since
            if worker.at_work and taken_s > self._limits.seconds and not worker.pipe.poll():
                worker.process.kill()
                self._replace(worker, f"took longer than {self._limits.seconds:g} s")

    def _take(self, worker: _Worker, message: tuple[bool, Any]) -> None:
        worker.since = time.monotonic()
        succeeded, result = message
        if not succeeded:
            raise result
        if worker.begun:
            number = worker.at_work.popleft()
            self._done[number] = result
            del self._begun[number]
        worker.begun = True
        if not worker.at_work:  # at once: it would wait while this process does something else
            self._give_work(worker)

    def _give_work(self, worker: _Worker) -> None:
        # It waits for this message: it cannot be that each waits for the other to read.
        while self._waiting and len(worker.at_work) < CHUNK:
            worker.at_work.append(self._waiting.popleft())
        if worker.at_work:
            worker.since = time.monotonic()
            # Where it has died, its end of the pipe says so when it is listened to.
            with suppress(ConnectionError):
                worker.pipe.send([self._begun[number] for number in worker.at_work])

    def _replace(self, worker: _Worker, reason: str) -> None:
        if not worker.begun:
            raise DataError(
                f"a worker process could not begin: {reason}. Expected memory for "
                f"{len(self._workers)}; try again with fewer --workers."
            )
        self._workers.remove(worker)
        self._bury(worker)
        if worker.at_work:
            number = worker.at_work.popleft()
            self._done[number] = self._lost(self._begun.pop(number), reason)
            self._waiting.extendleft(reversed(worker.at_work))
        self._workers.append(self._start())

    @staticmethod
    def _bury(worker: _Worker) -> None:
        worker.process.join()
        worker.process.close()
        worker.pipe.close()


def _how_it_ended(worker: _Worker) -> str:
    worker.process.join()
    status = worker.process.exitcode
    assert status is not None
    if status >= 0:
        return f"its process ended with status {status}"
    ended = f"its process was ended by {signal.Signals(-status).name}"
    return f"{ended}, most likely for want of memory" if -status in _WANT_OF_MEMORY else ended


def _serve(pipe: connection.Connection, function: Callable[[Any], Any], memory_bytes: int) -> None:
    """Work in a process of its own: results go back one by one, so that it is known what is next.

    The first message says that the process has begun.
    """
    # First of all, before slow imports: the parent decides what Ctrl-C means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import cv2

    cv2.setNumThreads(1)  # the processes are the parallelism
    end_with_parent()  # an idle one would wait for work for ever
    _limit_memory(memory_bytes)
    pipe.send((True, None))
    while True:
        for item in pipe.recv():
            try:
                message = (True, function(item))
            except Exception as error:
                message = (False, error)
            pipe.send(message)


def _limit_memory(memory_bytes: int) -> None:
    """Let this process allocate as much as it has now and memory_bytes more, where it can be told.

    What is limited is what is written to, not addresses: libraries reserve many that they never
    touch, and as many more as there are cores.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return
    import ctypes
    import resource

    # By itself glibc comes to serve large pictures from a heap that their remains break up: each
    # gets pages of its own, given back when it is done. Other C libraries do so anyway.
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, _OWN_PAGES_FROM)
    (data,) = (line for line in status.read_text().splitlines() if line.startswith("VmData:"))
    limit = int(data.split()[1]) * 1024 + memory_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
