"""python -m benchmarks.large_net [--out runs/large]

Train the U-Net of pix2pix, 54 M parameters at 256 pixels, just long enough to draw: what the
recipes do to a net of full size. Repeated after an interruption, it goes on. Then:
python -m benchmarks.recipe_book runs/large --drawings 48 --fresh --overwrite
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.files.atomic import require_own_folder
from training.run.resuming import RUN_FILE
from training.terminal.command import run_command
from training.terminal.steps import Step, run_apart, run_steps

SIZE = 256  # pixels
# One pass over OpenMoji in batches of 4: 346 steps, a quarter of an hour on 2 CPU cores.
SETTINGS = (
    *("--size", str(SIZE), "--epochs", "1", "--batch-size", "4", "--generator.under-ink"),
    *("--optimizer.learning-rate", "1e-3"),
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What large_net.py is told on the command line."""

    # run folder
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/large")
    data: Path = Path(f"data/openmoji-{SIZE}")  # data folder; prepared if it is not there


def large_steps(options: Options) -> list[Step]:
    """Return the commands that are left to run, in order."""
    prepared = ("openmoji", "--out", str(options.data), "--size", str(SIZE))
    trained = ("l1", "--data", str(options.data), "--out", str(options.out), *SETTINGS)
    resume = ("--resume",) if options.out.exists() else ()
    return [
        *([] if options.data.exists() else [Step("training.prepare", prepared)]),
        Step("training.train", (*trained, *resume)),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_own_folder(options.out, RUN_FILE)
    return run_steps(large_steps(options), run_apart)


if __name__ == "__main__":
    sys.exit(main())
