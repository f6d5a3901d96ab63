"""python -m benchmarks.pretrained [--out runs/mobile]

Make the net that Nurie brings along, `pretrained`, from credited drawings: prepare them, train the
preset `mobile` for long and then with dropout, pack what colours into
training/pretrained, and write the bundle that the demo app holds. Minutes on a large GPU, a night
on 2 cores; repeated after an interruption, it goes on.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.files.atomic import require_own_folder
from training.run.checkpoint import PRETRAINED, PRETRAINED_FOLDER
from training.run.resuming import RUN_FILE, how_to_begin_again
from training.terminal.command import DONE, run_command
from training.terminal.steps import Step, run_here, run_steps

SOURCES = ("openmoji", "portraits", "twemoji")
SIZE = 64  # pixels
PORTRAITS = 1500  # a third of all; with 3,000 the net had less of its mind on all else
_STEPS = ("--batch-size", "64", "--ema", "0")
# Long enough to know what things look like: after 39 epochs faces are brown still, and not yellow.
LONG = ("--epochs", "370", *_STEPS, "--optimizer.learning-rate", "2e-3")
# By then it knows the training's drawings better than others. What it learns with a quarter of its
# deepest features missing holds for others, too: docs/decisions/0017-mobile.md.
GENERAL = (
    *("--epochs", "180", *_STEPS, "--optimizer.learning-rate", "1e-3"),
    *("--generator.dropout", "0.25"),
)
# Of the bundle: 8 dB above the gate, since the search sees 128 drawings and the gate holds for all.
RECIPE = ("--recipe", "auto", "--min-psnr", "46")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What pretrained.py is told on the command line."""

    # run folder
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/mobile")
    data: Path = Path(f"data/art{SIZE}")  # data folder; prepared if it is not there


def pretrained_steps(options: Options) -> list[Step]:
    """Return the commands that are left to run, in order."""
    first = options.out.with_name(f"{options.out.name}-long")
    data, word = str(options.data), str(PRETRAINED)
    drawn = ("--size", str(SIZE), "--portraits", str(PORTRAITS))
    prepare_data = Step("training.prepare", (*SOURCES, "--out", data, *drawn))
    return [
        *([] if options.data.exists() else [prepare_data]),
        _training(first, data, *LONG),
        _training(options.out, data, *GENERAL, "--init", str(first)),
        Step("training.pack", (str(options.out), "-o", str(PRETRAINED_FOLDER), "--overwrite")),
        Step("benchmarks.ios_bundle", (word, *RECIPE, "--data", data, "--overwrite")),
    ]


def _training(run: Path, data: str, *settings: str) -> Step:
    resume = ("--resume",) if run.exists() else ()
    out = str(run)
    return Step("training.train", ("mobile", "--data", data, "--out", out, *settings, *resume))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_own_folder(options.out, RUN_FILE)
    status = run_steps(pretrained_steps(options), run_here)
    if status != DONE and (advice := how_to_begin_again(options.out)):
        print(advice, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
