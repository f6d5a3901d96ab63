"""python -m benchmarks.fine_tuning [--out runs/fine-tuning]

Forty drawings of one style that `pretrained` has never seen: train on from `pretrained`, and from
nothing, for equal epochs, and measure both on the drawings that were held out. held-out.png shows
these: each without a hint and as `pretrained`, the tuned net and the one from nothing paint it; the
same with dots; the truth. Repeated after an interruption, it goes on.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from benchmarks.tuning.drawings import LICENCE, STYLE, credit, drawn
from benchmarks.tuning.measured import DOTS, paint_held_out
from benchmarks.tuning.sheet import write_sheet
from benchmarks.tuning.sides import FRESH, SIDES, SIZE, TUNED
from benchmarks.tuning.spent import Spent, train_apart, training_step
from training.errors import ConfigError
from training.files.atomic import require_own_folder, written_whole
from training.run.checkpoint import PRETRAINED, PRETRAINED_FOLDER
from training.terminal.command import DONE, run_command
from training.terminal.steps import Step, run_apart, run_steps
from training.terminal.table import print_table

if TYPE_CHECKING:
    import numpy as np

DRAWINGS, HELD_OUT = 40, 0.25
SHEET = "held-out.png"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What fine_tuning.py is told on the command line."""

    # receives the drawings, their data set, two runs and held-out.png
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/fine-tuning")
    epochs: int = 40  # of both; with 40 each took 170 seconds of processor

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ConfigError(f"epochs: expected at least 1, received {self.epochs}.")


def training_steps(options: Options) -> dict[str, Step]:
    """Return the command that trains each side, by the name of its run."""
    data = options.out / "data"
    return {
        name: training_step(options.out / name, words, data=data, epochs=options.epochs)
        for name, words in SIDES.items()
    }


def draw(folder: Path, *, drawings: int = DRAWINGS) -> None:
    """Write folder/lineart and folder/color, so many characters of STYLE, or nothing at all."""
    from PIL import Image

    with written_whole(folder) as partial:
        for part in ("lineart", "color"):
            (partial / part).mkdir(parents=True)
        for name, pair in drawn(range(drawings)):
            Image.fromarray(pair.lineart[0]).save(partial / "lineart" / f"{name}.png")
            Image.fromarray(pair.color).save(partial / "color" / f"{name}.png")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_own_folder(options.out, "drawings")
    drawings, data = options.out / "drawings", options.out / "data"
    if not drawings.exists():
        draw(drawings)
    if not data.exists():
        status = run_steps([_preparing(drawings, data)], run_apart)
        if status != DONE:
            return status
    spent = {}
    for name, step in training_steps(options).items():
        status, spent[name] = train_apart(step, options.out / name, epochs=options.epochs)
        if status != DONE:
            return status
    runs = {name: options.out / name for name in spent}
    held_out = paint_held_out({str(PRETRAINED): PRETRAINED_FOLDER, **runs}, data)
    _report(held_out.psnr_db(), spent)
    print(write_sheet(held_out, options.out / SHEET))
    return DONE


def _preparing(drawings: Path, data: Path) -> Step:
    where = (str(drawings), "--out", str(data), "--size", str(SIZE))
    told = ("--validation-share", str(HELD_OUT), "--licence", LICENCE, "--credit", credit())
    return Step("training.prepare", (*where, *told))


def _report(
    measured: "Mapping[str, tuple[np.ndarray, np.ndarray]]", spent: Mapping[str, Spent]
) -> None:
    from training.metrics.coloring import mean_estimate

    gained = [tuned - fresh for tuned, fresh in zip(measured[TUNED], measured[FRESH], strict=True)]

    def cells(columns: "Sequence[np.ndarray]") -> list[str]:
        return [mean_estimate(values).with_interval for values in columns]

    print_table(
        f"PSNR dB of {len(gained[0])} held-out drawings of {STYLE}, mean and 95 % interval",
        ["", "without a hint", f"with {DOTS} dots", "seconds of processor"],
        rows=[
            *(
                [name, *cells(values), str(spent.get(name, ""))]
                for name, values in measured.items()
            ),
            [f"{TUNED} - {FRESH}", *cells(gained), ""],
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
