"""Turn candidates into encoded pairs: the part of preparing that runs in several processes."""

from dataclasses import dataclass

import numpy as np

from training.data.quality import NearDuplicates, keep_usable, perceptual_hash
from training.data.records import PairRecord, encode_pair
from training.data.sources.candidate import Candidate, DrawOptions, Rejection
from training.errors import PictureError


@dataclass(frozen=True, kw_only=True)
class PreparedPair:
    """A record with what decides its place: its group, and what it looks like."""

    record: PairRecord
    group: str
    file: str
    # of color and of lineart[0], each (4,) uint64; None: its source makes no drawing twice
    hashes: tuple[np.ndarray, np.ndarray] | None


def prepare_candidate(candidate: Candidate, options: DrawOptions) -> PreparedPair | Rejection:
    """Draw, judge and encode one candidate; whatever is wrong with it becomes its rejection."""
    try:
        pair = keep_usable(candidate.draw(options))
    except PictureError as error:
        reason = str(error).removeprefix(f"{candidate.file}: ")
        return Rejection(file=candidate.file, reason=reason)
    return PreparedPair(
        record=encode_pair(candidate.id, pair),
        group=candidate.group,
        file=candidate.file,
        hashes=None
        if pair.unique
        else (perceptual_hash(pair.color), perceptual_hash(pair.lineart[0])),
    )


class DuplicateFilter:
    """Lets the first of several near-identical pairs pass.

    Pairs whose line art is alike are duplicates even in other colours: one drawing must not
    stand in both train and validation, and two colourings of it have no single answer. Pairs
    that their source knows to be unique pass, and no other is compared with them.
    """

    def __init__(self) -> None:
        self._colors, self._linearts = NearDuplicates(), NearDuplicates()

    def check(self, pair: PreparedPair) -> Rejection | None:
        """Return why the pair is rejected, or None, and remember it."""
        if pair.hashes is None:
            return None
        color_hash, lineart_hash = pair.hashes
        for what, seen, looks in (
            ("picture", self._colors, color_hash),
            ("line art", self._linearts, lineart_hash),
        ):
            twin = seen.find(looks)
            if twin is not None:
                return Rejection(file=pair.file, reason=f"near duplicate: {what} as in {twin}")
        self._colors.add(pair.file, color_hash)
        self._linearts.add(pair.file, lineart_hash)
        return None
