"""Assign each group of pictures to training or validation by its name alone."""

import hashlib
from typing import Literal

Split = Literal["train", "validation"]
SPLITS: tuple[Split, ...] = ("train", "validation")


def split_of(group: str, *, validation_share: float) -> Split:
    """Assign a group by its SHA-256 alone: other groups, order and machine do not matter.

    About `validation_share` of many groups fall into validation. A larger share moves groups
    from train to validation and none back.
    """
    return "validation" if _position(group) < validation_share else "train"


def stable_order_key(identifier: str) -> bytes:
    """Order pairs by this, so that any first few of them are a fair sample of all."""
    return hashlib.sha256(b"order:" + identifier.encode()).digest()


def _position(group: str) -> float:
    """Map a group to [0, 1), evenly."""
    digest = hashlib.sha256(b"split:" + group.encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
