"""Say in a Core AI asset what it is: what Xcode shows, and one entry point for each size."""

from collections.abc import Sequence
from typing import Any

from conversion.coreai import api
from conversion.coreai.runtime import MAIN
from conversion.export.origins.origin import Origin
from conversion.export.size import Size


def entry_points(sizes: Sequence[Size]) -> dict[str, Size]:
    """Return the entry point of each size: main for the first, main_1024x704 for others."""
    first, *others = sizes
    named = {f"{MAIN}_{width}x{height}": (height, width) for height, width in others}
    return {MAIN: first, **named}


def metadata_of(origin: Origin, *, author: str, under_ink: bool) -> Any:
    """Return what Xcode shows of a model that was exported from a generator."""
    return api.new_metadata(
        author=author,
        licence=origin.terms,
        description=(
            "Colours line art: a layer of colours to lay below the drawing's ink."
            if under_ink
            else origin.does
        ),
        more={
            "nurie.version": f"{origin.version}, {origin.sha256[:12]}",
            "nurie.checkpoint_sha256": origin.sha256,
            "nurie.credit": origin.credit.credit,
        },
    )
