"""python -m benchmarks.own_generators [NET...] [--size 256]

What a stranger does with a Keras generator of their own, done with six of the kinds that people
bring: saved as gen.keras, exported to Core ML, and compared with Keras on pictures that nothing was
calibrated on. Each command is printed as one would type it. Weights are random, moved away from
where they start, or those of a short training. Ends with status 1 where a model misses its gate and
that was not known of this size and training.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.agreement.record import PARITIES, ArtifactParity
from benchmarks.own.missed import MISSED
from conversion.recipes import recipe_named
from training.errors import ConfigError
from training.files.atomic import require_absent
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.meant import did_you_mean
from training.terminal.steps import Step, run_here, run_steps
from training.terminal.table import print_table
from training.terminal.tensorflow_log import import_tensorflow_quietly

NAMES = ("pix2pix", "cyclegan", "espcn", "zero_dce", "bilinear_unet", "selu")
FILE = "gen.keras"
SMOOTH = 4  # soft pictures beside the drawings, of each half
CAPTION = (
    "PSNR in dB of the worst picture against Keras float32. Spread: how far the values of what "
    "Keras paints lie apart, in grey levels: their standard deviation; a net that paints one grey "
    "passes everywhere. *: below its gate."
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What own_generators.py is told on the command line."""

    nets: tyro.conf.Positional[tuple[str, ...]] = NAMES  # by name
    size: int = 256  # side of the pictures, in pixels
    recipes: tuple[str, ...] = ("fp16", "int8", "palette6", "w8a8")  # of Core ML
    steps: int = 0  # of training, before: to paint the picture that it is given; 0: random weights
    # A new folder: receives nets, pictures and models.
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])] = Path("runs/own-generators")

    def __post_init__(self) -> None:
        unknown = [name for name in self.nets if name not in NAMES]
        if unknown or not self.nets:
            meant = did_you_mean(unknown[0], NAMES) if unknown else ""
            raise ConfigError(
                f"nets: expected some of {', '.join(NAMES)}, received "
                f"{', '.join(unknown) or 'none'}.{meant}"
            )
        for name in self.recipes:
            recipe_named(name, format="coreml")
        for what, names in (("nets", self.nets), ("--recipes", self.recipes)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ConfigError(
                    f"{what}: expected each once, received {', '.join(twice)} more often. Name it "
                    "once."
                )
        if not self.recipes:
            raise ConfigError("--recipes: expected at least one, received none.")
        if self.steps < 0:
            raise ConfigError(f"--steps: expected 0 or more, received {self.steps}.")
        if self.size < 16 or self.size % 8:
            raise ConfigError(
                f"--size: expected a multiple of 8 from 16 on, received {self.size}: pix2pix "
                "halves its pictures three times."
            )


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What became of one net."""

    spread: float  # standard deviation of what Keras paints, in grey levels
    rows: Mapping[str, ArtifactParity]  # recipe -> its model against Keras


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    require_absent(options.out)
    measured: dict[str, Measured] = {}
    for name in options.nets:
        status, found = measure(name, options)
        if found is None:
            return status
        measured[name] = found
    (first, *_) = measured.values()
    gates = [f"{recipe} ({first.rows[recipe].gate_db:g})" for recipe in options.recipes]
    print_table(
        f"Core ML models of {options.size} pixels, each with its gate in brackets",
        ["net", "spread", *gates],
        rows=[[name, *cells(found, options.recipes)] for name, found in measured.items()],
        caption=CAPTION,
    )
    known = MISSED.get((options.size, options.steps), set())
    missed = missed_unknown(measured, known)
    print(f"not known before: {', '.join(missed)}" if missed else "every gate held, or known")
    return FAILED if missed else DONE


def measure(name: str, options: Options) -> tuple[int, Measured | None]:
    """Save a net, export it, compare it. Returns the status of the commands, and what came of them.

    None where one of them refused.
    """
    import_tensorflow_quietly()
    from benchmarks.own.lessons import teach
    from benchmarks.own.nets import NETS, moved
    from benchmarks.own.pictures import colored_drawings, smooth_pictures

    side = options.size
    for folder, first in ((options.out / "a", True), (options.out / "b", False)):
        if not folder.exists():
            colored_drawings(folder, side=side, first=first)
            smooth_pictures(folder, count=SMOOTH, width=2 * side, seed=int(first))
    file = options.out / name / FILE
    file.parent.mkdir()
    model = moved(NETS[name], side=side)
    teach(model, NETS[name], options.out / "a", side=side, steps=options.steps)
    model.save(file)
    record = file.parent / "parity.json"
    status = run_steps(steps(name, file, record, options), run_here)
    if not record.exists():
        return status, None
    rows = {row.recipe: row for row in PARITIES.read(record).artifacts}
    return status, Measured(spread=_spread(name, file, options), rows=rows)


def steps(name: str, file: Path, record: Path, options: Options) -> list[Step]:
    """Return what a stranger types."""
    from benchmarks.own.nets import NETS, told

    words = (str(file), *told(NETS[name], sizes=options.size))
    exports = []
    for recipe in options.recipes:
        needed = recipe_named(recipe, format="coreml").needs_drawings("coreml")
        drawings = ("--drawings", str(options.out / "a")) if needed else ()
        exports.append(Step("conversion.to_coreml", (*words, "--recipe", recipe, *drawings)))
    compared = ("--drawings", str(options.out / "b"), "--json", str(record))
    return [*exports, Step("benchmarks.parity", (*words, *compared))]


def cells(measured: Measured, recipes: Sequence[str]) -> list[str]:
    """Return the columns of a net."""
    columns = [f"{measured.spread:.0f}"]
    for row in (measured.rows[recipe] for recipe in recipes):
        drawn = f"{row.summary.worst.psnr_db:.1f}" if row.summary else "none"
        columns.append(drawn if row.passed else f"{drawn}*")
    return columns


def missed_unknown(
    measured: Mapping[str, Measured], known: Collection[tuple[str, str, str]]
) -> list[str]:
    """Return the models that miss their gate, and of which that was not known.

    known: (net, format, recipe) of those that do.
    """
    return [
        f"{name} {recipe}"
        for name, found in measured.items()
        for recipe, row in found.rows.items()
        if not row.passed and (name, row.format, recipe) not in known
    ]


def _spread(name: str, file: Path, options: Options) -> float:
    """Return the standard deviation of what Keras paints of the pictures that were compared."""
    import numpy as np

    from benchmarks.own.nets import NETS, asked_of
    from conversion.export.drawings import Drawings
    from conversion.export.origins.find import find_origin

    size = (options.size, options.size)
    origin = find_origin(file, asked_of(NETS[name]), size=size)
    pictures = np.stack(list(origin.compared(options.out / "b", size=size).lineart.values()))
    return float(origin.paint(origin.load(), Drawings(lineart=pictures)).std())


if __name__ == "__main__":
    sys.exit(main())
