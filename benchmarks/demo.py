"""python -m benchmarks.demo [--out runs/demo]

The whole job on real drawings: OpenMoji pairs -> `pretrained`, trained on -> exported models ->
parity and latency -> showcase.png and report.html. Prints each command before it runs it; repeated
after an interruption, it goes on.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.pages.content import EVALUATION_FILE, LATENCY_FILE, PARITY_FILE
from conversion.export.plan import SUFFIXES
from conversion.recipes import Format
from training.files.atomic import require_own_folder
from training.run.checkpoint import PRETRAINED
from training.run.resuming import RUN_FILE, how_to_begin_again
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.steps import Step, run_here, run_steps

SIZE = 64  # pixels
# Recipes that stay clear of their gates: int8 holds its own by 0 to 1 dB on the worst drawing, and
# another net might not. docs/decisions/0017-mobile.md has the others.
# Core AI is left out: its runtime is an interpreter, which takes ten times as long for parity.
RECIPES: dict[Format, tuple[str, ...]] = {
    "coreml": ("fp32", "fp16"),
    "tflite": ("fp32", "fp16"),
    "onnx": ("fp32", "fp16"),
}
TIMED = ("fp16",)  # a process of its own for each of them and each setting
ROUNDS = 8  # of timing


@dataclass(frozen=True, kw_only=True)
class Options:
    """What demo.py is told on the command line."""

    # run folder; receives exports/ and report.html too
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/demo")
    data: Path = Path(f"data/openmoji-{SIZE}")  # data folder; prepared if it is not there
    epochs: int | None = None  # of the training; default: as many as the preset `demo` has


def demo_steps(options: Options) -> list[Step]:
    """Return the commands that are left to run, in order."""
    out, data = str(options.out), str(options.data)
    prepare_data = Step("training.prepare", ("openmoji", "--out", data, "--size", str(SIZE)))
    epochs = () if options.epochs is None else ("--epochs", str(options.epochs))
    begin = ("--init", str(PRETRAINED), *(("--resume",) if options.out.exists() else ()))
    evaluation = str(options.out / EVALUATION_FILE)
    exports = [
        Step(f"conversion.to_{format}", (out, "--recipe", recipe, "--overwrite"))
        for format, recipes in RECIPES.items()
        for recipe in recipes
    ]
    exported = [
        str(options.out / "exports" / f"{options.out.resolve().name}-{recipe}{SUFFIXES[format]}")
        for format, recipes in RECIPES.items()
        for recipe in recipes
    ]
    timed = [path for path in exported if Path(path).stem.rpartition("-")[2] in TIMED]
    latency_record = str(options.out / LATENCY_FILE)
    agreement = str(options.out / PARITY_FILE)
    page = str(options.out / "report.html")
    return [
        *([] if options.data.exists() else [prepare_data]),
        Step(
            "training.train",
            ("demo", "--data", data, "--out", out, *epochs, *begin),
        ),
        Step(
            "training.evaluate",
            (out, "--data", data, "--hints", "--json", evaluation, "--overwrite"),
        ),
        *exports,
        Step(
            "benchmarks.parity",
            (out, *exported, "--data", data, "--json", agreement, "--overwrite"),
        ),
        Step(
            "benchmarks.latency",
            (*timed, "--rounds", str(ROUNDS), "--save", latency_record, "--overwrite"),
        ),
        Step(
            "benchmarks.showcase",
            (out, "-o", str(options.out / "showcase.png"), "--zoom", "2", "--overwrite"),
        ),
        Step("benchmarks.report", (out, "-o", page, "--overwrite")),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_own_folder(options.out, RUN_FILE)
    status = run_steps(demo_steps(options), run_here)
    if status not in (DONE, FAILED) and (advice := how_to_begin_again(options.out)):
        print(advice, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
