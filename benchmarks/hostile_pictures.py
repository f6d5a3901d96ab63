"""python -m benchmarks.hostile_pictures

Make a folder of 1,000 hostile and 50 good pictures, prepare it, and account for every file. Ends
with status 1 where a file is neither in a pair nor in rejected.csv, a good one is lost, a worker
takes 1.5 GB, or all of it two minutes.
"""

import csv
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.errors import ConfigError
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.steps import Step
from training.terminal.tensorflow_log import import_tensorflow_quietly

MAX_WORKER_BYTES = 1_500_000_000
MAX_SECONDS = 120.0  # on 2 cores
SIZE = 64  # pixels


@dataclass(frozen=True, kw_only=True)
class Options:
    """What hostile_pictures.py is told on the command line."""

    hostile: int = 1000  # pictures that harm
    good: int = 50  # pictures that must be kept
    large: bool = True  # with those that take seconds and hundreds of megabytes each
    workers: int = 2  # processes of training.prepare
    seed: int = 0  # of the damage
    keep: Path | None = None  # new folder for pictures and data set; default: none is kept

    def __post_init__(self) -> None:
        if min(self.hostile, self.good, self.workers) < 1 or self.seed < 0:
            raise ConfigError(f"expected hostile, good and workers above 0, received {self}.")
        if self.keep is not None and self.keep.exists():
            raise ConfigError(f"keep: expected a new folder, received {str(self.keep)!r}.")


@dataclass(frozen=True, kw_only=True)
class Account:
    """What became of every file, and what it took."""

    files: int
    pairs: int
    rejected: int
    missing: tuple[str, ...]  # files in no pair and no row
    lost: tuple[str, ...]  # good files that were rejected
    status: int  # of training.prepare
    said: str  # by it
    seconds: float
    worker_bytes: int  # the most that one worker had in memory; 0 where it cannot be told


def survive(work: Path, options: Options) -> Account:
    """Make the pictures in a folder below `work`, prepare them, and account for each."""
    from benchmarks.hostile.pictures import GOOD, make_folder
    from benchmarks.hostile.watching import watch
    from training.files.printable import printable

    pictures, data = work / "pictures", work / "data"
    make_folder(
        pictures,
        hostile=options.hostile,
        good=options.good,
        large=options.large,
        seed=options.seed,
    )
    words = ["--kind", "color", "--size", str(SIZE), "--workers", str(options.workers)]
    step = Step("training.prepare", (str(pictures), "--out", str(data), *words))
    watched = watch(step, said=work / "said.txt")
    files = {printable(str(path)) for path in pictures.iterdir()}
    pairs, rejected = _outcome(data, pictures) if watched.status == DONE else (set(), set())
    return Account(
        files=len(files),
        pairs=len(pairs),
        rejected=len(rejected),
        missing=tuple(sorted(files - pairs - rejected)),
        lost=tuple(sorted(name for name in rejected if Path(name).name.startswith(GOOD))),
        status=watched.status,
        said=watched.said,
        seconds=watched.seconds,
        worker_bytes=watched.child_bytes,
    )


def faults(account: Account) -> list[str]:
    """Say what is not as it must be."""
    told = []
    if account.status != DONE:
        told.append(f"training.prepare ended with status {account.status}: {account.said[-2000:]}")
    told += [f"not accounted for: {name}" for name in account.missing]
    told += [f"good and rejected: {name}" for name in account.lost]
    if account.worker_bytes > MAX_WORKER_BYTES:
        told.append(f"expected at most {MAX_WORKER_BYTES / 1e9} GB in a worker")
    if account.seconds > MAX_SECONDS:
        told.append(f"expected at most {MAX_SECONDS:.0f} s")
    return told


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if options.keep is not None:
        account = survive(options.keep, options)
    else:
        with tempfile.TemporaryDirectory(prefix="nurie-hostile-") as name:
            account = survive(Path(name), options)
    found = faults(account)
    for fault in found:
        print(fault, file=sys.stderr)
    print(
        f"{account.files} files: {account.pairs} in pairs, {account.rejected} rejected, "
        f"{len(account.missing)} missing; {account.seconds:.0f} s, "
        f"{account.worker_bytes / 1e9:.2f} GB in a worker at most"
    )
    return FAILED if found else DONE


def _outcome(data: Path, pictures: Path) -> tuple[set[str], set[str]]:
    """Return the files of pairs and of rows, as they are named in rows."""
    import_tensorflow_quietly()
    from training.data.pipeline import load_split
    from training.data.split import SPLITS
    from training.files.printable import printable

    ids = [identifier for split in SPLITS for identifier in load_split(data, split).ids]
    pairs = {printable(str(pictures / identifier.partition("/")[2])) for identifier in ids}
    with (data / "rejected.csv").open(newline="", encoding="utf-8") as file:
        rejected = {row["file"] for row in csv.DictReader(file)}
    return pairs, rejected


if __name__ == "__main__":
    sys.exit(main())
