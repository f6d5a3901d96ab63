"""A source of one's own: a folder of pictures, a tar, or a folder of tars, as its owner wants it.

Lists it, leaves out what tags exclude, and keeps its parts train and val if asked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import cast

from training.data.sources.candidate import Found, Rejection
from training.data.sources.files import list_files
from training.data.sources.folders import (
    Kind,
    LineFolder,
    OwnCandidate,
    Side,
    folder_candidates,
)
from training.data.sources.own.parts import keep_parts, part_of
from training.data.sources.own.samples import PICTURES, archive_candidates
from training.data.sources.own.tags import (
    EXCLUDED,
    Exclusion,
    excluded_by_metadata,
    read_exclusion,
)
from training.errors import DataError
from training.files.printable import printable


@dataclass(frozen=True, kw_only=True)
class CollectionOptions:
    """What is said of the folders and tars of a preparation."""

    kind: Kind | None = None
    line_side: Side | None = None  # half of a side-by-side picture that holds the line art
    line_folder: LineFolder | None = None  # which of A/ and B/ holds the line art
    keep_split: bool = False
    exclude: Path | None = None  # tags, one a line
    metadata: Path | None = None  # JSON lines: the tags of the pictures of a folder


def collection(source: str, options: CollectionOptions) -> Found:
    """List what a folder or tar holds, without decoding any picture. Raises DataError."""
    exclusion = None if options.exclude is None else read_exclusion(options.exclude)
    archives = _archives(Path(source))
    if archives:
        found = archive_candidates(
            source,
            archives,
            kind=options.kind,
            line_side=options.line_side,
            exclusion=None if options.metadata else exclusion,
        )
    else:
        found = folder_candidates(
            source,
            kind=options.kind,
            line_side=options.line_side,
            line_folder=options.line_folder,
        )
        if exclusion and options.metadata is None:
            raise DataError(
                f"exclude: expected --metadata with it, which says the tags of {source}, received "
                "none. Name a file of JSON lines with an id and tags each."
            )
    candidates = cast(Sequence[OwnCandidate], found.candidates)
    if exclusion and options.metadata:
        candidates, excluded = _without(candidates, options.metadata, exclusion)
        found = replace(found, rejections=[*found.rejections, *excluded])
    found = replace(found, candidates=candidates, remarks=_remarks(found.rejections, exclusion))
    return _in_parts(source, found, candidates, keep=options.keep_split)


def remarks(found: Sequence[Found], *, licence_stated: bool) -> Iterator[str]:
    """Yield what to tell of the sources before they are read."""
    for source in found:
        for remark in source.remarks:
            yield f"{printable(source.name)}: {remark}"
    if not licence_stated and (unsaid := [s.name for s in found if s.licence is None]):
        yield (
            f"{', '.join(map(printable, unsaid))}: no --licence is stated. Who drew these "
            "pictures, and may they train a network that you share or sell? Nurie cannot know; a "
            "collection from a website holds works of others, whatever its own files allow. Name "
            "the terms with --licence, and whom to credit with --credit."
        )


def _archives(source: Path) -> list[Path]:
    """Return the tars that a source consists of; none for a folder of pictures."""
    if source.is_file():
        return [source]
    files = list_files(source).files
    tars = [file for file in files if file.suffix.lower() == ".tar"]
    pictures = sum(file.suffix.lower().removeprefix(".") in PICTURES for file in files)
    if tars and pictures:
        raise DataError(
            f"{printable(str(source))}: expected pictures or tars, received {pictures} pictures "
            f"and {len(tars)} tars. Name the tars themselves, or take them elsewhere."
        )
    return tars


def _without(
    candidates: Sequence[OwnCandidate], metadata: Path, exclusion: Exclusion
) -> tuple[list[OwnCandidate], list[Rejection]]:
    """Leave out what the metadata says to have excluded tags, and what it does not know."""
    names = [PurePosixPath(candidate.id).name.partition(".")[0] for candidate in candidates]
    reasons = excluded_by_metadata(metadata, names, exclusion)
    kept, rejections = [], []
    for candidate, name in zip(candidates, names, strict=True):
        if name in reasons:
            rejections.append(Rejection(file=candidate.file, reason=reasons[name]))
        else:
            kept.append(candidate)
    return kept, rejections


def _remarks(rejections: Sequence[Rejection], exclusion: Exclusion | None) -> tuple[str, ...]:
    """Say how many pictures each excluded tag has cost: a misspelt one costs none."""
    if exclusion is None:
        return ()
    cost = Counter(
        tag
        for rejection in rejections
        if rejection.reason.startswith(EXCLUDED)
        for tag in rejection.reason.removeprefix(EXCLUDED).split(", ")
    )
    said = [f"{count:,} of {tag}" for tag, count in cost.most_common()]
    if idle := sorted(exclusion.words - cost.keys()):
        said.append(f"none of {', '.join(idle[:10])}{', ...' * (len(idle) > 10)}")
    return (f"pictures left out by their tags: {'; '.join(said)}",)


def _in_parts(
    source: str, found: Found, candidates: Sequence[OwnCandidate], *, keep: bool
) -> Found:
    """Keep the parts of a collection, or say that they are not kept."""
    if keep:
        kept, rejections = keep_parts(source, candidates)
        return replace(found, candidates=kept, rejections=[*found.rejections, *rejections])
    parts = sorted({part for c in candidates if (part := part_of(c.id))})
    if len(parts) < 2:
        return found
    remark = (
        f"it has parts of its own ({', '.join(parts)}), which are mixed and split anew by name; "
        "--keep-split keeps them"
    )
    return replace(found, remarks=[*found.remarks, remark])
