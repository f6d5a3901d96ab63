"""python -m benchmarks.pretrained [--out runs/mobile]

Make the net that Nurie brings along, `pretrained`, from credited drawings: prepare them, train the
preset `mobile`, pack what colours into training/pretrained, and write the bundle that the demo app
holds. Hours on 2 cores; repeated after an interruption, it goes on.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.run.checkpoint import PRETRAINED, PRETRAINED_FOLDER
from training.run.resuming import how_to_begin_again
from training.terminal.command import DONE, run_command
from training.terminal.steps import Step, run_here, run_steps

SOURCES = ("openmoji", "portraits", "twemoji")
SIZE = 64  # pixels
RECIPE = "palette6"  # of the bundle: a fifth of fp32's bytes, clear of its gate


@dataclass(frozen=True, kw_only=True)
class Options:
    """What pretrained.py is told on the command line."""

    out: Path = Path("runs/mobile")  # run folder
    data: Path = Path(f"data/art{SIZE}")  # data folder; prepared if it is not there
    epochs: int | None = None  # of the training; default: as many as the preset `mobile` has


def pretrained_steps(options: Options) -> list[Step]:
    """Return the commands that are left to run, in order."""
    out, data = str(options.out), str(options.data)
    prepare_data = Step("training.prepare", (*SOURCES, "--out", data, "--size", str(SIZE)))
    epochs = () if options.epochs is None else ("--epochs", str(options.epochs))
    resume = ("--resume",) if options.out.exists() else ()
    word = str(PRETRAINED)
    return [
        *([] if options.data.exists() else [prepare_data]),
        Step("training.train", ("mobile", "--data", data, "--out", out, *epochs, *resume)),
        Step("training.pack", (out, "-o", str(PRETRAINED_FOLDER), "--overwrite")),
        Step("benchmarks.ios_bundle", (word, "--recipe", RECIPE, "--data", data, "--overwrite")),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    status = run_steps(pretrained_steps(options), run_here)
    if status != DONE and (advice := how_to_begin_again(options.out)):
        print(advice, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
