"""What somebody probably meant who typed a name that is none: one sentence for every refusal."""

import difflib
from collections.abc import Iterable
from pathlib import Path


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean NAME?" for the nearest of `known`, or nothing where none is near."""
    near = nearest(word, known)
    return f" Did you mean {near}?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that is spelt most like a word, in whatever letters; or None."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[near[0]] if near else None


def path_meant(path: Path, *words: str, folders: bool = False) -> str:
    """Return the same for a path that does not exist: of what stands where it should.

    words: that may be typed in place of a path. folders: nothing else is looked for.
    """
    above = path.parent
    beside = above.iterdir() if above.is_dir() else iter(())
    names = {each.name for each in beside if each.is_dir() or not folders}
    near = nearest(path.name, names | (set(words) if path.name == str(path) else set()))
    # The name alone is compared: what it is in is spelt alike in all.
    return f" Did you mean {above / near}?" if near else ""
