"""Say what a model was compared on: how many drawings, whose, and how many pictures they make."""

import re
from collections.abc import Iterable

from training.terminal.listed import listed

# As benchmarks/drawing/compared.py and benchmarks/agreement/sheets.py name what is compared.
HELD_OUT, SAMPLE = "validation/", "sample/"
_AGAIN = re.compile(r"(?: with (?P<hints>\d+) hints)?(?: on (?P<size>\S+)px)?$")


def counted(names: Iterable[str]) -> str:
    """Return "90 pictures: 10 held-out drawings and 20 of Nurie's own, each with 0, 4 and 16 dots".

    names: of pictures, as a parity record has them.
    """
    pictures = list(names)
    drawings: set[str] = set()
    hints: set[int] = set()
    sizes: set[str] = set()
    for name in pictures:
        again = _AGAIN.search(name)
        assert again is not None  # both groups are optional: it matches the empty end, too
        drawings.add(name[: again.start()])
        hints.add(int(again["hints"] or 0))
        sizes.add(again["size"] or "")
    held_out = sum(name.startswith(HELD_OUT) for name in drawings)
    samples = sum(name.startswith(SAMPLE) for name in drawings)
    given = len(drawings) - held_out - samples
    kinds = [_drawings(held_out, "held-out ")] if held_out else []
    kinds += [_drawings(given)] if given else []
    kinds += [f"{samples if kinds else _drawings(samples)} of Nurie's own"] if samples else []
    whose = listed(kinds, "and") or "no drawings"
    if len(pictures) == len(drawings):
        return whose
    ways = [f"with {listed(list(map(str, sorted(hints))), 'and')} dots"] if len(hints) > 1 else []
    ways += [f"at {len(sizes)} sizes"] if len(sizes) > 1 else []
    return f"{len(pictures)} pictures: {whose}, each {', '.join(ways)}"


def _drawings(count: int, kind: str = "") -> str:
    return f"{count} {kind}drawing{'' if count == 1 else 's'}"
