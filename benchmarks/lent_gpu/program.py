"""A program folder: a training's step as XLA takes it, its variables, and how far it came.

    program.json       which parameters and results the step has, and what it trains
    step.hlo.xz        the step: a serialized HloModuleProto
    state/part-0.npz   variables by name, in files that are small enough to be sent back
    state/state.json   the steps that are done, what they lost, and which variables are equal

Imports neither TensorFlow nor JAX.
"""

import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.lent_gpu.batches import Recipe, recipe_of
from training.config import TrainConfig
from training.data.named import NamedData
from training.files.atomic import written_whole
from training.files.record_format import RecordFormat

PROGRAM_FILE, STEP_FILE = "program.json", "step.hlo.xz"
STATE_FOLDER, STATE_FILE = "state", "state.json"
MEANS = "means"  # variables that begin every epoch at 0 are named so, and a number of theirs
PART_BYTES = 15 * 2**20  # of one part, unless a single variable is larger


@dataclass(frozen=True, kw_only=True)
class Program:
    """What program.json holds. Parameters of the step: the parts of a batch, then `taken`."""

    config: TrainConfig  # its size is a number
    data: NamedData
    init: str | None  # SHA-256 of the checkpoint whose weights it began with; None: at random
    steps_per_epoch: int
    losses: tuple[str, ...]  # the first results: means over the epoch so far
    taken: tuple[str, ...]  # names of variables
    given: tuple[str, ...]  # the other results: variables, each in the place of its parameter

    def recipe(self) -> Recipe:
        """Return all that decides the batches."""
        return recipe_of(self.config, steps=self.steps_per_epoch)


@dataclass(frozen=True, kw_only=True)
class State:
    """What state.json holds."""

    step: int  # optimizer steps done
    equal: dict[str, str]  # variables that no part holds, and which other they equal
    epochs: tuple[dict[str, float], ...] = ()  # of each that ended: number, step, losses, images/s


PROGRAMS = RecordFormat(
    kind=Program,
    name="nurie-lent-program/1",
    what="the description of a program",
    expected="a folder written by benchmarks.lent_pack",
)
STATES = RecordFormat(
    kind=State,
    name="nurie-lent-state/1",
    what="the description of a state",
    expected="a folder written by benchmarks.lent_pack or benchmarks.lent_train",
)


def write_program(
    folder: Path, program: Program, *, hlo: bytes, variables: Mapping[str, np.ndarray], step: int
) -> None:
    """Write a new program folder. Raises OutputExists."""
    with written_whole(folder, marker=PROGRAM_FILE) as partial:
        partial.mkdir()
        (partial / STEP_FILE).write_bytes(lzma.compress(hlo, preset=6))
        write_state(partial / STATE_FOLDER, variables, step=step)
        PROGRAMS.write(program, partial / PROGRAM_FILE)


def read_step(folder: Path) -> bytes:
    """Return the serialized HloModuleProto of a program folder."""
    return lzma.decompress((folder / STEP_FILE).read_bytes())


def write_state(
    folder: Path,
    variables: Mapping[str, np.ndarray],
    *,
    step: int,
    epochs: tuple[dict[str, float], ...] = (),
) -> None:
    """Write all variables, in place of what the folder held; complete or not at all."""
    seen: dict[tuple[str, bytes], str] = {}
    equal: dict[str, str] = {}
    for name, array in variables.items():
        other = seen.setdefault((f"{array.dtype}{array.shape}", array.tobytes()), name)
        if other != name:
            equal[name] = other
    kept = {name: array for name, array in variables.items() if name not in equal}
    with written_whole(folder, overwrite=True, marker=STATE_FILE) as partial:
        partial.mkdir()
        for number, part in enumerate(_parts(kept)):
            np.savez_compressed(partial / f"part-{number}.npz", allow_pickle=False, **part)
        STATES.write(State(step=step, equal=equal, epochs=epochs), partial / STATE_FILE)


def read_state(folder: Path) -> tuple[State, dict[str, np.ndarray]]:
    """Return what `write_state` wrote."""
    state = STATES.read(folder / STATE_FILE)
    variables: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob("part-*.npz")):
        with np.load(path, allow_pickle=False) as part:
            variables |= dict(part)
    return state, variables | {name: variables[other] for name, other in state.equal.items()}


def _parts(variables: Mapping[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Deal variables out, in their order, to parts of PART_BYTES at most."""
    parts: list[dict[str, np.ndarray]] = []
    room = 0
    for name, array in variables.items():
        if not parts or array.nbytes > room:
            parts.append({})
            room = PART_BYTES
        parts[-1][name] = array
        room -= array.nbytes
    return parts
