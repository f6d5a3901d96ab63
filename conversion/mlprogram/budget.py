"""How much memory and time a program may take, counted before it takes any.

A package may come from a stranger: a few hundred bytes can ask for as many gigabytes, or for years.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conversion.errors import OverBudget

# Nodes of a graph, one for each of their outputs; the largest networks of phones have 20,000.
MOST_NODES = 2**18


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a program may take."""

    # Its weights, what lowering makes of them and what one run holds at once, in float32. No
    # phone has more.
    memory_bytes: int = 8 * 2**30
    # Of reading and lowering it, and then of each run. The largest nets of phones take seconds.
    seconds: float = 120.0


class Budget:
    """What is left of the limits of one program: everything that takes some asks first."""

    def __init__(
        self, limits: Limits | None = None, *, held_bytes: int = 0, seconds: float | None = None
    ) -> None:
        """held_bytes: what the program holds already. seconds: for lowering, if not the limits'."""
        self.limits = limits or Limits()
        self.held_bytes = held_bytes
        self._seconds = self.limits.seconds if seconds is None else seconds
        self._began = time.monotonic()
        self._nodes = 0

    def again(self) -> "Budget":
        """Return the budget of another piece of work with what is held by now: its time begins."""
        return Budget(self.limits, held_bytes=self.held_bytes, seconds=self._seconds)

    @property
    def left_bytes(self) -> int:
        """Memory that nothing holds."""
        return self.limits.memory_bytes - self.held_bytes

    @property
    def left_seconds(self) -> float:
        """Time until this piece of work is too long; never less than 0."""
        return max(0.0, self._began + self._seconds - time.monotonic())

    def hold(self, wanted_bytes: int, *, by: str) -> None:
        """Count memory that stays. Raises OverBudget, in the words of `by`, if that is too much."""
        self.require(wanted_bytes, by=by)
        self.held_bytes += wanted_bytes

    def hold_array(self, shape: Sequence[int], dtype: Any, *, by: str) -> None:
        """Count an array that stays."""
        self.hold(math.prod(shape) * np.dtype(dtype).itemsize, by=by)

    def require(self, wanted_bytes: int, *, by: str) -> None:
        """Raise OverBudget unless there is so much memory for a while."""
        if wanted_bytes > self.left_bytes:
            large = self.held_bytes >= 2**20  # or it explains nothing
            held = f" beside {_size(self.held_bytes)} that it holds" if large else ""
            raise OverBudget(
                f"{by} wants {_size(wanted_bytes)} of memory{held}; the program is given "
                f"{_size(self.limits.memory_bytes)} in all. {MORE_MEMORY}"
            )

    def require_seconds(self, wanted: float, *, by: str) -> None:
        """Raise OverBudget unless so many seconds are fewer than those of one run."""
        if wanted > self.limits.seconds:
            raise OverBudget(
                f"{by} would take about {wanted:.3g} seconds; a program is given "
                f"{self.limits.seconds:g}. {MORE_TIME}"
            )

    def count_nodes(self, count: int) -> None:
        """Count nodes of a graph. Raises OverBudget if there are too many, or time is up."""
        self._nodes += count
        if self._nodes > MOST_NODES:
            raise OverBudget(
                f"the program becomes {self._nodes} nodes; expected at most {MOST_NODES}, far more "
                "than any network has. It is damaged, or made to do harm."
            )
        self.check_time()

    def check_time(self) -> None:
        """Raise OverBudget if reading and lowering have taken too long."""
        if not self.left_seconds:
            raise OverBudget(
                f"reading and lowering it takes more than the {self.limits.seconds:g} seconds that "
                f"a program is given. {MORE_TIME}"
            )


class Shares:
    """The budget of a pipeline, whose stages are lowered one after another and are all kept."""

    def __init__(self, budget: Budget, *, stages: int) -> None:
        """budget: which has read all stages."""
        self._whole = budget.again()
        self._stages = stages  # that have had no share yet

    def next(self) -> Budget:
        """Return the budget of the next stage: an equal part of what those before it left.

        Raises OverBudget if these have taken all the time that there was for all.
        """
        self._whole.check_time()
        held = self._whole.held_bytes
        share = max(0, self._whole.left_bytes) // self._stages
        self._stages -= 1
        limits = replace(self._whole.limits, memory_bytes=held + share)
        return Budget(limits, held_bytes=held, seconds=self._whole.left_seconds)

    def keep(self, stage: Budget, *, taken_bytes: int | None) -> None:
        """Count what a stage holds from now on, its runs included; None: all of its share."""
        most = stage.limits.memory_bytes
        self._whole.held_bytes = most if taken_bytes is None else min(most, taken_bytes)


MORE_MEMORY = (
    "Give it more (limits=Limits(memory_bytes=...), --memory-gb) only if you know who made it."
)
MORE_TIME = "Give it more (limits=Limits(seconds=...)) only if you know who made it."


def _size(count: int) -> str:
    if count < 2**20:
        return f"{count} bytes"
    return f"{count / 2**30:.1f} GiB" if count >= 2**29 else f"{count / 2**20:.1f} MiB"
