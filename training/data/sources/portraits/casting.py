"""Decide what each portrait is put together from: a style and a variant of each component.

Part of the variants of the components that tell most, such as hair and clothes, are held out: a
portrait of the training split is cast without them, and one to validate on has no other there.
So no portrait mixes the two, none is thrown away, and validation asks for what was never seen.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from training.data.sources.portraits.styles import STYLES, PortraitStyle, definition
from training.data.split import Split, split_of
from training.errors import DataError

MOST_PORTRAITS = 20_000  # where few are held out there are combinations for so many
HELD_OUT_SHARE = 0.15  # of the variants of a component; at least one
_TRIES = 1000
_LEFT_OUT = ("animation",)  # a still picture shows none


@dataclass(frozen=True, kw_only=True)
class Cast:
    """One portrait: its style, its number, and the variants it is put together from."""

    style: str
    index: int
    variants: tuple[tuple[str, str | None], ...]  # (component, variant); None: without it

    @property
    def group(self) -> str:
        """What decides between train and validation."""
        return group_of(self.style, self.index)


def cast_portraits(count: int, *, validation_share: float) -> list[Cast]:
    """Return the first `count` portraits, no two of one style put together alike.

    The number of a portrait decides its split, and number and split what it looks like: more
    portraits leave the first ones as they are.
    Raises DataError, which tells how many there are, where a style has no further combination.
    """
    if not 1 <= count <= MOST_PORTRAITS:
        raise DataError(f"portraits: expected 1 to {MOST_PORTRAITS}, received {count}.")
    turns = _turns()
    seen: set[tuple[str, tuple[tuple[str, str | None], ...]]] = set()
    portraits = []
    for index in range(count):
        style = turns[index % len(turns)]
        split = split_of(group_of(style.name, index), validation_share=validation_share)
        for variants in _drawn(style, index, split):
            if (style.name, variants) not in seen:
                break
        else:
            raise DataError(
                f"portraits: expected at most {index}, since the style {style.name} has no other "
                f"combinations with {validation_share:g} held out, received {count}. Name "
                f"--portraits {index}."
            )
        seen.add((style.name, variants))
        portraits.append(Cast(style=style.name, index=index, variants=variants))
    return portraits


def group_of(style: str, index: int) -> str:
    """Return what decides the split of a portrait."""
    return f"portraits/{style}/{index:05d}"


def held_out_variants(style: PortraitStyle, component: str) -> tuple[str, ...]:
    """Return the variants of a component that validation alone shows, by their names alone."""
    if component not in style.held_out:
        return ()
    names = sorted(
        definition(style.name)["components"][component]["variants"],
        key=lambda name: hashlib.sha256(f"{style.name}/{component}/{name}".encode()).digest(),
    )
    return tuple(names[: max(1, round(HELD_OUT_SHARE * len(names)))])


def _turns() -> Sequence[PortraitStyle]:
    """Return one style for each of 20 portraits, spread so that any few are a fair sample."""
    places = [
        ((turn + 0.5) / style.share, number, style)
        for number, style in enumerate(STYLES)
        for turn in range(style.share)
    ]
    return [style for _, _, style in sorted(places, key=lambda place: place[:2])]


def _drawn(
    style: PortraitStyle, index: int, split: Split
) -> Iterator[tuple[tuple[str, str | None], ...]]:
    """Yield combinations for one portrait, at random as its number says."""
    digest = hashlib.sha256(group_of(style.name, index).encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    for _ in range(_TRIES):
        yield tuple(
            (component, pool[rng.integers(len(pool))] if rng.uniform(0, 100) < chance else None)
            for component, chance, pool in _pools(style, split)
        )


@cache
def _pools(style: PortraitStyle, split: Split) -> list[tuple[str, float, list[str]]]:
    """Return each component, its chance in percent, and the variants that a split may show."""
    pools = []
    for component, details in definition(style.name)["components"].items():
        names, held_out = list(details["variants"]), held_out_variants(style, component)
        if held_out:
            names = [name for name in names if (name in held_out) == (split == "validation")]
        if component not in _LEFT_OUT:
            pools.append((component, float(details.get("probability", 100)), names))
    return pools
