"""The candidates of WebDataset tars: members of one name but for what follows its first dot.

    000001.jpg 000001.json 000001.txt      a picture, and what is said of it (kinds color and
                                           side-by-side)
    000001.lineart.png 000001.color.png    a pair

Notes (.json, .txt, .cls) say tags; they decide what --exclude leaves out and nothing else.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from training.data.sources.candidate import Found, Rejection
from training.data.sources.files import one_spelling
from training.data.sources.folders import (
    Kind,
    OwnCandidate,
    PicturePair,
    Side,
    candidate_of_one_file,
)
from training.data.sources.own.members import TarMember, list_members
from training.data.sources.own.tags import (
    Exclusion,
    read_record,
    tags_of_record,
    tags_of_text,
)
from training.errors import DataError

PICTURES = frozenset(
    ("avif", "bmp", "gif", "heic", "heif", "jpeg", "jpg")
    + ("pgm", "png", "ppm", "tif", "tiff", "webp")
)
NOTES = frozenset(("json", "txt", "cls"))
MAX_NOTE_BYTES = 1 << 20
_ROLES = ("lineart", "color")

_Sample = dict[str, TarMember]  # what follows the first dot, in lower case -> the member


def archive_candidates(
    source: str,
    archives: Sequence[Path],
    *,
    kind: Kind | None = None,
    line_side: Side | None = None,
    exclusion: Exclusion | None = None,
) -> Found:
    """List what tars hold, without decoding any picture.

    kind: may be None for pairs, whose names say it. The tars' names are no part of a sample's
    group: packed otherwise, a collection is split alike. The candidates are OwnCandidate. Raises
    DataError for what is no tar, and if the kind cannot be known for certain.
    """
    candidates: list[OwnCandidate] = []
    rejections: list[Rejection] = []
    for archive in archives:
        samples, unusable = _samples(archive)
        rejections += unusable
        kind = kind or _evident_kind(source, samples)
        if kind is None:
            continue  # no sample in it
        for key, sample in samples.items():
            found = _candidate(archive, key, sample, source=source, kind=kind, line_side=line_side)
            reason = found if isinstance(found, str) else _excluded(sample, exclusion)
            if reason is None:
                assert not isinstance(found, str)
                candidates.append(found)
            else:
                named = next((sample[end] for end in sample if end not in NOTES), None)
                name = str(named or f"{archive}/{key}")
                rejections.append(Rejection(file=name, reason=reason))
    if kind is None:
        raise DataError(f"{source}: expected a tar of pictures, received none in it.")
    name = one_spelling(Path(source).resolve().name)
    return Found(name=name, kind=kind, candidates=candidates, rejections=rejections)


def _samples(archive: Path) -> tuple[dict[str, _Sample], list[Rejection]]:
    """Group the members of a tar by their names up to the first dot."""
    samples: dict[str, _Sample] = {}
    rejections: list[Rejection] = []
    for member in list_members(archive):
        if isinstance(member, Rejection):
            rejections.append(member)
            continue
        path = PurePosixPath(one_spelling(member.name))
        stem, _, end = path.name.partition(".")
        sample = samples.setdefault(path.with_name(stem).as_posix(), {})
        if end.lower() in sample:
            reason = "expected each name once in a tar, received it again"
            rejections.append(Rejection(file=str(member), reason=reason))
        elif end.lower().rpartition(".")[2] in PICTURES | NOTES:
            sample[end.lower()] = member
        else:
            reason = f"expected a picture, or .{', .'.join(sorted(NOTES))}, received another name"
            rejections.append(Rejection(file=str(member), reason=reason))
    return {key: sample for key, sample in samples.items() if sample}, rejections


def _evident_kind(source: str, samples: dict[str, _Sample]) -> Kind | None:
    """Return pairs where all samples are; None where there is no sample. Raises DataError."""
    if not samples:
        return None
    if all({*_ROLES} <= {end.partition(".")[0] for end in sample} for sample in samples.values()):
        return "pairs"
    raise DataError(
        f"{source}: what does it hold? Expected pairs NAME.lineart.png and NAME.color.png, or one "
        "of --kind color (line art is extracted) and --kind side-by-side (pix2pix pictures)."
    )


def _candidate(
    archive: Path,
    key: str,
    sample: _Sample,
    *,
    source: str,
    kind: Kind,
    line_side: Side | None,
) -> OwnCandidate | str:
    """Return the candidate of a sample, or why there is none."""
    identifier = f"{one_spelling(archive.resolve().name)}/{key}"
    if kind == "pairs":
        pair = {role: list(_pictures(sample, role)) for role in _ROLES}
        if any(len(files) != 1 for files in pair.values()):
            counts = " and ".join(f"{len(files)} of {role}" for role, files in pair.items())
            return f"expected one picture of each, lineart and color, received {counts}"
        (lineart,), (color,) = pair.values()
        return PicturePair(lineart=lineart, color=color, id=identifier, group=key.casefold())
    pictures = list(_pictures(sample))
    if len(pictures) != 1:
        return f"expected one picture of this name, received {len(pictures)}"
    make = candidate_of_one_file(source, kind=kind, line_side=line_side)
    return make(path=pictures[0], id=identifier, group=key.casefold())


def _pictures(sample: _Sample, role: str = "") -> Iterator[TarMember]:
    for end, member in sample.items():
        before, _, suffix = end.rpartition(".")
        if suffix in PICTURES and before == role:
            yield member


def _excluded(sample: _Sample, exclusion: Exclusion | None) -> str | None:
    """Return why a sample is left out by what its notes say, or None."""
    if exclusion is None:
        return None
    tags: set[str] | None = None
    for end in NOTES & sample.keys():
        member = sample[end]
        if member.size > MAX_NOTE_BYTES:
            return (
                f"expected at most {MAX_NOTE_BYTES:,} bytes in its .{end}, received {member.size:,}"
            )
        with member.open() as stream:
            said = stream.read()
        record = read_record(said) if end == "json" else None
        if end == "json" and record is None:
            return "expected a JSON object in its .json, received something else"
        found = tags_of_record(record) if record else tags_of_text(said.decode(errors="replace"))
        tags = (tags or set()) | found
    return exclusion.reason(tags)
