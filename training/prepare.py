"""python -m training.prepare SOURCE... --out data/x

Turn pictures into paired shards for training. SOURCE is one of the words openmoji, portraits and
twemoji, or a folder: pictures in colour (--kind color: line art is extracted), folders lineart/ and
color/, or pix2pix pictures (--kind side-by-side --line-side left). Sources mix: name several. What
cannot be used is listed in rejected.csv.
"""

import csv
import functools
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from training.data.named import JOINED, NOT_STATED
from training.errors import DataError
from training.files.atomic import require_absent, written_whole
from training.files.printable import printable
from training.settings.sizes import SaidSize, as_said, height_width
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    from training.data.preparation import PreparedPair
    from training.data.shards import DataDescription
    from training.data.sources.candidate import Found, Rejection
    from training.data.split import Split

REJECTED_FILE = "rejected.csv"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What prepare.py is told on the command line."""

    sources: tyro.conf.Positional[tuple[str, ...]]  # openmoji, portraits, twemoji, folders
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])]  # data folder to write
    # of the pictures in pixels: 64 is a square, 192x128 is 192 wide and 128 high; multiples of 16,
    # of which powers of two suit every network
    size: SaidSize = 64
    # what the folders hold. color: colour pictures; pairs: lineart/ and color/ (seen without this
    # option); side-by-side: line art and colour in one picture, as pix2pix has them
    kind: Literal["color", "pairs", "side-by-side"] | None = None
    # half of a side-by-side picture that holds the line art
    line_side: Literal["left", "right"] | None = None
    # of the pictures in the folders, such as "CC BY 4.0" or "mine"; goes into every model
    licence: str = NOT_STATED
    credit: str = NOT_STATED  # whom to name for the pictures in the folders; goes into every model
    variants: int = 3  # line drawings extracted from each colour picture of a folder
    portraits: int = 3000  # characters that the source portraits draws
    validation_share: float = 0.1  # about this share of the pictures is held out
    seed: int = 0  # of the extraction of line art
    # processes, each of which takes up to 1.5 GB; default: one for each core. 0: none beside this
    # one, which a hostile picture may then end
    workers: int | None = None
    overwrite: bool = False  # replace an existing data folder

    def __post_init__(self) -> None:
        sides = height_width(self.size)
        for name, valid, expected in (
            ("sources", len(self.sources) > 0, "at least one"),
            ("sources", len(set(self.sources)) == len(self.sources), "each once"),
            ("size", all(s % 16 == 0 < s <= 4096 for s in sides), "multiples of 16, up to 4096"),
            ("variants", self.variants >= 1, "at least 1"),
            ("portraits", self.portraits >= 1, "at least 1"),
            ("validation-share", 0 < self.validation_share < 1, "above 0, below 1"),
            ("seed", self.seed >= 0, "at least 0"),
            ("workers", self.workers is None or self.workers >= 0, "at least 0"),
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
    from training.data.shards import MANIFEST_FILE

    require_absent(options.out, overwrite=options.overwrite, marker=MANIFEST_FILE)
    found = _gather(options)
    with written_whole(options.out, overwrite=options.overwrite, marker=MANIFEST_FILE) as partial:
        partial.mkdir()
        _write(partial, found, options=options)
    return options.out


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(prepare(options))
    return DONE


def _gather(options: Options) -> "list[Found]":
    """Return what all sources hold; refuse names that would stand for two pictures."""
    from training.data.sources.catalogue import SourceOptions, find_candidates

    of_sources = SourceOptions(
        kind=options.kind,
        line_side=options.line_side,
        portraits=options.portraits,
        validation_share=options.validation_share,
    )
    found = [find_candidates(source, of_sources) for source in options.sources]
    names = Counter(candidate.id for source in found for candidate in source.candidates)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise DataError(
            f"{len(twice)} pictures have the same name in two sources, such as {twice[0]!r}. "
            "Expected folders of different names, each given once; rename one."
        )
    return found


def _write(folder: Path, found: "list[Found]", *, options: Options) -> None:
    from training.data.shards import ShardWriter
    from training.data.split import SPLITS, split_of

    rejections = [rejection for source in found for rejection in source.rejections]
    extractors: set[str] = set()
    source_of = {
        candidate.id: word
        for word, source in zip(options.sources, found, strict=True)
        for candidate in source.candidates
    }
    counts = {word: dict.fromkeys(SPLITS, 0) for word in options.sources}
    begun = time.monotonic()
    with ShardWriter(folder) as writer:
        for pair in _prepared(found, rejections, options=options):
            split = split_of(pair.group, validation_share=options.validation_share)
            writer.write(pair.record, split=split)
            extractors |= set(pair.record.extractors)
            counts[source_of[pair.record.id]][split] += 1
        _require_both_splits(_total(counts), rejections)
        _write_rejections(folder / REJECTED_FILE, rejections)
        writer.write_manifest(_describe(found, extractors, len(rejections), options=options))
    _report(counts, len(rejections), pictures_per_s=len(source_of) / (time.monotonic() - begun))


def _prepared(
    found: "list[Found]", rejections: "list[Rejection]", *, options: Options
) -> "Iterator[PreparedPair]":
    """Yield the usable pairs of all sources; add the others to `rejections`.

    The order depends on the names alone, and so does which of several duplicates is kept.
    """
    from training.data.preparation import (
        LIMITS,
        DuplicateFilter,
        lost_candidate,
        prepare_candidate,
    )
    from training.data.sources.candidate import DrawOptions, Rejection
    from training.data.split import stable_order_key
    from training.data.workers import mapped_in_order
    from training.terminal.progress import Progress
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    candidates = sorted(
        (candidate for source in found for candidate in source.candidates),
        key=lambda candidate: stable_order_key(candidate.id),
    )
    draw = DrawOptions(
        size=height_width(options.size), variants=options.variants, seed=options.seed
    )
    work = functools.partial(prepare_candidate, options=draw)
    duplicates = DuplicateFilter()
    with mapped_in_order(
        work, candidates, workers=options.workers, limits=LIMITS, lost=lost_candidate
    ) as results:
        import_tensorflow_quietly()  # writes the records; the workers draw the first meanwhile
        with Progress("preparing", total=len(candidates), unit="pictures") as progress:
            for result in results:
                progress.advance()
                if isinstance(result, Rejection):
                    rejections.append(result)
                elif duplicate := duplicates.check(result):
                    rejections.append(duplicate)
                else:
                    yield result


def _total(counts: "dict[str, dict[Split, int]]") -> "dict[Split, int]":
    from training.data.split import SPLITS

    return {split: sum(of[split] for of in counts.values()) for split in SPLITS}


def _report(counts: "dict[str, dict[Split, int]]", rejected: int, *, pictures_per_s: float) -> None:
    """Tell the pairs of each source, where there are several, and of all."""
    rows = list(counts.items()) if len(counts) > 1 else []
    for name, of in [*rows, ("all", _total(counts))]:
        kept = ", ".join(f"{count} {split}" for split, count in of.items())
        print(f"{printable(name)}: {kept} pairs", file=sys.stderr)
    print(
        f"{rejected} rejected: see {REJECTED_FILE}; {_rate(pictures_per_s)} pictures/s",
        file=sys.stderr,
    )


def _rate(per_s: float) -> str:
    return f"{per_s:.0f}" if per_s >= 10 else f"{per_s:.1f}"


def _require_both_splits(counts: "dict[Split, int]", rejections: "list[Rejection]") -> None:
    if all(counts.values()):
        return
    reasons = "".join(f"\n  {r.file}: {r.reason}" for r in rejections[:5])
    listed = f" {len(rejections)} files were rejected, such as:{reasons}" if rejections else ""
    raise DataError(
        f"expected pairs to train and to validate on, received {counts['train']} and "
        f"{counts['validation']}. Add pictures, or set --validation-share.{listed}"
    )


def _write_rejections(path: Path, rejections: "list[Rejection]") -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "reason"])
        rows.writerows(sorted((_as_cell(r.file), r.reason) for r in rejections))


def _as_cell(name: str) -> str:
    """Return the same path, unless a spreadsheet would compute it."""
    return f"./{name}" if name.startswith(("=", "+", "-", "@")) else name


def _describe(
    found: "list[Found]", extractors: set[str], rejected: int, *, options: Options
) -> "DataDescription":
    from training.data.shards import DataDescription

    return DataDescription(
        size=as_said(height_width(options.size)),
        kind=" + ".join(dict.fromkeys(source.kind for source in found)),
        source=JOINED.join(source.name for source in found),
        licence=_of_each([source.licence or options.licence for source in found], found),
        credit=_of_each([source.credit or options.credit for source in found], found),
        extractors=" + ".join(sorted(extractors)),
        variants=options.variants,
        validation_share=options.validation_share,
        seed=options.seed,
        rejected=rejected,
    )


def _of_each(words: Sequence[str], found: "list[Found]") -> str:
    """Join what is said of each source: by its name, unless all say the same."""
    if len(set(words)) == 1:
        return words[0]
    names = [source.kind if source.licence else source.name for source in found]
    return JOINED.join(f"{name}: {said}" for name, said in zip(names, words, strict=True))


if __name__ == "__main__":
    sys.exit(main())
