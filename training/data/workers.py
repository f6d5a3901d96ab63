"""Apply a function to many items in several processes, with the results in order."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection
from typing import TypeVar

from training.errors import DataError

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK = 16  # items sent at once: a message costs as much as rendering a small drawing
ITEMS_PER_WORKER = 64  # below, starting a process takes longer than the work


@contextmanager
def mapped_in_order(
    function: Callable[[Item], Result], items: Sequence[Item], *, workers: int | None
) -> Iterator[Iterator[Result]]:
    """Yield an iterator over function(item) for each item, in the order of `items`.

    workers: processes; None for one a core, 1 for none beside this one. Leaving the block early,
    by Ctrl-C too, drops what is not begun. `function` and items travel by pickle.
    Raises DataError if a worker process dies.
    """
    if workers is None:
        workers = min(available_cores(), len(items) // ITEMS_PER_WORKER + 1)
    if workers == 1:
        yield map(function, items)
        return
    # Spawned, not forked: a fork would copy the locks of whatever threads TensorFlow runs.
    executor = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_worker
    )
    try:
        yield executor.map(function, items, chunksize=CHUNK)
    except BrokenProcessPool as error:
        raise DataError(
            f"a worker process died, most likely for want of memory. Expected {workers} to fit; "
            "try again with fewer --workers."
        ) from error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin_worker() -> None:
    # First of all, before slow imports: the parent decides what Ctrl-C means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import cv2

    cv2.setNumThreads(1)  # the processes are the parallelism
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Leave when the parent is killed: an idle worker would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
