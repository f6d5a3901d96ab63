"""python -m training.prepare SOURCE... --out data/x

Turn pictures into paired shards for training. SOURCE is the word openmoji, or a folder: pictures
in colour (--kind color: line art is extracted), folders lineart/ and color/, or pix2pix pictures
(--kind side-by-side --line-side left). What cannot be used is listed in rejected.csv.
"""

import csv
import functools
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro

from training.atomic import require_absent, written_whole
from training.command import DONE, run_command
from training.errors import DataError

if TYPE_CHECKING:
    from training.data.candidate import Candidate, DrawOptions, Rejection
    from training.data.shards import ShardWriter

REJECTED_FILE = "rejected.csv"
NOT_STATED = "not stated"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What prepare.py is told on the command line."""

    sources: tyro.conf.Positional[tuple[str, ...]]  # openmoji, or folders of pictures
    out: Path  # data folder to write
    size: int = 64  # pixels, square; a multiple of 2^depth of the generator
    kind: Literal["color", "pairs", "side-by-side"] | None = None  # what the folders hold
    line_side: Literal["left", "right"] | None = None  # of side-by-side pictures
    licence: str = NOT_STATED  # of the pictures in the folders; goes into every manifest
    credit: str = NOT_STATED  # whom to name for the pictures in the folders
    variants: int = 3  # line drawings extracted from each colour picture
    validation_share: float = 0.1  # of the groups of pictures
    seed: int = 0  # of the extraction
    workers: int | None = None  # processes; default: one a core
    overwrite: bool = False  # replace an existing data folder

    def __post_init__(self) -> None:
        for name, valid, expected in (
            ("sources", len(self.sources) > 0, "at least one"),
            ("size", 16 <= self.size <= 4096, "16 to 4096 pixels"),
            ("variants", self.variants >= 1, "at least 1"),
            ("validation-share", 0 < self.validation_share < 1, "above 0, below 1"),
            ("seed", self.seed >= 0, "at least 0"),
            ("workers", self.workers is None or self.workers >= 1, "at least 1"),
        ):
            if not valid:
                received = getattr(self, name.replace("-", "_"))
                raise DataError(f"{name}: expected {expected}, received {received!r}.")


def prepare(options: Options) -> Path:
    """Write the data folder options.out, whole or not at all. Returns it.

    Equal sources and options give equal bytes, whatever the number of processes.
    Raises DataError for a source that cannot be used, or where no pair is left for a split;
    OutputExists.
    """
    require_absent(options.out, overwrite=options.overwrite)
    candidates, rejections = _gather(options)
    with written_whole(options.out, overwrite=options.overwrite) as partial:
        partial.mkdir()
        _write(partial, candidates, rejections, options=options)
    return options.out


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(prepare(options))
    return DONE


def _gather(options: Options) -> "tuple[list[Candidate], list[Rejection]]":
    """Return the candidates of all sources in an order that depends on their names alone."""
    from training.data.sources import find_candidates
    from training.data.split import stable_order_key

    candidates, rejections = [], []
    for source in options.sources:
        found, refused = find_candidates(source, kind=options.kind, line_side=options.line_side)
        candidates += found
        rejections += refused
    twice = [name for name, n in Counter(c.id for c in candidates).items() if n > 1]
    if twice:
        raise DataError(
            f"{len(twice)} pictures have the same name in two sources, such as {twice[0]!r}. "
            "Expected folders of different names, each given once; rename one."
        )
    return sorted(candidates, key=lambda c: stable_order_key(c.id)), rejections


def _write(
    folder: Path,
    candidates: "list[Candidate]",
    rejections: "list[Rejection]",
    *,
    options: Options,
) -> None:
    from training.data.candidate import DrawOptions
    from training.data.shards import ShardWriter

    draw = DrawOptions(size=options.size, variants=options.variants, seed=options.seed)
    with ShardWriter(folder) as writer:
        written, extractors = _write_pairs(writer, candidates, rejections, draw, options=options)
        _require_both_splits(written, rejections, candidates=len(candidates))
        _write_rejections(folder / REJECTED_FILE, rejections)
        writer.write_manifest(_describe(options, extractors, rejected=len(rejections)))
