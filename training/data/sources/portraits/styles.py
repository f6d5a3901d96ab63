"""The styles of DiceBear that portraits are drawn in, and what has to be known of each.

Chosen by looking: licences that allow it, characters with whole shapes. No other style is used.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

CC0, CC_BY = "CC0 1.0", "CC BY 4.0"


@dataclass(frozen=True, kw_only=True)
class PortraitStyle:
    """How one style is cast and drawn."""

    name: str  # of its definition in dicebear-styles
    licence: str
    share: int  # portraits of each 20
    held_out: tuple[str, ...]  # components of which whole variants are seen in validation alone
    line: float = 0.016  # width of its lines as they are drawn here, as a share of its side
    own_line: float | None = None  # width of the ink lines that it has; None: it has none
    parted: bool = False  # shapes overlap unseen: no line where both sides have one colour
    ink_slots: tuple[str, ...] = ()  # colours that stay black
    inks: tuple[str, ...] = ()  # fixed colours that are drawn as ink: of lashes, rims of glasses
    features: tuple[str, ...] = ()  # components whose translucent shapes are drawn as ink


STYLES = (
    PortraitStyle(
        name="adventurer",
        licence=CC_BY,
        share=5,
        held_out=("hair", "eyes"),
        line=0.014,
        own_line=0.008,
        ink_slots=("ink", "eyes", "earrings", "glasses"),
    ),
    PortraitStyle(
        name="open-peeps",
        licence=CC0,
        share=3,
        held_out=("head", "expression"),
        line=0.014,
        own_line=0.012,
        ink_slots=("ink",),
    ),
    PortraitStyle(
        name="toon-head",
        licence=CC_BY,
        share=2,
        held_out=("hair", "clothes"),
        inks=("#4b2422",),
    ),
    PortraitStyle(
        name="big-smile",
        licence=CC_BY,
        share=2,
        held_out=("hair", "mouth"),
        inks=("#2a1200",),
    ),
    PortraitStyle(
        name="personas",
        licence=CC_BY,
        share=2,
        held_out=("hair", "clothes"),
        features=("nose",),
        inks=("#1b0640",),
    ),
    PortraitStyle(
        name="big-ears",
        licence=CC_BY,
        share=2,
        held_out=("hair", "frontHair"),
        parted=True,
        features=("nose", "eyes", "mouth", "details"),
        inks=("#161616",),
    ),
    PortraitStyle(
        name="critters",
        licence=CC0,
        share=1,
        held_out=("body", "top"),
        ink_slots=("ink",),
        line=0.02,
    ),
    PortraitStyle(
        name="clay",
        licence=CC0,
        share=1,
        held_out=("body", "top"),
        ink_slots=("ink",),
        line=0.02,
    ),
    PortraitStyle(
        name="sprouts",
        licence=CC0,
        share=2,
        held_out=("plant", "pot"),
        ink_slots=("ink",),
        line=0.02,
    ),
)


@cache
def definition(style: str) -> dict[str, Any]:
    """Return the definition of a style: components with their variants, and colours."""
    text = (files("dicebear_styles") / f"{style}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
