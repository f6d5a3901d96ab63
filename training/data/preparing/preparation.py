"""Turn candidates into encoded pairs: the part of preparing that runs in several processes.

Whatever happens while one candidate is drawn, its process's end included, is its rejection.
"""

import traceback
from dataclasses import dataclass

import numpy as np

from training.data.preparing.workers import Limits
from training.data.quality import keep_usable, perceptual_hash
from training.data.records import PairRecord, encode_pair
from training.data.sources.candidate import Candidate, DrawOptions, Rejection, on_paper
from training.data.split import Split
from training.errors import PictureError

# A worker starts with less than 0.2 GB, and so stays below 1.5. The largest picture that
# training.picture.reading takes needs less, and less time.
LIMITS = Limits(seconds=60, memory_bytes=1_300_000_000)


@dataclass(frozen=True, kw_only=True)
class PreparedPair:
    """A record with what decides its place: its group, and what it looks like."""

    record: PairRecord
    group: str
    file: str
    split: Split | None  # where its source wants it
    shape: tuple[int, int] | None  # height and width of the picture as it was given
    # of color and of lineart[0], each (4,) uint64; None: its source makes no drawing twice
    hashes: tuple[np.ndarray, np.ndarray] | None


def prepare_candidate(candidate: Candidate, options: DrawOptions) -> PreparedPair | Rejection:
    """Draw, judge and encode one candidate; whatever is wrong with it becomes its rejection."""
    try:
        return _prepare(candidate, options)
    except PictureError as error:
        reason = str(error).removeprefix(f"{candidate.file}: ")
        return Rejection(file=candidate.file, reason=reason)
    except Exception as error:
        return Rejection(file=candidate.file, reason=_unforeseen(error))


def lost_candidate(candidate: Candidate, reason: str) -> Rejection:
    """Reject a candidate that its process did not outlive, or took too long over."""
    return Rejection(
        file=candidate.file,
        reason=f"{reason}. Expected at most {LIMITS.seconds:.0f} s and "
        f"{LIMITS.memory_bytes / 1e9:.1f} GB for a picture. Scale it down, or save it as PNG",
    )


def _prepare(candidate: Candidate, options: DrawOptions) -> PreparedPair:
    pair = keep_usable(on_paper(candidate.draw(options), options.size))
    return PreparedPair(
        record=encode_pair(candidate.id, pair),
        group=candidate.group,
        file=candidate.file,
        split=candidate.split,
        shape=pair.shape,
        hashes=None
        if pair.unique
        else (perceptual_hash(pair.color), perceptual_hash(pair.lineart[0])),
    )


def _unforeseen(error: Exception) -> str:
    """Say what nobody has foreseen, with its type and place: it may be a mistake of Nurie's."""
    import cv2

    # OpenCV has an exception and a number of its own for it.
    if isinstance(error, MemoryError) or getattr(error, "code", 0) == cv2.Error.StsNoMem:
        return (
            f"expected at most {LIMITS.memory_bytes / 1e9:.1f} GB to draw it. Scale it down first"
        )
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join(str(error).split())
    return (
        f"unforeseen {type(error).__name__}: {said} ({place.filename}, line {place.lineno}). "
        "Most likely a mistake of Nurie's: please report it with the picture"
    )
