"""python -m benchmarks.lent_train PROGRAM... --data PICTURES --out DIR [--minutes 9]

Take the steps of packed trainings on a machine with JAX: several of them on the same batches, one
after another. DIR receives a state for each program, every two minutes and at the end; put in the
place of the program's own state/, it lets the same command go on. Imports no TensorFlow, and no
tyro: that machine has neither.
"""

import argparse
import math
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.lent_gpu.batches import Recipe
from benchmarks.lent_gpu.pictures import DESCRIPTION_FILE, DESCRIPTIONS, load_pictures
from benchmarks.lent_gpu.program import (
    PROGRAM_FILE,
    PROGRAMS,
    STATE_FILE,
    STATE_FOLDER,
    STATES,
    write_state,
)
from benchmarks.lent_gpu.workers import BatchWorkers
from training.errors import ConfigError, Diverged, NurieError

SAVE_EVERY_S = 120.0
IN_FLIGHT = 8  # steps of a training that may be begun and not done
DONE, REFUSED, DIVERGED = 0, 2, 3  # as training/terminal/command.py, which needs tyro


def train(
    folders: Sequence[Path], pictures_folder: Path, *, out: Path, minutes: float, workers: int
) -> None:
    """Train until all epochs are done or the minutes are over; write each program's state.

    Raises ConfigError where the programs do not fit each other or the pictures; Diverged.
    """
    deadline = time.monotonic() + 60 * minutes
    recipe, first = _common(folders, pictures_folder)
    pictures = load_pictures(pictures_folder)
    with BatchWorkers(recipe, pictures, workers=workers, first=first) as source:
        from benchmarks.lent_gpu.runner import put_batch  # has threads: after the forks

        moving = [_Training(folder, out, recipe=recipe) for folder in folders]
        began = saved = asked = time.monotonic()
        step, waited_s = first, 0.0
        for batch in source.batches():
            waited_s += time.monotonic() - asked
            parts = put_batch(batch.values())
            for one in moving:
                one.step(parts, step)
            step += 1
            asked = time.monotonic()
            if asked > deadline:
                break
            if asked - saved > SAVE_EVERY_S:
                for one in moving:
                    one.save(step)
                saved = asked = time.monotonic()
        for one in moving:
            one.save(step)
    spent_s = time.monotonic() - began
    print(f"{waited_s:.1f} s of {spent_s:.1f} were spent waiting for batches")
    print(f"{step} of {recipe.steps * recipe.epochs} steps are done", flush=True)


class _Training:
    """One program that is being trained, and what is said and kept of it."""

    def __init__(self, folder: Path, out: Path, *, recipe: Recipe) -> None:
        from benchmarks.lent_gpu.runner import Runner

        self._name, self._recipe, self._state_folder = folder.name, recipe, out / folder.name
        began = time.monotonic()
        self._runner = Runner(folder)
        print(f"{self._name}: compiled in {time.monotonic() - began:.1f} s", flush=True)
        self._rows = list(self._runner.state.epochs)
        self._begun: deque[list[Any]] = deque()
        self._since, self._steps = time.monotonic(), 0

    def step(self, parts: Sequence[Any], step: int) -> None:
        """Take step `step`, counted from 0. Raises Diverged where an epoch's mean is not finite."""
        if step % self._recipe.steps == 0:
            self._runner.forget_means()
        means = self._runner.step(parts)
        self._steps += 1
        self._begun.append(means)
        if len(self._begun) > IN_FLIGHT:
            self._begun.popleft()[0].block_until_ready()
        if (step + 1) % self._recipe.steps == 0:
            self._end_epoch(means, step + 1)

    def save(self, step: int) -> None:
        """Write the state after `step` steps."""
        variables = self._runner.variables()
        write_state(self._state_folder, variables, step=step, epochs=tuple(self._rows))

    def _end_epoch(self, means: Sequence[Any], step: int) -> None:
        losses = dict(zip(self._runner.program.losses, map(float, means), strict=True))
        now = time.monotonic()  # once the losses are there
        rate = self._steps * self._recipe.count / (now - self._since)
        self._since, self._steps = now, 0
        epoch = step // self._recipe.steps
        said = {"epoch": epoch, "step": step, **losses, "images_per_s": rate}
        print(self._name, *(f"{name} {value:.5g}" for name, value in said.items()), flush=True)
        if not all(map(math.isfinite, losses.values())):
            raise Diverged(
                f"{self._name}: a loss of epoch {epoch} is not finite; nothing is saved."
            )
        self._rows.append(said)


def _common(folders: Sequence[Path], pictures: Path) -> tuple[Recipe, int]:
    """Return the batches that all programs want, and the number of the first that is left."""
    programs = [PROGRAMS.read(folder / PROGRAM_FILE) for folder in folders]
    steps = {STATES.read(folder / STATE_FOLDER / STATE_FILE).step for folder in folders}
    recipe = programs[0].recipe()
    if len(steps) > 1 or any(program.recipe() != recipe for program in programs):
        raise ConfigError(
            "expected programs with the same batches, epochs and steps done, received others. "
            "Pack them with the same settings, or train each by itself."
        )
    described = DESCRIPTIONS.read(pictures / DESCRIPTION_FILE)
    if any(program.data.sha256 != described.sha256 for program in programs):
        raise ConfigError(f"{pictures} holds other pictures than the programs were packed with.")
    return recipe, steps.pop()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("programs", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--workers", type=int, default=max((os.cpu_count() or 2) - 1, 1))
    options = parser.parse_args(argv)
    try:
        train(
            options.programs,
            options.data,
            out=options.out,
            minutes=options.minutes,
            workers=options.workers,
        )
    except NurieError as error:
        print(f"error: {error}", file=sys.stderr)
        return DIVERGED if isinstance(error, Diverged) else REFUSED
    print(options.out)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
