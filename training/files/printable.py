"""Names and words that came from a file, as a terminal can be shown them.

A name may hold what a terminal obeys: escape sequences, a return to the beginning of the line, or a
turn of the direction of writing, behind which a name ends in another suffix than it seems to.
"""

import unicodedata

CONTROLS = ("Cc", "Cs", "Zl", "Zp")  # categories of Unicode: controls, lone surrogates, new lines
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Of a byte that is no UTF-8, Python makes U+DC80 to U+DCFF (PEP 383).
LONE_BYTES = range(0xDC80, 0xDD00)


def printable(text: str) -> str:
    r"""Write out what a terminal would obey or cannot show, as \x1b, \n, \u202e, \xff of a byte."""
    return "".join(_written_out(c) if _is_obeyed(c) else c for c in text)


def printable_lines(text: str) -> str:
    """Return text of several lines with each of them printable."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _is_obeyed(character: str) -> bool:
    return character in TURNS or unicodedata.category(character) in CONTROLS


def _written_out(character: str) -> str:
    if ord(character) in LONE_BYTES:
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
