"""python -m benchmarks.how_many [--out runs/how-many]

How many drawings of one's own does a network need? 60, 240 and 960 of one style that `pretrained`
has never seen, from colour alone, as `training.prepare --kind color` takes them: train on from
`pretrained`, and from nothing, for equal numbers of pictures, and measure all on the same drawings
that were held out. Repeated after an interruption, it goes on.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.tuning.drawings import LICENCE, STYLE, credit, drawn
from benchmarks.tuning.measured import DOTS, paint_held_out
from benchmarks.tuning.sides import SIDES, SIZE
from benchmarks.tuning.spent import Spent, train_apart, training_step
from training.errors import ConfigError, DataError
from training.files.atomic import require_own_folder, written_whole
from training.run.checkpoint import PRETRAINED, PRETRAINED_FOLDER
from training.settings.checks import as_typed
from training.terminal.command import DONE, run_command
from training.terminal.steps import Step, run_apart, run_steps
from training.terminal.table import print_table


@dataclass(frozen=True, kw_only=True)
class Options:
    """What how_many.py is told on the command line."""

    # receives the drawings, a data set and two runs for each number of them
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/how-many")
    numbers: tuple[int, ...] = (60, 240, 960)  # of drawings to train on
    held_out: int = 60  # further drawings, on which all are measured
    pictures: int = 960  # that each training sees: a multiple of every number

    def __post_init__(self) -> None:
        if not self.numbers or min(self.numbers) < 1 or self.held_out < 10:
            raise ConfigError(
                f"numbers and held-out: expected at least 1 and 10, received "
                f"{as_typed(self.numbers)} and {self.held_out}."
            )
        if odd := [number for number in self.numbers if self.pictures % number]:
            raise ConfigError(
                f"pictures: expected a multiple of every number, received {self.pictures} for "
                f"{odd[0]}: an epoch shows each drawing once."
            )


def preparing(folder: Path, data: Path) -> Step:
    """Return the command that prepares one number of drawings."""
    where = (str(folder), "--kind", "color", "--keep-split", "--out", str(data))
    told = ("--licence", LICENCE, "--credit", credit())
    # What is alike in a style is no near duplicate, and the numbers are to be what they say.
    return Step(
        "training.prepare", (*where, "--size", str(SIZE), *told, "--near-duplicates", "keep")
    )


def draw(folder: Path, number: int) -> None:
    """Write so many drawings into a folder, in colour, or nothing at all."""
    from PIL import Image

    with written_whole(folder) as partial:
        partial.mkdir(parents=True)
        for name, pair in drawn(range(number)):
            Image.fromarray(pair.color).save(partial / f"{name}.png")


def part(drawings: Path, folder: Path, *, number: int, held_out: int) -> None:
    """Copy the first drawings to folder/val, and a number of those after to folder/train."""
    files = sorted(drawings.iterdir(), key=lambda file: int(file.stem.rpartition("-")[2]))
    if len(files) < held_out + number:
        raise DataError(
            f"{drawings}: expected {held_out + number} drawings, received {len(files)}, of other "
            "options. Give another --out."
        )
    with written_whole(folder) as partial:
        for name, chosen in (("val", files[:held_out]), ("train", files[held_out:][:number])):
            (partial / name).mkdir(parents=True)
            for file in chosen:
                shutil.copy(file, partial / name / file.name)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_own_folder(options.out, "drawings")
    spent: dict[str, Spent] = {}
    seen: dict[str, str] = {}
    runs: dict[str, Path] = {str(PRETRAINED): PRETRAINED_FOLDER}
    drawings = options.out / "drawings"
    if not drawings.exists():
        draw(drawings, options.held_out + max(options.numbers))
    for number in options.numbers:
        folder, data = options.out / f"drawings-{number}", options.out / f"data-{number}"
        if not folder.exists():
            part(drawings, folder, number=number, held_out=options.held_out)
        if not data.exists():
            status = run_steps([preparing(folder, data)], run_apart)
            if status != DONE:
                return status
        epochs = options.pictures // number
        for side, words in SIDES.items():
            name = f"{number} {side.replace('-', ' ')}"
            run = runs[name] = options.out / f"{side}-{number}"
            step = training_step(run, words, data=data, epochs=epochs)
            status, spent[name] = train_apart(step, run, epochs=epochs)
            seen[name] = str(epochs)
            if status != DONE:
                return status
    _report(runs, seen, spent, data)
    return DONE


def _report(
    runs: dict[str, Path], seen: dict[str, str], spent: dict[str, Spent], data: Path
) -> None:
    from training.metrics.coloring import mean_estimate

    measured = paint_held_out(runs, data).psnr_db()
    drawings = len(measured[str(PRETRAINED)][0])
    print_table(
        f"PSNR dB of {drawings} held-out drawings of {STYLE}, mean and 95 % interval",
        ["", "epochs", "without a hint", f"with {DOTS} dots", "seconds of processor"],
        rows=[
            [
                name,
                seen.get(name, ""),
                *(mean_estimate(values).with_interval for values in columns),
                str(spent.get(name, "")),
            ]
            for name, columns in measured.items()
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
