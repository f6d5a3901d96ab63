"""python -m benchmarks.kill_resume --kills 50

Cut commands off, at random moments, and look for what was lost. A tiny training is killed with
kill -9 and resumed, and every array of its last checkpoint is compared with an uninterrupted run's,
bit by bit. training.prepare, every export and benchmarks.ios_bundle are killed while they write,
with and without something older in the place of their output: what stands there must be that, or
whole. Last, all of them run out of disk: they must say so, and lose nothing. Ends with status 1
where something was lost.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.survival.disks import (
    fill_under_outputs,
    fill_under_training,
    why_no_disk_can_be_filled,
)
from benchmarks.survival.kills import Tally, kill_outputs
from benchmarks.survival.outputs import OutputCommand, output_commands
from benchmarks.survival.processes import run_in_peace
from benchmarks.survival.training import PRESET, Survival, survive, training_step
from training.errors import ConfigError
from training.presets import require_preset
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.progress import Progress

PICTURES, SIZE = 40, 32  # drawn for this, where no data is named


@dataclass(frozen=True, kw_only=True)
class Options:
    """What kill_resume.py is told on the command line."""

    kills: int = 50  # how often the training is killed
    output_kills: int = 150  # how often all other commands together are
    full_disks: int = 50  # how often a command, the training too, runs out of disk
    data: Path | None = None  # folder written by training.prepare; default: a few drawn shapes
    preset: str = PRESET  # of training.train, where it is killed
    seed: int = 0  # of the random moments at which they are killed

    def __post_init__(self) -> None:
        for name in ("kills", "output_kills", "full_disks"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}: expected 0 or more, received {getattr(self, name)}.")
        require_preset(self.preset)


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
    total = options.kills + options.output_kills + options.full_disks
    lost = False
    with (
        tempfile.TemporaryDirectory(prefix="nurie-kills-") as name,
        Progress("cutting off", total=total, unit="times") as progress,
    ):
        work = Path(name)
        pictures = work / "drawn" / "pictures"
        others = options.output_kills + options.full_disks
        drawn = draw_data(work / "drawn") if others or options.data is None else options.data
        if options.kills:
            survival = survive(
                options.data or drawn,
                work,
                kills=options.kills,
                preset=options.preset,
                seed=options.seed,
                on_kill=progress.advance,
            )
            lost |= _tell_survival(survival, preset=options.preset)
        if not others:
            return FAILED if lost else DONE
        run_in_peace(training_step(drawn, work / "run", epochs=1), said=work / "said.txt")
        commands = output_commands(pictures, work / "run", work / "whole-outputs")
        moments = np.random.default_rng(options.seed)
        for command, times in _dealt(commands, options.output_kills):
            tally = kill_outputs(
                command, work, kills=times, moments=moments, on_kill=progress.advance
            )
            lost |= _tell(tally, "killed", "while it wrote")
        refusal = why_no_disk_can_be_filled(work / "tried") if options.full_disks else None
        if refusal:
            print(f"full disks: skipped, since {refusal}")
            return FAILED if lost else DONE
        share = options.full_disks // (len(commands) + 1)
        if share:
            tally = fill_under_training(
                drawn, work, times=share, moments=moments, on_trial=progress.advance
            )
            lost |= _tell(tally, "short of disk", "refused")
        for command, times in _dealt(commands, options.full_disks - share):
            tally = fill_under_outputs(
                command, work, times=times, moments=moments, on_trial=progress.advance
            )
            lost |= _tell(tally, "short of disk", "refused")
    return FAILED if lost else DONE


def _dealt(commands: Sequence[OutputCommand], total: int) -> list[tuple[OutputCommand, int]]:
    """Deal a number out to commands, the first ones getting one more where it does not divide."""
    each, more = divmod(total, len(commands))
    dealt = [(command, each + (n < more)) for n, command in enumerate(commands)]
    return [(command, times) for command, times in dealt if times]


def _tell_survival(survival: Survival, *, preset: str) -> bool:
    """Print how a killed training came out; returns whether anything was lost."""
    print(
        f"{preset}: killed {survival.kills} times, {survival.at_start} of them before a "
        f"new checkpoint; {len(survival.differing)} of {survival.arrays} arrays differ"
    )
    for array in survival.differing:
        print(array)
    return bool(survival.differing)


def _tell(tally: Tally, what: str, of_these: str) -> bool:
    """Print how the output of a command came out; returns whether anything was lost."""
    print(
        f"{tally.command}: {what} {tally.trials} times, {tally.cut_off} of them {of_these}; "
        f"{len(tally.faults)} losses",
        flush=True,
    )
    for fault in tally.faults:
        print(fault)
    return bool(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
