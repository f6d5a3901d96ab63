"""Apply a function to many items on the workers of a Dask cluster, with the results in order.

Dask decides where a chunk is drawn, and draws the chunks of a lost worker again elsewhere. Each of
its threads hands the items on to a process of its own (training/data/preparing/workers.py), where
they have the limits, and cost what they cost, on one machine: an item cannot end a Dask worker.
"""

import multiprocessing
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from training.data.preparing.versions import differences, versions
from training.data.preparing.workers import Limits, Pool
from training.errors import DataError, MissingExtra
from training.terminal.typed import install_command

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK = 32  # items of one task: a task costs about as much as drawing one small picture
CHUNKS_A_THREAD = 4  # that may wait for the result of a slow one before them
ANSWER_WITHIN_S = 30.0  # the scheduler, and its first worker
NO_WORKER_S = 120.0  # so long new workers are waited for when all are gone
LOOK_EVERY_S = 2.0
# Dask gives up a chunk whose worker was lost four times, since it may be to blame. Ours is not.
TIMES_GIVEN_UP = 5


@dataclass(frozen=True, kw_only=True)
class _Task(Generic[Item, Result]):
    """What a worker needs to know beside the items."""

    token: str  # of this preparation
    function: Callable[[Item], Result]
    limits: Limits
    lost: Callable[[Item, str], Result]
    versions: dict[str, str]


