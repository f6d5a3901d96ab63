"""Processes that make batches ahead of a training, in an order that no timing changes.

Batch n is made by process n modulo their number, into memory that both sides see.
"""

import mmap
import multiprocessing
from collections.abc import Iterator
from multiprocessing.context import ForkProcess
from types import TracebackType
from typing import Self

import numpy as np

from benchmarks.lent_gpu.batches import Recipe, epoch_order, make_batch
from benchmarks.lent_gpu.pictures import Pictures
from training.errors import DataError
from training.terminal.apart import end_with_parent

AHEAD = 4  # batches that a process makes before the first of them is taken
_PATIENCE_S = 2.0  # between looks at whether a process that is waited for still lives


class BatchWorkers:
    """Makes batches from number `first` on; used as a context manager.

    To be entered before JAX or TensorFlow is imported: the processes are forked, so that they
    share the pictures, and a fork of a process with their threads may wait for ever.
    """

    def __init__(self, recipe: Recipe, pictures: Pictures, *, workers: int, first: int) -> None:
        self._recipe, self._pictures, self._first = recipe, pictures, first
        context = multiprocessing.get_context("fork")
        self._free = [context.Semaphore(AHEAD) for _ in range(workers)]
        self._ready = [context.Semaphore(0) for _ in range(workers)]
        self._slots = [[_shared_batch(recipe) for _ in range(AHEAD)] for _ in range(workers)]
        self._processes: list[ForkProcess] = [
            context.Process(target=self._work, args=(number,), daemon=True)
            for number in range(workers)
        ]

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.terminate()
            process.join()

    def batches(self) -> Iterator[dict[str, np.ndarray]]:
        """Yield copies of the batches in order, each (N, H, W, C) uint8 by name."""
        for turn in range(self._recipe.epochs * self._recipe.steps - self._first):
            round_, worker = divmod(turn, len(self._processes))
            while not self._ready[worker].acquire(timeout=_PATIENCE_S):
                if not self._processes[worker].is_alive():
                    raise DataError(
                        f"process {worker} that makes batches ended. Expected it to go on; its "
                        "own message stands above."
                    )
            slot = self._slots[worker][round_ % AHEAD]
            batch = {name: array.copy() for name, array in slot.items()}
            self._free[worker].release()
            yield batch

    def _work(self, worker: int) -> None:
        import cv2

        end_with_parent()
        cv2.setNumThreads(1)
        recipe, order, ordered = self._recipe, np.empty(0, np.int64), -1
        numbers = range(self._first + worker, recipe.epochs * recipe.steps, len(self._processes))
        for round_, number in enumerate(numbers):
            epoch, step = divmod(number, recipe.steps)
            if epoch != ordered:
                order = epoch_order(recipe, epoch, pictures=len(self._pictures))
                ordered = epoch
            self._free[worker].acquire()
            indices = order[step * recipe.count :][: recipe.count]
            slot = self._slots[worker][round_ % AHEAD]
            make_batch(recipe, self._pictures, indices, epoch=epoch, into=slot)
            self._ready[worker].release()


def _shared_batch(recipe: Recipe) -> dict[str, np.ndarray]:
    """Return arrays for one batch in memory that forked processes share."""
    return {
        name: np.frombuffer(mmap.mmap(-1, int(np.prod(shape))), np.uint8).reshape(shape)
        for name, shape in recipe.shapes().items()
    }
