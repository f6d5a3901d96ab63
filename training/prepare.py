"""python -m training.prepare SOURCE... --out data/x

Turn pictures into paired shards for training. SOURCE is one of the words openmoji, portraits and
twemoji, or a folder: pictures in colour (--kind color: line art is extracted), folders lineart/ and
color/, or pix2pix pictures (--kind side-by-side --line-side left). Sources mix: name several. What
cannot be used is listed in rejected.csv. A preparation that was cut off goes on with --resume;
--append adds what a set does not have yet; --cluster draws on other machines (docs/data.md).
"""

import functools
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from training.data.named import NOT_STATED
from training.errors import DataError
from training.files.printable import printable
from training.settings.sizes import SaidSize, as_said, height_width
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    from training.data.preparing.steps import Engine
    from training.data.preparing.workplace import Workplace
    from training.data.shards import DataDescription, ShardManifest
    from training.data.sources.candidate import Found
    from training.data.split import Split

# Options that change no byte of the set.
OF_THIS_RUN = ("out", "workers", "cluster", "resume", "overwrite")


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
    # address of a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers draw instead
    cluster: str | None = None
    resume: bool = False  # go on where a preparation of this data folder was cut off, if one was
    append: bool = False  # add to an existing data folder the pictures that it does not have
    overwrite: bool = False  # replace an existing data folder, and what one that was cut off left

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
            ("workers", not (self.workers and self.cluster), "none of one's own with --cluster"),
            ("overwrite", not (self.overwrite and self.resume), "it or --resume, not both"),
            ("overwrite", not (self.overwrite and self.append), "it or --append, not both"),
        ):
            if not valid:
                received = getattr(self, name.replace("-", "_"))
                raise DataError(f"{name}: expected {expected}, received {received!r}.")


def prepare(options: Options) -> Path:
    """Write the data folder options.out, whole or not at all. Returns it.

    Equal sources and options give equal bytes, whatever draws and however often it was cut off.
    Raises DataError for a source that cannot be used, where no pair is left for a split, and
    where there is nothing to resume or append to, or something else; OutputExists.
    """
    from training.data.preparing.versions import versions
    from training.data.preparing.workplace import workplace

    older = _older_set(options)
    settings = {f.name: getattr(options, f.name) for f in fields(options)}
    settings = {name: said for name, said in settings.items() if name not in OF_THIS_RUN}
    settings |= {"sources": list(options.sources), "versions": versions()}
    settings["added to"] = older and older.sha256
    # Where a preparation was begun to replace a folder, it goes on to replace it.
    with workplace(
        options.out,
        settings=settings,
        resume=options.resume,
        replace=options.overwrite or options.append,
        anew=options.overwrite,
    ) as place:
        try:
            _prepare_in(place, older, options=options)
        except BaseException:
            _say_how_to_go_on(place)
            raise
    return options.out


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(prepare(options))
    return DONE


def _older_set(options: Options) -> "ShardManifest | None":
    """Return the set that pictures are to be added to; refuse one of other settings."""
    from training.data.shards import read_manifest

    if not options.append:
        return None
    older = read_manifest(options.out)
    for name in ("size", "variants", "validation_share", "seed"):
        received, expected = getattr(options, name), getattr(older, name)
        if received != expected:
            option = f"--{name.replace('_', '-')}"
            raise DataError(
                f"{option}: expected {expected}, as {options.out} was prepared with, received "
                f"{received}. Name {option} {expected}."
            )
    return older


def _prepare_in(place: "Workplace", older: "ShardManifest | None", *, options: Options) -> None:
    from training.data.preparing.lists import (
        PICTURES_FILE,
        REJECTED_FILE,
        write_pictures,
        write_rejections,
    )
    from training.data.preparing.steps import prepare_candidates, require_pairs
    from training.data.preparing.workplace import abandon, drop_what_came_after, put_in_place
    from training.data.sources.candidate import DrawOptions
    from training.data.writing import Place, ShardWriter

    journal, engine = place.journal, _engine(options)
    found = _listed(place, older, options=options)
    before, begun = journal.count(), time.monotonic()
    beside = _files_of(options.out, older)
    reached = journal.place() if before else Place(finished=older.shards if older else ())
    drop_what_came_after(reached, place.data, beside=beside)
    with ShardWriter(place.data, place=reached) as writer:
        prepare_candidates(
            journal,
            writer,
            draw=DrawOptions(
                size=height_width(options.size), variants=options.variants, seed=options.seed
            ),
            validation_share=options.validation_share,
            engine=engine,
        )
        seconds = time.monotonic() - begun
        counts = dict(zip(options.sources, journal.counts(len(found)), strict=True))
        try:
            require_pairs(_total(counts), journal.rejections(), grows=older is not None)
        except DataError:
            abandon(place)
            raise
        rejected = write_rejections(place.data / REJECTED_FILE, journal.rejections())
        write_pictures(place.data / PICTURES_FILE, journal.kept())
        writer.write_manifest(_describe(found, rejected, place, older, options=options))
    pictures_per_s = (journal.count() - before) / seconds
    put_in_place(place, beside=beside)
    _report(counts, rejected, older, pictures_per_s=pictures_per_s)