class Cluster:
    """A Dask scheduler and its workers."""

    def __init__(self, address: str, *, sources: Sequence[str]) -> None:
        """Connect to the scheduler, and look at the workers that it has.

        sources: what is to be read; paths that exist here must exist there. Raises DataError where
        nothing answers, or a worker has other versions or lacks a source; MissingExtra.
        """
        self._address, self._sources = address, sources
        with self._client() as client:
            self._require_alike(client)

    @contextmanager
    def mapped_in_order(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        limits: Limits,
        lost: Callable[[Item, str], Result],
    ) -> Iterator[Iterator[Result]]:
        """Yield an iterator over function(item) for each item, in the order of `items`.

        As training.data.preparing.workers.mapped_in_order does. Raises DataError where the
        scheduler ends, or no worker is left.
        """
        if any(not Path(path).is_absolute() for path in self._paths()):
            function = partial(_in_folder, str(Path.cwd()), function)
        task = _Task(
            token=secrets.token_hex(8),
            function=function,
            limits=limits,
            lost=lost,
            versions=versions(),
        )
        with self._client() as client:
            try:
                yield self._results(client, task, iter(items))
            finally:
                if client.status == "running":
                    client.run(_end_pools, None, on_error="ignore")

    def _results(
        self, client: "Client", task: "_Task[Item, Result]", items: Iterator[Item]
    ) -> Iterator[Result]:
        at_work: deque[tuple[list[Item], Future]] = deque()
        more = True
        while more or at_work:
            room = max(2, CHUNKS_A_THREAD * sum(client.nthreads().values()))
            while more and len(at_work) < room:
                chunk = list(islice(items, CHUNK))
                more = len(chunk) == CHUNK
                if chunk:
                    at_work.append((chunk, client.submit(_draw, task, chunk, pure=False)))
            if at_work:
                yield from self._result(client, task, *at_work.popleft())

    def _result(
        self, client: "Client", task: "_Task[Item, Result]", chunk: list[Item], future: "Future"
    ) -> list[Result]:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker, TimeoutError
        from distributed.comm import CommClosedError

        given_up, worker_seen = 0, time.monotonic()
        while True:
            try:
                done: list[Result] = future.result(timeout=LOOK_EVERY_S)
                return done
            except TimeoutError:
                if client.nthreads():
                    worker_seen = time.monotonic()
                if time.monotonic() - worker_seen > NO_WORKER_S:
                    raise DataError(
                        f"{self._address}: expected workers, received none for "
                        f"{NO_WORKER_S:.0f} s. Start some, and go on with --resume."
                    ) from None
            except KilledWorker as error:
                given_up += 1
                if given_up == TIMES_GIVEN_UP:
                    raise DataError(
                        f"{self._address}: the workers of a chunk were lost {4 * given_up} times: "
                        f"{error}. Look at what ends them, and go on with --resume."
                    ) from error
                future = client.submit(_draw, task, chunk, pure=False)
            except (CancelledError, CommClosedError) as error:
                raise DataError(
                    f"{self._address}: the scheduler does not answer any more. Start it and its "
                    "workers again, and go on with --resume."
                ) from error

    @contextmanager
    def _client(self) -> Iterator["Client"]:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise MissingExtra(f"--cluster needs Dask: {install_command('cluster')}") from error
        try:
            client = Client(self._address, timeout=ANSWER_WITHIN_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise DataError(
                f"--cluster {self._address}: expected the address of a Dask scheduler, such as "
                f"tcp://127.0.0.1:8786, received no answer ({error}). Start one: dask scheduler."
            ) from error
        with client:
            yield client

    def _require_alike(self, client: "Client") -> None:
        from distributed import TimeoutError

        try:
            client.wait_for_workers(1, timeout=ANSWER_WITHIN_S)
        except TimeoutError as error:
            raise DataError(
                f"--cluster {self._address}: expected workers, received none. "
                f"Start some: dask worker {self._address}."
            ) from error
        paths = [str(Path(path).resolve()) for path in self._paths()]
        for worker, answer in client.run(_describe, paths, on_error="return").items():
            if isinstance(answer, Exception):
                raise DataError(
                    f"worker {worker}: expected Nurie beside Dask, received {answer!r}. "
                    "Install this version of Nurie there."
                )
            theirs, missing = answer
            if said := differences(theirs, versions()):
                raise DataError(
                    f"worker {worker}: expected the same versions, received {said}. "
                    "Install Nurie there as it is here."
                )
            if missing:
                raise DataError(
                    f"worker {worker}: expected {missing[0]}, as it is here, received nothing. "
                    "Put the pictures on a disk that all machines share."
                )

    def _paths(self) -> list[str]:
        """Return the sources that are paths; others are words."""
        return [source for source in self._sources if Path(source).exists()]


# What follows runs on the workers.

_idle: list[tuple[str, "Pool[Any, Any]"]] = []  # with the token of the preparation
_idle_lock = threading.Lock()  # threads of one worker share them


def _draw(task: "_Task[Item, Result]", chunk: list[Item]) -> list[Result]:
    """Return the results of a chunk, drawn by a process that stays for the next."""
    if said := differences(versions(), task.versions):
        raise DataError(f"a worker that has joined: expected the same versions, received {said}.")
    pool = _taken(task.token)
    if pool is None:
        # A worker of Dask is a daemon, which multiprocessing forbids children, lest they stay when
        # it is ended. Ours end by themselves then: training.terminal.apart.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        pool = Pool(task.function, workers=1, limits=task.limits, lost=task.lost)
    try:
        results = list(pool.results(chunk))
    except BaseException:
        pool.close()
        raise
    with _idle_lock:
        _idle.append((task.token, pool))
    return results


def _taken(token: str) -> "Pool[Any, Any] | None":
    """Take an idle process of this preparation, and end those of others."""
    _end_pools(token)
    with _idle_lock:
        return _idle.pop()[1] if _idle else None


def _end_pools(but: str | None) -> None:
    """End the idle processes of all preparations but one."""
    with _idle_lock:
        others = [pool for token, pool in _idle if token != but]
        _idle[:] = [(token, pool) for token, pool in _idle if token == but]
    for pool in others:
        pool.close()


def _describe(paths: list[str]) -> tuple[dict[str, str], list[str]]:
    return versions(), [path for path in paths if not Path(path).exists()]


def _in_folder(folder: str, function: Callable[[Item], Result], item: Item) -> Result:
    """Apply a function where relative paths mean what they mean to the client."""
    os.chdir(folder)
    return function(item)
