"""Portraits rendered offline by dicebear-core from dicebear-styles: line art, colours, both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from training.data.sources.candidate import DrawOptions, Pair
from training.data.sources.outlined import inked_pair, outlined_pair, parted_pair
from training.data.sources.portraits.casting import Cast, cast_portraits
from training.data.sources.portraits.colors import portrait_colors
from training.data.sources.portraits.styles import STYLES, definition
from training.data.sources.shapes import ShapeDrawing

if TYPE_CHECKING:
    from dicebear import Style

_BY_NAME = {style.name: style for style in STYLES}


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """A candidate: one character, which does not exist before it is drawn."""

    cast: Cast

    @property
    def id(self) -> str:
        """The name of the pair."""
        return self.cast.group

    @property
    def group(self) -> str:
        """What decides between train and validation."""
        return self.cast.group

    @property
    def split(self) -> None:
        """Decided by the group, as is what the portrait is put together of."""

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return self.cast.group

    def draw(self, options: DrawOptions) -> Pair:
        """Put the character together, colour it, and take its line art."""
        from dicebear import Avatar

        style = _BY_NAME[self.cast.style]
        svg = str(Avatar(_parsed(style.name), self._avatar_options()))
        drawing = ShapeDrawing(svg, inks=style.inks, features=style.features)
        if style.own_line is not None:
            pair = inked_pair(drawing, own=style.own_line, line=style.line, size=options.side)
        else:
            outline = style.line * drawing.width
            make = parted_pair if style.parted else outlined_pair
            pair = make(drawing, outline=outline, size=options.side)
        return replace(pair, unique=True)

    def _avatar_options(self) -> dict[str, Any]:
        style = _BY_NAME[self.cast.style]
        options: dict[str, Any] = {"seed": self.cast.group, "backgroundColor": []}
        for component in definition(style.name)["components"]:
            options[f"{component}Probability"] = 0
        for component, variant in self.cast.variants:
            if variant is not None:
                options |= {f"{component}Variant": [variant], f"{component}Probability": 100}
        for slot, color in portrait_colors(style, self.cast.index).items():
            options[f"{slot}Color"] = [color]
        for slot in style.ink_slots:
            options[f"{slot}Color"] = ["#000000"]
        return options


def portraits(count: int, *, validation_share: float) -> Sequence[Portrait]:
    """Return the first `count` portraits."""
    return [
        Portrait(cast=cast) for cast in cast_portraits(count, validation_share=validation_share)
    ]


def portraits_source(count: int) -> str:
    """Return the names and versions of the packages, and how many portraits were drawn."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("dicebear-core", "dicebear-styles"))
    return f"{count} portraits by {packages}"


def portraits_licence() -> tuple[str, str]:
    """Return the licences of the styles, and whom to credit for each."""
    names: dict[str, list[str]] = {}
    for style in STYLES:
        names.setdefault(style.licence, []).append(style.name)
    licence = ", ".join(f"{licence} ({', '.join(of)})" for licence, of in names.items())
    credit = "; ".join(definition(style.name)["meta"]["license"]["text"] for style in STYLES)
    return licence, f"{credit}; drawn with DiceBear, colours changed, outlines added"


@cache
def _parsed(style: str) -> "Style":
    from dicebear import Style

    return Style(definition(style))