def _listed(
    place: "Workplace", older: "ShardManifest | None", *, options: Options
) -> "list[Found]":
    """Note what all sources hold; refuse names that would stand for two pictures."""
    from training.data.preparing.listing import note_what_stands, note_what_there_is
    from training.data.sources.catalogue import SourceOptions, find_candidates

    of_sources = SourceOptions(
        kind=options.kind,
        line_side=options.line_side,
        portraits=options.portraits,
        validation_share=options.validation_share,
    )
    found = [find_candidates(source, of_sources) for source in options.sources]
    if older and place.journal.get("listing", None) is None:
        note_what_stands(place.journal, options.out, older)
    note_what_there_is(place.journal, found)
    if older and not place.journal.total():
        raise DataError(
            f"{options.out}: expected pictures that it does not have, received none. A file that "
            "was rejected is not looked at again: prepare all with --overwrite."
        )
    return found


def _files_of(data: Path, older: "ShardManifest | None") -> dict[str, Path]:
    """Return the files of the shards of an older set by their names."""
    names = [name for shard in older.shards for name in (shard.file, shard.index)] if older else []
    return {name: data / name for name in names}


def _engine(options: Options) -> "Engine":
    """Return what draws: processes of this machine, or those of a cluster that answers."""
    from training.data.preparing.preparation import LIMITS, lost_candidate

    if options.cluster is not None:
        from training.data.preparing.cluster import Cluster

        cluster = Cluster(options.cluster, sources=options.sources)
        return functools.partial(cluster.mapped_in_order, limits=LIMITS, lost=lost_candidate)
    from training.data.preparing.workers import mapped_in_order

    return functools.partial(
        mapped_in_order, workers=options.workers, limits=LIMITS, lost=lost_candidate
    )


def _say_how_to_go_on(place: "Workplace") -> None:
    from training.data.preparing.workplace import pictures_left

    if count := pictures_left(place.folder):
        print(
            f"{place.output}: cut off; the first {count} pictures are kept: go on with --resume",
            file=sys.stderr,
        )


def _total(counts: "dict[str, dict[Split, int]]") -> "dict[Split, int]":
    from training.data.split import SPLITS

    return {split: sum(of[split] for of in counts.values()) for split in SPLITS}


def _report(
    counts: "dict[str, dict[Split, int]]",
    rejected: int,
    older: "ShardManifest | None",
    *,
    pictures_per_s: float,
) -> None:
    """Tell the pairs of each source, where there are several, and of all."""
    rows = list(counts.items()) if len(counts) > 1 else []
    rows.append(("added" if older else "all", _total(counts)))
    for name, of in rows:
        kept = ", ".join(f"{count} {split}" for split, count in of.items())
        print(f"{printable(name)}: {kept} pairs", file=sys.stderr)
    print(
        f"{rejected} rejected: see rejected.csv; {_rate(pictures_per_s)} pictures/s",
        file=sys.stderr,
    )


def _rate(per_s: float) -> str:
    return f"{per_s:.0f}" if per_s >= 10 else f"{per_s:.1f}"


def _describe(
    found: "list[Found]",
    rejected: int,
    place: "Workplace",
    older: "ShardManifest | None",
    *,
    options: Options,
) -> "DataDescription":
    from training.data.preparing.description import Words, describe

    return describe(
        found,
        Words(licence=options.licence, credit=options.credit),
        size=as_said(height_width(options.size)),
        variants=options.variants,
        validation_share=options.validation_share,
        seed=options.seed,
        extractors=place.journal.get("extractors", []),
        rejected=rejected,
        older=older,
    )


if __name__ == "__main__":
    sys.exit(main())
