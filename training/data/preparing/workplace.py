"""Where a preparation works, beside its output: begun, gone on with after a kill, put in place.

.preparing-<name>/.lock           held by the process at work
.preparing-<name>/journal.sqlite  what there is to do, and what was done
.preparing-<name>/data/           the shards
"""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.data.preparing.journal import JOURNAL_FILE, Journal
from training.data.shards import MANIFEST_FILE
from training.data.writing import Place
from training.errors import DataError, OutputExists
from training.files.atomic import require_absent, written_whole
from training.files.lock import LOCK_FILE, held_alone

BEGIN_ANEW = "begin anew with --overwrite"


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """What a preparation works with."""

    output: Path
    folder: Path
    journal: Journal
    replace: bool  # the output may exist, and is replaced

    @property
    def data(self) -> Path:
        """The folder that the shards are written to."""
        return self.folder / "data"


@contextmanager
def workplace(
    output: Path, *, settings: Mapping[str, Any], resume: bool, replace: bool, anew: bool
) -> Iterator[Workplace]:
    """Yield a place to prepare `output` in, held against others; after a kill, the one of before.

    settings: JSON; what must be the same for a preparation to go on. resume: go on, where there
    is something to go on with. replace: `output` may exist and is replaced at the end; what goes on
    replaces it if it was begun so. anew: what a killed one left is thrown away.
    If the block raises, what was committed stays for --resume; where nothing was, nothing
    stays. Raises OutputExists; DataError where another process is at it, or it was begun otherwise.
    """
    output = output.parent.resolve() / output.name
    folder = output.with_name(f".preparing-{output.name}")
    if not resume:
        require_absent(output, overwrite=replace, marker=MANIFEST_FILE)
    folder.mkdir(parents=True, exist_ok=True)
    refusal = DataError(
        f"{output} is being prepared by another process. Expected to be the only one; wait for "
        "it, or end it."
    )
    with held_alone(folder, refusal=refusal) as descriptor:
        if not _is_in_place(descriptor, folder):
            raise refusal  # the other one has just ended
        try:
            _look_at_what_was_left(folder, output, resume=resume, anew=anew)
            journal = Journal(folder)
            try:
                replace = journal.get("replace", replace)
                require_absent(output, overwrite=replace, marker=MANIFEST_FILE)
                journal.put("replace", replace)
                _require_same_settings(output, journal, settings)
                yield Workplace(output=output, folder=folder, journal=journal, replace=replace)
            finally:
                journal.close()
        finally:
            if folder.exists() and pictures_left(folder) == 0:
                _clear(folder)


def pictures_left(folder: Path) -> int:
    """Return how many pictures a preparation dealt with before it was cut off."""
    if not (folder / JOURNAL_FILE).exists():
        return 0
    journal = Journal(folder)
    try:
        return journal.count()
    finally:
        journal.close()


def put_in_place(place: Workplace, *, beside: Mapping[str, Path]) -> None:
    """Make what was prepared the output, whole or not at all, and clear the workplace.

    beside: files of an older set that stay as they are, by their names.
    """
    with written_whole(place.output, overwrite=place.replace, marker=MANIFEST_FILE) as partial:
        partial.mkdir()
        # Linked, not moved: a kill in this moment leaves all of it where it was.
        for file in (*beside.values(), *place.data.iterdir()):
            _link(file, partial / file.name)
    abandon(place)


def abandon(place: Workplace) -> None:
    """Leave nothing to go on with."""
    place.journal.close()
    _clear(place.folder)


def drop_what_came_after(place: Place, data: Path, *, beside: Collection[str]) -> None:
    """Delete what was written after a place, and find the shards before it whole.

    beside: files of an older set, which stand elsewhere. Raises DataError.
    """
    whole: dict[str, int | None] = {}
    for shard in place.finished:
        whole |= {shard.file: shard.bytes, shard.index: None}
    for file, size in whole.items():
        path = data / file
        if file not in beside and not (path.is_file() and size in (None, path.stat().st_size)):
            raise DataError(f"{path} is not what was written; {BEGIN_ANEW}.")
    begun = {shard.file for shard in place.open}
    for path in list(data.iterdir()):
        if path.name not in whole and path.name not in begun:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _look_at_what_was_left(folder: Path, output: Path, *, resume: bool, anew: bool) -> None:
    """Refuse, or clear, what a killed preparation left, unless it is to go on."""
    there = folder / "data" / MANIFEST_FILE
    if there.exists() and _same_bytes(there, output / MANIFEST_FILE):
        _clear(folder, keep_lock=True)  # killed when all was done: it is in place
        raise OutputExists(f"{output} is complete. Expected nothing to go on with.")
    count = pictures_left(folder)
    if count and not resume and not anew:
        raise OutputExists(
            f"{output} was cut off after {count} pictures. Expected --resume to go on with "
            f"them; or {BEGIN_ANEW}."
        )
    if not count or anew:
        _clear(folder, keep_lock=True)
    (folder / "data").mkdir(exist_ok=True)


def _require_same_settings(output: Path, journal: Journal, settings: Mapping[str, Any]) -> None:
    """Note the settings of a new preparation, or compare them with those of the one before."""
    begun = journal.get("settings", None)
    if begun is None:
        journal.put("settings", dict(settings))
        return
    differing = [name for name in settings if begun.get(name) != settings[name]]
    if differing:
        said = "; ".join(f"{n}: {begun.get(n)!r} then, {settings[n]!r} now" for n in differing)
        raise DataError(
            f"{output}: expected --resume with what it was begun with, received {said}. "
            f"Repeat the command as it was, or {BEGIN_ANEW}."
        )


def _is_in_place(descriptor: int, folder: Path) -> bool:
    """Tell whether the lock that is held is that of the folder, not of one deleted meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), (folder / LOCK_FILE).stat())
    except FileNotFoundError:
        return False


def _clear(folder: Path, *, keep_lock: bool = False) -> None:
    # The journal first: without it, what is left is nothing to go on with.
    for name in (JOURNAL_FILE, f"{JOURNAL_FILE}-journal"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "data" if keep_lock else folder, ignore_errors=True)


def _same_bytes(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


def _link(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:  # a file system without hard links
        shutil.copyfile(file, to)
