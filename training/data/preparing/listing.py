"""Note what the sources hold, before any picture is opened, and what an older set has of it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from training.data.preparing.journal import Journal
from training.data.preparing.lists import (
    PICTURES_FILE,
    REJECTED_FILE,
    read_pictures,
    read_rejections,
)
from training.data.shards import ShardManifest
from training.data.sources.candidate import Candidate, Found
from training.errors import DataError


def note_what_there_is(
    journal: Journal, found: Sequence[Found], *, validation_share: float
) -> None:
    """Note every candidate in its order, less those that an older set has had.

    Of built-in sources, which state their licence, none is held out beyond its name.

    Where that was done before, only look whether the sources still hold the same names.
    Raises DataError where they do not, or where a name would stand for two pictures.
    """
    digest, noted = hashlib.sha256(), journal.get("listing", None)
    for number, source in enumerate(found):
        candidates = _digested(source.candidates, number, digest)
        if noted is None:
            journal.add_candidates(number, candidates, own=source.licence is None)
            journal.reject(source.rejections)
        else:
            for _ in candidates:
                pass
    if noted is None:
        journal.put_in_order(validation_share=validation_share)
        journal.put("listing", digest.hexdigest())
        journal.commit()
    elif noted != digest.hexdigest():
        raise DataError(
            "the sources: expected the files of when this was begun, received others. Put back "
            "what has changed; or begin anew with --overwrite, or finish this and --append."
        )


def note_what_stands(journal: Journal, data: Path, older: ShardManifest) -> None:
    """Note the pairs and rejections of an older set: none of them is looked at again.

    Raises DataError where its lists are not those of its shards.
    """
    counts, compared = dict.fromkeys(older.counts, 0), 0
    for picture in read_pictures(data / PICTURES_FILE):
        journal.keep(picture, compared=compared if picture.hashes else None, source=None)
        compared += picture.hashes is not None
        counts[picture.split] += 1
    if counts != older.counts:
        raise DataError(
            f"{data / PICTURES_FILE}: expected {older.counts} pairs, as the manifest says, "
            f"received {counts}. Copy the whole data folder again, or prepare it with --overwrite."
        )
    journal.reject(read_rejections(data / REJECTED_FILE))


def _digested(
    candidates: Iterable[Candidate], source: int, digest: "hashlib._Hash"
) -> Iterator[Candidate]:
    for candidate in candidates:
        digest.update(f"{source} {candidate.id} {candidate.file}\n".encode(errors="replace"))
        yield candidate
