"""Held-out drawings at a size of one's choice, drawn from SVG, with the colours below their ink."""

from dataclasses import dataclass

import numpy as np

from training.data.sources.candidate import Candidate, DrawOptions
from training.data.sources.catalogue import SourceOptions, find_candidates
from training.data.split import split_of, stable_order_key
from training.errors import DataError, PictureError
from training.prepare import Options as PrepareOptions

SOURCES = ("openmoji", "portraits")


@dataclass(frozen=True, kw_only=True)
class Truth:
    """One drawing and its true colours."""

    name: str
    lineart: np.ndarray  # (H, W) uint8
    color: np.ndarray  # (H, W, 3) uint8


def held_out_candidates(count: int) -> list[Candidate]:
    """Return about as many drawings of each source, none of which `prepare` puts into training.

    Always the same ones, a fair sample; those of which the ink is not black are left out.
    Raises DataError where there are not so many.
    """
    settings = PrepareOptions(sources=SOURCES, out=None)  # type: ignore[arg-type]
    options = SourceOptions(
        portraits=settings.portraits, validation_share=settings.validation_share
    )
    chosen: list[Candidate] = []
    for number, source in enumerate(SOURCES):
        share = (count + number) // len(SOURCES)
        found = find_candidates(source, options).candidates
        kept = [
            each
            for each in found
            if split_of(each.group, validation_share=settings.validation_share) == "validation"
        ]
        kept = sorted(kept, key=lambda each: stable_order_key(each.id))
        of_source: list[Candidate] = []
        for each in kept:
            if len(of_source) == share:
                break
            if _is_whole(each):
                of_source.append(each)
        if len(of_source) < share:
            raise DataError(
                f"{source}: expected {share} held-out drawings, found {len(of_source)}."
            )
        chosen += of_source
    return chosen


def drawn(candidate: Candidate, size: int) -> Truth:
    """Draw a candidate at `size` pixels a side."""
    pair = candidate.draw(DrawOptions(size=(size, size), variants=1, seed=0))
    return Truth(name=candidate.id, lineart=pair.lineart[0], color=pair.color)


def _is_whole(candidate: Candidate) -> bool:
    """Tell whether the picture is its layer under black lines, at a size that is soon drawn."""
    try:
        pair = candidate.draw(DrawOptions(size=(64, 64), variants=1, seed=0))
    except PictureError:
        return False
    return pair.layer is not None and bool((pair.lineart[0] < 128).any())
