"""Write several words as they are spoken."""

from collections.abc import Sequence
from typing import Literal


def listed(words: Sequence[str], last: Literal["and", "or"]) -> str:
    """Return "a, b and c", or the same with `or`; of one word that, of none nothing."""
    return f" {last} ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)
