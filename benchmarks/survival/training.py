"""Kill a training and resume it, again and again; compare with an uninterrupted one's every bit."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.survival.processes import require_success, run_in_peace, run_until_killed
from training.run.checkpoint import find_newest
from training.terminal.steps import Step

PRESET = "selu-wgan-gp"  # the one with most state: two kinds of steps, mixes, measured constants
NETS = (
    *("--generator.width", "2", "--generator.dropout", "0.1", "--batch-size", "4"),
    *("--discriminator.width", "2", "--discriminator.layers", "2"),
    *("--critic.width", "2", "--critic.layers", "2"),
)
EPOCHS_PER_KILL = 2


@dataclass(frozen=True, kw_only=True)
class Survival:
    """What was compared after the kills."""

    kills: int  # processes that were killed before their training was complete
    at_start: int  # of these, before the process had written a checkpoint
    arrays: int
    differing: tuple[str, ...]  # arrays whose bits are not those of the uninterrupted run


def training_step(data: Path, run: Path, *, epochs: int, preset: str = PRESET) -> Step:
    """Return the command that trains a tiny network, or goes on with it where the run exists."""
    resume = ("--resume",) if run.exists() else ()
    epochs_kept = ("--epochs", str(epochs), "--keep-checkpoints", str(epochs))
    where = ("--data", str(data), "--out", str(run))
    return Step("training.train", (preset, *where, *NETS, *epochs_kept, *resume))


def survive(
    data: Path,
    work: Path,
    *,
    kills: int,
    preset: str = PRESET,
    seed: int = 0,
    on_kill: Callable[[], None] = lambda: None,
) -> Survival:
    """Train once in peace and once under kills, both into the folder `work`, and compare.

    Raises DataError where the training fails by itself.
    """
    epochs, said = EPOCHS_PER_KILL * kills + 2, work / "said.txt"
    whole, killed = work / "whole", work / "killed"

    def step(run: Path) -> Step:
        return training_step(data, run, epochs=epochs, preset=preset)

    began = time.time()
    run_in_peace(step(whole), said=said)
    written = sorted(path.stat().st_mtime for path in _checkpoints(whole))
    start_s, epoch_s = written[0] - began, (written[-1] - written[0]) / (epochs - 1)
    moments = np.random.default_rng(seed)
    done = at_start = 0
    while done < kills:
        before = len(_checkpoints(killed))
        status = run_until_killed(
            step(killed),
            said=said,
            begun=lambda before=before: len(_checkpoints(killed)) > before,  # type: ignore[misc]
            start_s=start_s,
            work_s=EPOCHS_PER_KILL * epoch_s,
            moments=moments,
        )
        if status is not None:  # it has come to its end, and must have ended well
            require_success(status, step(killed), said=said)
            break
        done += 1
        at_start += len(_checkpoints(killed)) == before
        on_kill()
    run_in_peace(step(killed), said=said)
    arrays, differing = compared(whole, killed)
    return Survival(kills=done, at_start=at_start, arrays=arrays, differing=differing)


def compared(whole: Path, other: Path) -> tuple[int, tuple[str, ...]]:
    """Return how many arrays the newest checkpoints of two runs hold, and which of them differ."""
    expected, received = checkpoint_arrays(whole), checkpoint_arrays(other)
    names = sorted(expected.keys() | received.keys())
    return len(names), tuple(
        name
        for name in names
        if name not in expected
        or name not in received
        or not np.array_equal(expected[name], received[name])
    )


def checkpoint_arrays(run: Path) -> dict[str, np.ndarray]:
    """Return every array of the newest checkpoint of a run, by its file and name."""
    import h5py

    arrays: dict[str, np.ndarray] = {}
    folder = find_newest(run).folder
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as slots:
            arrays |= {f"{path.name}:{name}": slots[name] for name in slots.files}
    for path in sorted(folder.glob("*.h5")):

        def collect(name: str, item: object, path: Path = path) -> None:
            if isinstance(item, h5py.Dataset):
                arrays[f"{path.name}:{name}"] = item[()]

        with h5py.File(path) as file:
            file.visititems(collect)
    return arrays


def _checkpoints(run: Path) -> list[Path]:
    return list((run / "checkpoints").glob("epoch-*/checkpoint.json"))
