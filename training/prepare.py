"""python -m training.prepare SOURCE... --out data/x

Turn pictures into paired shards for training. SOURCE is one of the words openmoji, portraits and
twemoji, or a folder: pictures in colour (--kind color: line art is extracted), folders lineart/ and
color/ or A/ and B/, pix2pix pictures (--kind side-by-side --line-side left), or any of these in
WebDataset tars. Sources mix: name several. What cannot be used is listed in rejected.csv, and
contact-sheet.png shows what became of the first pictures. A preparation that was cut off goes on
with --resume; --append adds what a set does not have yet; --cluster draws on other machines
(docs/data.md).
"""

import dataclasses
import functools
import sys
import time
from collections.abc import Sequence
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from training.data.named import NOT_STATED
from training.data.preparing.options import OF_THIS_RUN, Options
from training.errors import DataError
from training.settings.sizes import as_said, height_width
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    from training.data.outcome.account import Account
    from training.data.preparing.steps import Engine
    from training.data.preparing.workplace import Workplace
    from training.data.shards import DataDescription, ShardManifest
    from training.data.sources.candidate import Found


def prepare(options: Options) -> Path:
    """Write the data folder options.out, whole or not at all. Returns it.

    Equal sources and options give equal bytes, whatever draws and however often it was cut off.
    Raises DataError for a source that cannot be used, where no pair is left for a split, and
    where there is nothing to resume or append to, or something else; OutputExists.
    """
    from training.data.preparing.versions import versions
    from training.data.preparing.workplace import workplace

    # One size has one name, or what was begun by another would be another preparation.
    options = dataclasses.replace(options, size=as_said(height_width(options.size)))
    older = _older_set(options)
    settings = {f.name: getattr(options, f.name) for f in fields(options)}
    settings = {
        name: str(said) if isinstance(said, Path) else said
        for name, said in settings.items()
        if name not in OF_THIS_RUN
    }
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
    from training.data.outcome.account import Account
    from training.data.outcome.places import Places
    from training.data.outcome.sheet import SHEET_FILE
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
    size = height_width(options.size)
    account = Account(sources=len(found), size=size, noted=journal.get("account", None))
    with ShardWriter(place.data, place=reached) as writer:
        prepare_candidates(
            journal,
            writer,
            draw=DrawOptions(
                size=size,
                variants=options.variants,
                seed=options.seed,
                first_picture=options.first_picture,
            ),
            account=account,
            places=Places(
                journal,
                validation_share=options.validation_share,
                keep=options.near_duplicates == "keep",
            ),
            engine=engine,
        )
        seconds = time.monotonic() - begun
        counts = dict(zip(options.sources, journal.counts(len(found)), strict=True))
        try:
            require_pairs(counts.values(), journal.rejections(), grows=older is not None)
        except DataError:
            abandon(place)
            raise
        rejected = write_rejections(place.data / REJECTED_FILE, journal.rejections())
        write_pictures(place.data / PICTURES_FILE, journal.kept())
        pairs = sum(count for of in counts.values() for count in of.values())
        shown = _draw_sheet(place, pairs=pairs, rejected=rejected)
        writer.write_manifest(_describe(found, rejected, account, older, options=options))
    lines = list(
        account.lines(
            counts,
            rejected=rejected - (older.rejected if older else 0),
            held_out=journal.held_out(),
            grown=older is not None,
        )
    )
    pictures_per_s = (journal.count() - before) / seconds
    put_in_place(place, beside=beside)
    for line in lines:
        print(line, file=sys.stderr)
    print(
        f"{rejected} rejected: see {REJECTED_FILE}; {_rate(pictures_per_s)} pictures/s\n"
        f"look at {SHEET_FILE} before training: it shows {shown} of {pairs:,} pairs",
        file=sys.stderr,
    )


def _draw_sheet(place: "Workplace", *, pairs: int, rejected: int) -> int:
    """Write the contact sheet; returns how many pairs it shows."""
    from training.data.outcome.sheet import NAMES_FILE, REJECTIONS, SHEET_FILE, contact_sheet

    rows = list(place.journal.shown())
    rejections = list(islice(place.journal.rejections(), REJECTIONS))
    sheet = contact_sheet(rows, rejections, pairs=pairs, rejected=rejected)
    sheet.image.save(place.data / SHEET_FILE)
    if sheet.names:
        (place.data / NAMES_FILE).write_text("\n".join(sheet.names) + "\n", encoding="utf-8")
    return len(rows)


def _listed(
    place: "Workplace", older: "ShardManifest | None", *, options: Options
) -> "list[Found]":
    """Note what all sources hold; refuse names that would stand for two pictures."""
    from training.data.preparing.listing import note_what_stands, note_what_there_is
    from training.data.sources.catalogue import SourceOptions, find_candidates
    from training.data.sources.own.collection import CollectionOptions, remarks

    of_sources = SourceOptions(
        own=CollectionOptions(
            kind=options.kind,
            line_side=options.line_side,
            line_folder=options.line_folder,
            keep_split=options.keep_split,
            exclude=options.exclude,
            metadata=options.metadata,
        ),
        portraits=options.portraits,
        validation_share=options.validation_share,
    )
    found = [find_candidates(source, of_sources) for source in options.sources]
    for remark in remarks(found, licence_stated=options.licence != NOT_STATED):
        print(remark, file=sys.stderr)
    if older and place.journal.get("listing", None) is None:
        note_what_stands(place.journal, options.out, older)
    note_what_there_is(place.journal, found, validation_share=options.validation_share)
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


def _rate(per_s: float) -> str:
    return f"{per_s:.0f}" if per_s >= 10 else f"{per_s:.1f}"


def _describe(
    found: "list[Found]",
    rejected: int,
    account: "Account",
    older: "ShardManifest | None",
    *,
    options: Options,
) -> "DataDescription":
    from training.data.preparing.description import Words, describe

    return describe(
        found,
        Words(licence=options.licence, credit=options.credit),
        size=options.size,
        variants=options.variants,
        validation_share=options.validation_share,
        seed=options.seed,
        extractors=sorted(account.extractors),
        rejected=rejected,
        older=older,
    )


if __name__ == "__main__":
    sys.exit(main())
