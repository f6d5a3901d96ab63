"""python -m benchmarks.kill_resume --kills 50

Kill a tiny training with kill -9 at random moments, resume it each time, and compare every array
of its last checkpoint with an uninterrupted run's, bit by bit. Ends with status 1 where one
differs. A kill may fall anywhere: into the start, a step, the writing of a checkpoint.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.errors import ConfigError, DataError
from training.presets import PRESETS
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.progress import Progress

PRESET = "selu-wgan-gp"  # the one with most state: two kinds of steps, mixes, measured constants
NETS = (
    *("--generator.width", "2", "--generator.dropout", "0.1", "--batch-size", "4"),
    *("--discriminator.width", "2", "--discriminator.layers", "2"),
    *("--critic.width", "2", "--critic.layers", "2"),
)
PICTURES, SIZE = 40, 32  # drawn for this, where no data is named
SHARE_AT_START = 0.25  # of the kills: before the resumed run has written anything
EPOCHS_PER_KILL = 2


@dataclass(frozen=True, kw_only=True)
class Options:
    """What kill_resume.py is told on the command line."""

    kills: int = 50  # how often the training is killed
    data: Path | None = None  # folder written by training.prepare; default: a few drawn shapes
    preset: str = PRESET  # of training.train
    seed: int = 0  # of the random moments at which it is killed

    def __post_init__(self) -> None:
        if self.kills < 1:
            raise ConfigError(f"kills: expected at least 1, received {self.kills}.")
        if self.preset not in PRESETS:
            raise ConfigError(
                f"preset: expected one of {', '.join(PRESETS)}, received {self.preset!r}."
            )


@dataclass(frozen=True, kw_only=True)
class Survival:
    """What was compared after the kills."""

    kills: int  # processes that were killed before their training was complete
    at_start: int  # of these, before the process had written a checkpoint
    arrays: int
    differing: tuple[str, ...]  # arrays whose bits are not those of the uninterrupted run


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
    epochs = EPOCHS_PER_KILL * kills + 2
    whole, killed = work / "whole", work / "killed"
    command = [
        *(sys.executable, "-m", "training.train", preset, "--data", str(data), *NETS),
        *("--epochs", str(epochs), "--keep-checkpoints", str(epochs)),
    ]
    began = time.time()
    _finish([*command, "--out", str(whole)])
    written = sorted(path.stat().st_mtime for path in _checkpoints(whole))
    start_s, epoch_s = written[0] - began, (written[-1] - written[0]) / (epochs - 1)
    moments = np.random.default_rng(seed)
    done = at_start = 0
    while done < kills:
        resume = ["--resume"] if killed.exists() else []
        process = subprocess.Popen(
            [*command, "--out", str(killed), *resume],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        before = len(_checkpoints(killed))
        if moments.random() < SHARE_AT_START:
            time.sleep(moments.random() * start_s)
        else:
            while process.poll() is None and len(_checkpoints(killed)) == before:
                time.sleep(0.01)
            time.sleep(moments.random() * EPOCHS_PER_KILL * epoch_s)
        if process.poll() is not None:  # it has come to its end, and must have ended well
            _require_success(process.returncode)
            break
        process.kill()
        process.wait()
        done += 1
        at_start += len(_checkpoints(killed)) == before
        on_kill()
    _finish([*command, "--out", str(killed), *(["--resume"] if killed.exists() else [])])
    expected, received = checkpoint_arrays(whole), checkpoint_arrays(killed)
    names = sorted(expected.keys() | received.keys())
    return Survival(
        kills=done,
        at_start=at_start,
        arrays=len(names),
        differing=tuple(
            name
            for name in names
            if name not in expected
            or name not in received
            or not np.array_equal(expected[name], received[name])
        ),
    )


def checkpoint_arrays(run: Path) -> dict[str, np.ndarray]:
    """Return every array of the newest checkpoint of a run, by its file and name."""
    import h5py

    arrays: dict[str, np.ndarray] = {}
    folder = find_checkpoint(run).folder
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


def draw_data(folder: Path) -> Path:
    """Prepare a few drawn rectangles as training.prepare does; returns the data folder."""
    import cv2

    from training.prepare import Options as PrepareOptions
    from training.prepare import prepare

    rng = np.random.default_rng(0)
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    for number in range(PICTURES):
        picture = np.full((48, 48, 3), 255, np.uint8)
        near, far = (
            (int(v) for v in rng.integers(2, 18, 2)),
            (int(v) for v in rng.integers(26, 46, 2)),
        )
        corners, color = (tuple(near), tuple(far)), tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.rectangle(picture, *corners, color, cv2.FILLED)
        cv2.rectangle(picture, *corners, (0, 0, 0), 2)
        cv2.circle(picture, (24, 24), int(rng.integers(3, 9)), color[::-1], cv2.FILLED)
        cv2.imwrite(str(pictures / f"{number:02d}.png"), picture)
    return prepare(
        PrepareOptions(
            sources=(str(pictures),), out=folder / "data", size=SIZE, kind="color", workers=0
        )
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="nurie-kills-") as name,
        Progress("killing", total=options.kills, unit="kills") as progress,
    ):
        data = options.data or draw_data(Path(name) / "drawn")
        survival = survive(
            data,
            Path(name),
            kills=options.kills,
            preset=options.preset,
            seed=options.seed,
            on_kill=progress.advance,
        )
    print(
        f"{options.preset}: killed {survival.kills} times, {survival.at_start} of them before a "
        f"new checkpoint; {len(survival.differing)} of {survival.arrays} arrays differ"
    )
    for array in survival.differing:
        print(array)
    return FAILED if survival.differing else DONE


def _checkpoints(run: Path) -> list[Path]:
    return list((run / "checkpoints").glob("epoch-*/checkpoint.json"))


def _finish(command: list[str]) -> None:
    _require_success(subprocess.run(command, stdout=subprocess.DEVNULL).returncode)


def _require_success(status: int) -> None:
    if status != DONE:
        raise DataError(
            f"a training ended with status {status}. Expected 0: read what it said above."
        )


if __name__ == "__main__":
    sys.exit(main())
