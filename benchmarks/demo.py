"""python -m benchmarks.demo [--out runs/demo]

The whole job on real drawings: OpenMoji pairs -> trained network -> six exported models -> parity
-> report.html. Prints each command before it runs it; repeated after an interruption, it goes on.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import parity, report
from conversion import to_coreml, to_onnx, to_tflite
from training import evaluate, prepare, train
from training.command import DONE, run_command

SIZE = 64  # pixels
RECIPES = ("fp32", "fp16")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What demo.py is told on the command line."""

    out: Path = Path("runs/demo")  # run folder; receives exports/ and report.html too
    data: Path = Path(f"data/openmoji-{SIZE}")  # data folder; prepared if it is not there
    epochs: int | None = None  # default: those of the preset `demo`


@dataclass(frozen=True)
class Step:
    """One command of the demo: what `python -m NAME ARGUMENTS` would do, in this process."""

    name: str
    main: Callable[[Sequence[str]], int]
    arguments: tuple[str, ...]


def demo_steps(options: Options) -> list[Step]:
    """Return the commands that are left to run, in order."""
    out, data = str(options.out), str(options.data)
    steps = []
    if not options.data.exists():
        arguments = ("openmoji", "--out", data, "--size", str(SIZE))
        steps.append(Step("training.prepare", prepare.main, arguments))
    epochs = () if options.epochs is None else ("--epochs", str(options.epochs))
    resume = ("--resume",) if options.out.exists() else ()
    arguments = ("demo", "--data", data, "--out", out, *epochs, *resume)
    steps.append(Step("training.train", train.main, arguments))
    evaluation = str(options.out / "evaluation.json")
    arguments = (out, "--data", data, "--json", evaluation, "--overwrite")
    steps.append(Step("training.evaluate", evaluate.main, arguments))
    for command in (to_coreml, to_tflite, to_onnx):
        for recipe in RECIPES:
            arguments = (out, "--recipe", recipe, "--overwrite")
            steps.append(Step(command.__name__, command.main, arguments))
    arguments = (out, "--data", data, "--json", str(options.out / "parity.json"), "--overwrite")
    steps.append(Step("benchmarks.parity", parity.main, arguments))
    arguments = (out, "-o", str(options.out / "report.html"), "--overwrite")
    steps.append(Step("benchmarks.report", report.main, arguments))
    return steps


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    worst = DONE
    for step in demo_steps(options):
        print(f"\n$ python -m {step.name} {' '.join(step.arguments)}", flush=True)
        status = step.main(step.arguments)
        # A failed gate is a result to look at in the report; a refusal leaves nothing to go on with.
        if status > 1:
            return status
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(main())
