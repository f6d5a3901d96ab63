"""Keep the parts that others have split a collection into: train, val and test.

A part is a folder on a picture's way, or a tar, of such a name. What is in test stays out of the
set: nothing that is trained on it, nor the choice of its best checkpoint, has then seen it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from training.data.sources.candidate import Rejection
from training.data.sources.folders import OwnCandidate
from training.errors import DataError

Part = Literal["train", "validation", "test"]
_PARTS: dict[str, Part] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
# A word with nothing or a number behind it, as in train-00012.tar.
_NAME = re.compile(rf"({'|'.join(_PARTS)})(?:[-_.]?\d+)?(?:\.tar)?", re.IGNORECASE)


def part_of(identifier: str) -> Part | None:
    """Return the part that a picture belongs to by the folders in its id, the first that says."""
    for folder in PurePosixPath(identifier).parts[:-1]:
        if named := _NAME.fullmatch(folder):
            return _PARTS[named[1].lower()]
    return None


def keep_parts(
    source: str, candidates: Sequence[OwnCandidate]
) -> tuple[list[OwnCandidate], list[Rejection]]:
    """Give each candidate the split of its part; leave out test, and what is in no part.

    Where there is no part to validate on, pictures to train on are split by their names, as ever.
    Raises DataError where there is no part to train on.
    """
    parts = [part_of(candidate.id) for candidate in candidates]
    if "train" not in parts:
        raise DataError(
            f"{source}: --keep-split expected pictures below folders train/ and val/, received "
            "none below train/. Leave --keep-split out, or rename the folders."
        )
    by_name = "validation" not in parts
    kept, rejections = [], []
    for candidate, part in zip(candidates, parts, strict=True):
        if part is None:
            reason = "expected below a folder train/, val/ or test/, since --keep-split was given"
            rejections.append(Rejection(file=candidate.file, reason=reason))
        elif part == "test":
            reason = "of the part test, which --keep-split leaves out of the set"
            rejections.append(Rejection(file=candidate.file, reason=reason))
        else:
            kept.append(candidate if by_name else replace(candidate, split=part))
    return kept, rejections
