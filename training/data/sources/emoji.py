"""The names of emoji: code points in hexadecimal, such as 1F468-200D-1F52C.

All sets of emoji share one split: what two artists draw of one code point stands on one side.
"""

import re

_SKIN_TONE = re.compile(r"-?\b1F3F[B-F]\b")
_VARIATION_SELECTOR = re.compile(r"-FE0F\b")
# Regional indicators, sequences of the waving flags, and OpenMoji's private range: all of them
# rectangles whose line art says nothing about their colours.
_FLAG = re.compile(r"1F1(E[6-9A-F]|F[0-9A-F])(-|$)|1F3F[34]-|E42[0-9A-F]$|E43[0-5]$")


def code_points(name: str) -> str:
    """Spell a name as OpenMoji does: capitals, four digits at least; 23-20e3 is 0023-20E3."""
    return "-".join(point.zfill(4) for point in name.upper().split("-"))


def emoji_group(name: str) -> str:
    """Return what decides the split of an emoji of any set; variants of one belong together."""
    return f"openmoji/{base_code_point(name)}"  # the first set gave it its name


def base_code_point(name: str) -> str:
    """Strip skin tones (1F3FB to 1F3FF) and the variation selector FE0F from a name."""
    return _VARIATION_SELECTOR.sub("", _SKIN_TONE.sub("", name))


def has_skin_tone(name: str) -> bool:
    """Tell whether a name holds a skin tone, 1F3FB to 1F3FF."""
    return _SKIN_TONE.search(name) is not None


def is_flag(name: str) -> bool:
    """Tell whether a name is that of a flag, or of a letter that flags are spelled with."""
    return _FLAG.match(name) is not None
