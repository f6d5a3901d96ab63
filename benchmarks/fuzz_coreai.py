"""python -m benchmarks.fuzz_coreai model.aimodel [--count 1000]

Damages copies of a Core AI asset at random, opens and runs each in Apple's runtime, and counts what
comes of it. Only our own errors may, in time. Ends with status 1 where anything else does.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from conversion.coreai import api
from conversion.coreai.runtime import require_whole
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.progress import Progress
from training.terminal.table import print_table


@dataclass(frozen=True, kw_only=True)
class Options:
    """What fuzz_coreai.py is told on the command line."""

    asset: tyro.conf.Positional[Path]  # an .aimodel; a small one is tried faster
    count: int = 1000  # damaged copies
    seed: int = 0  # of the first copy; each has the next one


def fuzz(asset: Path, *, count: int, seed: int) -> Counter[str]:
    """Return how often each verdict came of `count` damaged copies: see hostile.assets.

    Raises ArtifactError for what is no asset, ConversionError without Apple's packages.
    """
    require_whole(asset)
    api.require_installed()
    from benchmarks.hostile.assets import Opener, damage

    verdicts: Counter[str] = Counter()
    opener = Opener()
    progress = Progress("damaged", total=count, unit="copies")
    with tempfile.TemporaryDirectory() as folder, progress:
        try:
            for number in range(count):
                copy = Path(folder) / f"{number}.aimodel"
                damage(asset, copy, seed=seed + number)
                said = opener.verdict(copy)
                broken = said.startswith("BROKEN")
                verdicts[f"{said} (seed {seed + number})" if broken else said] += 1
                progress.advance()
        finally:
            opener.close()
    return verdicts


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    verdicts = fuzz(options.asset, count=options.count, seed=options.seed)
    rows = [(said, str(number)) for said, number in verdicts.most_common()]
    print_table(
        f"{options.count} damaged copies of {options.asset.name}", ("", "copies"), rows=rows
    )
    broken = sum(number for said, number in verdicts.items() if said.startswith("BROKEN"))
    print(f"{broken} of {options.count} did what only a fault of ours lets them do")
    return FAILED if broken else DONE


if __name__ == "__main__":
    sys.exit(main())
