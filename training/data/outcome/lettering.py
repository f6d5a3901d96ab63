"""Write names in any script on a picture: find a font of this machine that has their letters.

No font is brought along: one with Japanese has megabytes. Where none is found, `lacks` tells of
which words, and they are named in a text beside the picture.
"""

import subprocess
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# Of Linux, macOS and Windows, those with Japanese first; Pillow looks for them by name.
FONTS = (
    *("NotoSansCJK-Regular.ttc", "ipaexg.ttf", "ipag.ttf", "TakaoGothic.ttf"),
    *("Hiragino Sans GB.ttc", "Arial Unicode.ttf", "YuGothM.ttc", "msgothic.ttc"),
    *("NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial.ttf"),
)
_SUFFIXES = (".ttf", ".ttc", ".otf")
_PATIENCE_S = 10.0  # for fc-list, which may have to read every font once
_ELLIPSIS = "..."


def font_for(texts: Iterable[str], size: int) -> "Font":
    """Return the font of `size` pixels that writes most letters of texts.

    It is sought among FONTS, then where fontconfig knows one with the letters that these lack;
    Pillow's own, of Latin letters, is there always.
    """
    from PIL import ImageFont

    wanted = frozenset(letter for text in texts for letter in _composed(text))
    best: Font | None = None
    lacking = wanted
    for names in (_known, _fonts_with):
        for name in names(lacking):
            try:
                font = ImageFont.truetype(name, size)
            except OSError:  # not on this machine, or of a kind that Pillow does not read
                continue
            without = frozenset(letter for letter in wanted if lacks(font, letter))
            if best is None or len(without) < len(lacking):
                best, lacking = font, without
            if not lacking:
                return best
    return best or ImageFont.load_default(size)


def lacks(font: "Font", text: str) -> bool:
    """Return whether a font has no picture of some letter of a text."""
    blank = bytes(font.getmask("\uffff"))  # what it draws in place of what it lacks
    return any(c > "~" and bytes(font.getmask(c)) == blank for c in _composed(text))


def written(font: "Font", text: str) -> str:
    """Return a text with a dot for each letter that the font lacks."""
    return "".join("\u00b7" if lacks(font, letter) else letter for letter in _composed(text))


def shortened(font: "Font", text: str, *, width: int) -> str:
    """Return a text of at most `width` pixels: what it begins and what it ends with."""
    text = _composed(text)
    kept = len(text)
    shown = text
    while font.getlength(shown) > width and kept > 2:
        kept -= 1
        shown = text[: kept - kept // 2] + _ELLIPSIS + text[len(text) - kept // 2 :]
    return shown


def wrapped(font: "Font", text: str, *, width: int) -> list[str]:
    """Break a text into lines of at most `width` pixels, all but the first indented."""
    lines = [""]
    for word in text.split():
        line = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if font.getlength(line) > width and lines[-1].strip():
            line = f"    {word}"
            lines.append(line)
        lines[-1] = line
    return [shortened(font, line, width=width) for line in lines]


def _composed(text: str) -> str:
    # macOS gives names with their accents apart, which few fonts put back into place.
    return unicodedata.normalize("NFC", text)


def _known(lacking: frozenset[str]) -> Sequence[str]:
    return FONTS


def _fonts_with(lacking: frozenset[str]) -> Sequence[str]:
    """The files of fonts that fontconfig knows to have letters, plain ones first."""
    points = " ".join(f"{ord(letter):x}" for letter in sorted(lacking))
    try:
        said = subprocess.run(
            ["fc-list", f":charset={points}", "file"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # names of fonts in other encodings: those are not found, then
            timeout=_PATIENCE_S,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):  # no fontconfig here
        return []
    files = [line.rstrip(": ") for line in said.splitlines()]
    return sorted((f for f in files if f.endswith(_SUFFIXES)), key=_plainness)


def _plainness(file: str) -> tuple[bool, bool, str]:
    name = file.lower()
    return "serif" in name or "mincho" in name, "regular" not in name, file
