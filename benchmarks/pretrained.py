"""python -m benchmarks.pretrained [--out runs/mobile]

Make the net that Nurie brings along, `pretrained`, from credited drawings: prepare them, train the
preset `mobile` for long and then, shortly, to believe hints, pack what colours into
training/pretrained, and write the bundle that the demo app holds. Minutes on a large GPU, a night
on 2 cores; repeated after an interruption, it goes on.
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
# Long enough to know what things look like: after 39 epochs faces are brown still, and not yellow.
LONG = ("--epochs", "250", "--batch-size", "64", "--optimizer.learning-rate", "2e-3", "--ema", "0")
# A net that has seen each picture so often remembers its colours, and no longer looks at the hints.
# So every picture with hints now gets other colours: docs/decisions/0017-mobile.md.
BELIEVING = (
    *("--epochs", "6", "--optimizer.learning-rate", "5e-4", "--optimizer.constant-share", "0"),
    *("--ema", "0", "--hints.recolored-alike", "0.4", "--hints.recolored-apart", "0.4"),
)
RECIPE = "int8"  # of the bundle: a quarter of the bytes of fp32; its worst drawing holds the gate


@dataclass(frozen=True, kw_only=True)
class Options:
    """What pretrained.py is told on the command line."""

    out: Path = Path("runs/mobile")  # run folder
    data: Path = Path(f"data/art{SIZE}")  # data folder; prepared if it is not there


def pretrained_steps(options: Options) -> list[Step]:
    """Return the commands that are left to run, in order."""
    first = options.out.with_name(f"{options.out.name}-long")
    data, word = str(options.data), str(PRETRAINED)
    prepare_data = Step("training.prepare", (*SOURCES, "--out", data, "--size", str(SIZE)))
    return [
        *([] if options.data.exists() else [prepare_data]),
        _training(first, data, *LONG),
        _training(options.out, data, *BELIEVING, "--init", str(first)),
        Step("training.pack", (str(options.out), "-o", str(PRETRAINED_FOLDER), "--overwrite")),
        Step("benchmarks.ios_bundle", (word, "--recipe", RECIPE, "--data", data, "--overwrite")),
    ]


def _training(run: Path, data: str, *settings: str) -> Step:
    resume = ("--resume",) if run.exists() else ()
    out = str(run)
    return Step("training.train", ("mobile", "--data", data, "--out", out, *settings, *resume))


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
