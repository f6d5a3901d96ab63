"""Assign each group of pictures to training or validation: by its name, and in a small set by need.

A group is what must not be torn apart: the variants of one drawing, the files of one name.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

Split = Literal["train", "validation"]
SPLITS: tuple[Split, ...] = ("train", "validation")
# Validation chooses the best checkpoint and gives every figure of quality; of fewer drawings, each
# alone decides.
ENOUGH_TO_JUDGE = 10
SMALL = 50  # groups: of fewer, ten would be missed in training


def split_of(group: str, *, validation_share: float) -> Split:
    """Assign a group by its SHA-256 alone: other groups, order and machine do not matter.

    About `validation_share` of many groups fall into validation. A larger share moves groups
    from train to validation and none back.
    """
    return "validation" if _position(group) < validation_share else "train"


def stable_order_key(identifier: str) -> bytes:
    """Order pairs by this, so that any first few of them are a fair sample of all."""
    return hashlib.sha256(b"order:" + identifier.encode()).digest()


def warning_of_few(validation: int) -> str | None:
    """Return what to tell where there are too few drawings to validate on, or None."""
    if validation >= ENOUGH_TO_JUDGE:
        return None
    return (
        f"warning: {validation} drawing{'s' * (validation != 1)} to validate on: chance decides "
        "which checkpoint is best, and how good it looks. Expected at least "
        f"{ENOUGH_TO_JUDGE}: prepare more pictures, or with a larger --validation-share."
    )


def too_few_by_name(groups: Iterable[str], *, validation_share: float) -> bool:
    """Tell whether a set of enough groups may have too few to validate on, split by name alone.

    groups: distinct; no more of them are asked for than it takes to know.
    """
    count = by_name = 0
    for group in groups:
        count += 1
        by_name += _position(group) < validation_share
        # Twice as many as are needed: some of them will be unusable.
        if by_name == 2 * ENOUGH_TO_JUDGE:
            return False
    return count >= SMALL


def place_in_line(group: str) -> bytes:
    """Return what groups are sorted by to be held out; those split off by name come first."""
    return _digest(group)[:6]


def _position(group: str) -> float:
    """Map a group to [0, 1), evenly."""
    return int.from_bytes(_digest(group)[:6], "big") / 2**48


def _digest(group: str) -> bytes:
    return hashlib.sha256(b"split:" + group.encode()).digest()
