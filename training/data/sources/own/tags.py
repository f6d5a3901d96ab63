"""What others have said of their pictures, and the pictures left out because of it.

Tags stand in lines of JSON beside a collection, as Danbooru's and its like are given away, or in
the .json, .txt and .cls members of a WebDataset. Tags are compared without case, and a space is an
underscore. A rating is a tag, too: rating:e, by its first letter.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.errors import DataError

MAX_LINE_BYTES = 1 << 20  # of one picture; Danbooru's longest have some 20,000
_TAGS = re.compile(r"tags|tag_string(_\w+)?|caption|prompt|text")  # fields that hold tags
EXCLUDED = "excluded by its tags: "
UNKNOWN = "its tags are not known, and --exclude wants to know them"


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Tags whose pictures are left out."""

    words: frozenset[str]

    def reason(self, tags: Iterable[str] | None) -> str | None:
        """Return why a picture of these tags is left out, or None. None: nothing is said of it."""
        if tags is None:
            return UNKNOWN
        met = sorted(self.words.intersection(tags))
        return f"{EXCLUDED}{', '.join(met)}" if met else None


def read_exclusion(path: Path) -> Exclusion:
    """Read tags, one a line; lines that begin with # are remarks. Raises DataError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"exclude: expected a text file in UTF-8, one tag a line, received {path}: {error}."
        ) from error
    words = frozenset(
        normal(line) for line in lines if line.strip() and not line.lstrip().startswith("#")
    )
    if not words:
        raise DataError(f"exclude: expected one tag a line, received none in {path}.")
    return Exclusion(words=words)


def normal(tag: str) -> str:
    """Return the spelling of a tag that is compared."""
    spelled = re.sub(r"\s+", "_", tag.strip().casefold())
    return spelled[:8] if spelled.startswith("rating:") else spelled


def tags_of_text(text: str) -> set[str]:
    """Return what a caption or a list of tags says: between commas and line ends, and each word."""
    pieces = {normal(piece) for piece in re.split(r"[,\n]", text)}
    words = {normal(word.strip(".;:!?\"'()[]")) for word in text.replace(",", " ").split()}
    return (pieces | words) - {""}


def tags_of_record(record: Mapping[str, Any]) -> set[str]:
    """Return the tags of one picture's JSON object: lists of names or objects, or texts."""
    tags: set[str] = set()
    for field, said in record.items():
        if not _TAGS.fullmatch(field):
            continue
        for each in said if isinstance(said, list) else [said]:
            name = each.get("name") if isinstance(each, dict) else each
            if isinstance(name, str):
                tags |= {normal(name)} if isinstance(said, list) else tags_of_text(name)
    if isinstance(rating := record.get("rating"), str) and rating:
        tags.add(normal(f"rating:{rating}"))
    return tags


def excluded_by_metadata(
    metadata: Path, names: Iterable[str], exclusion: Exclusion
) -> dict[str, str]:
    """Return why each of these pictures is left out, by its name; the others are kept.

    metadata: a file of JSON lines with an id each, or a folder of such files, which are read once.
    names: file names without suffix, which are the ids. Raises DataError.
    """
    reasons = dict.fromkeys(names, UNKNOWN)
    for file in _files(metadata):
        for record in _records(file):
            name = str(record["id"])
            if name in reasons:
                reasons[name] = exclusion.reason(tags_of_record(record)) or ""
    return {name: reason for name, reason in reasons.items() if reason}


def _files(metadata: Path) -> list[Path]:
    if metadata.is_file():
        return [metadata]
    found = sorted(path for path in metadata.rglob("[!.]*") if path.is_file())
    if not found:
        raise DataError(
            f"metadata: expected a file of JSON lines, or a folder of such, received {metadata}."
        )
    return found


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file that have an id. Raises DataError for any other line."""
    with file.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if not line.strip():
                continue
            record = None if len(line) > MAX_LINE_BYTES else read_record(line)
            if record is None or not isinstance(record.get("id"), str | int):
                raise DataError(
                    f"{file}, line {number}: expected a JSON object of one picture with its id, "
                    f'such as {{"id": 1, "tags": ["sky"]}}, received {line[:60]!r}.'
                )
            yield record


def read_record(text: bytes) -> dict[str, Any] | None:
    """Return a JSON object, or None for anything else."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None
