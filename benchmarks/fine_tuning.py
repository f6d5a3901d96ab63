"""python -m benchmarks.fine_tuning [--out runs/fine-tuning]

Forty drawings of one style that `pretrained` has never seen: train on from `pretrained`, and from
nothing, with equal seconds of processor, and measure both on the drawings that were held out.
Repeated after an interruption, it goes on.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.errors import ConfigError
from training.files.record_format import RecordFormat
from training.run.checkpoint import PRETRAINED, PRETRAINED_FOLDER, find_newest
from training.terminal.command import DONE, run_command
from training.terminal.steps import Step, run_apart, run_steps
from training.terminal.table import print_table

STYLE = "miniavs"  # of dicebear-styles; none of training/data/sources/portraits/styles.py
LICENCE = "CC BY 4.0"
DRAWINGS, HELD_OUT = 40, 0.25
LINE, DRAWN_AT, SIZE = 0.016, 256, 64  # of a drawing's width; pixels; pixels of pretrained
DOTS = 8  # hints of each drawing in the second column
# For both sides, but for the settings that each preset has for its purpose: demo, to train a net on
# that knows how to colour; mobile, to train one from nothing, at three times the rate.
EQUAL = ("--batch-size", "6", "--ema", "0", "--keep-checkpoints", "1")
TUNED, FRESH = "from-pretrained", "from-nothing"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What fine_tuning.py is told on the command line."""

    out: Path = Path("runs/fine-tuning")  # receives the drawings, their data set and two runs
    epochs: int = 40  # of both; with 40 each took 170 seconds of processor

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ConfigError(f"epochs: expected at least 1, received {self.epochs}.")


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a training has taken so far."""

    cpu_s: float  # seconds of processor of the sessions that came to their end
    killed: int  # sessions that did not, whose seconds nobody counted


SPENT = RecordFormat(
    kind=Spent,
    name="nurie-fine-tuning/1",
    what="what a training took",
    remedy="Expected what benchmarks.fine_tuning writes; remove it.",
)


def training_steps(options: Options) -> dict[str, Step]:
    """Return the command that trains each side, by the name of its run."""
    sides = {TUNED: ("demo", "--init", str(PRETRAINED)), FRESH: ("mobile",)}
    steps = {}
    for name, words in sides.items():
        run = options.out / name
        resume = ("--resume",) if run.exists() else ()
        where = ("--data", str(options.out / "data"), "--out", str(run))
        epochs = ("--epochs", str(options.epochs))
        steps[name] = Step("training.train", (*words, *where, *epochs, *EQUAL, *resume))
    return steps


def draw(folder: Path, *, drawings: int = DRAWINGS) -> None:
    """Write folder/lineart and folder/color, so many characters of STYLE, or nothing at all."""
    from dicebear import Avatar, Style
    from PIL import Image

    from training.data.sources.outlined import parted_pair
    from training.data.sources.portraits.styles import definition
    from training.data.sources.shapes import ShapeDrawing
    from training.files.atomic import written_whole

    style = Style(definition(STYLE))
    with written_whole(folder) as partial:
        for part in ("lineart", "color"):
            (partial / part).mkdir(parents=True)
        for number in range(drawings):
            svg = str(Avatar(style, {"seed": f"nurie-{number}", "backgroundColor": []}))
            drawing = ShapeDrawing(svg)
            pair = parted_pair(drawing, outline=LINE * drawing.width, size=DRAWN_AT)
            name = f"{STYLE}-{number:02d}.png"
            Image.fromarray(pair.lineart[0]).save(partial / "lineart" / name)
            Image.fromarray(pair.color).save(partial / "color" / name)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    drawings, data = options.out / "drawings", options.out / "data"
    if not drawings.exists():
        draw(drawings)
    if not data.exists():
        status = run_steps([_preparing(drawings, data)], run_apart)
        if status != DONE:
            return status
    spent = {}
    for name, step in training_steps(options).items():
        status, spent[name] = _train(name, step, options)
        if status != DONE:
            return status
    _report(
        {str(PRETRAINED): PRETRAINED_FOLDER, **{name: options.out / name for name in spent}},
        spent,
        data,
    )
    return DONE


def _preparing(drawings: Path, data: Path) -> Step:
    from training.data.sources.portraits.styles import definition

    credit = definition(STYLE)["meta"]["license"]["text"]
    where = (str(drawings), "--out", str(data), "--size", str(SIZE))
    told = ("--validation-share", str(HELD_OUT), "--licence", LICENCE, "--credit", credit)
    return Step("training.prepare", (*where, *told))


def _train(name: str, step: Step, options: Options) -> tuple[int, Spent]:
    """Train one side, or train it on, in a process of its own; returns its status and its time."""
    import resource

    file, run = options.out / f"{name}.json", options.out / name
    before = SPENT.read(file) if file.exists() else Spent(cpu_s=0.0, killed=0)
    if run.exists() and find_newest(run).epoch >= options.epochs:
        return DONE, before
    SPENT.write(Spent(cpu_s=before.cpu_s, killed=before.killed + 1), file, overwrite=True)

    def children_s() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    begun = children_s()
    status = run_steps([step], run_apart)
    spent = Spent(cpu_s=before.cpu_s + children_s() - begun, killed=before.killed)
    SPENT.write(spent, file, overwrite=True)
    return status, spent


def _report(nets: Mapping[str, Path], spent: Mapping[str, Spent], data: Path) -> None:
    from training.data.pipeline import load_split
    from training.metrics.coloring import mean_estimate
    from training.metrics.full_reference import psnr_db
    from training.metrics.hints.judging import dot_pictures
    from training.picture.colorizer import colorize_pixels
    from training.run.restoring import load_generator
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    import_tensorflow_quietly()
    import numpy as np

    pairs = load_split(data, "validation")
    lineart = pairs.lineart[..., 0]
    dots = dot_pictures(lineart, pairs.color, count=DOTS, ids=pairs.ids)
    measured: dict[str, list[np.ndarray]] = {}
    for name, path in nets.items():
        generator = load_generator(find_newest(path))
        measured[name] = [
            np.array([psnr_db(*pair) for pair in zip(pairs.color, painted, strict=True)])
            for painted in (
                colorize_pixels(generator, lineart),
                colorize_pixels(generator, lineart, dots),
            )
        ]
    gained = [tuned - fresh for tuned, fresh in zip(measured[TUNED], measured[FRESH], strict=True)]

    def cells(columns: Sequence[np.ndarray]) -> list[str]:
        return [mean_estimate(values).with_interval for values in columns]

    print_table(
        f"PSNR dB of {len(pairs.ids)} held-out drawings of {STYLE}, mean and 95 % interval",
        ["", "without a hint", f"with {DOTS} dots", "seconds of processor"],
        rows=[
            *(
                [name, *cells(values), said_of(spent.get(name))]
                for name, values in measured.items()
            ),
            [f"{TUNED} - {FRESH}", *cells(gained), ""],
        ],
    )


def said_of(spent: Spent | None) -> str:
    """Say how many seconds of processor a training took, as far as they were counted."""
    if spent is None:
        return ""
    return f"{spent.cpu_s:.0f}" + (f", {spent.killed} sessions uncounted" if spent.killed else "")


if __name__ == "__main__":
    sys.exit(main())
