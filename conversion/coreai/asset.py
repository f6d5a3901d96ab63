"""Say in a Core AI asset what it is: what Xcode shows, and one entry point for each size."""

from collections.abc import Sequence
from typing import Any

from conversion.coreai import api
from conversion.coreai.runtime import MAIN
from conversion.export.size import Size
from training.run.checkpoint import Checkpoint


def entry_points(sizes: Sequence[Size]) -> dict[str, Size]:
    """Return the entry point of each size: main for the first, main_1024x704 for others."""
    first, *others = sizes
    named = {f"{MAIN}_{width}x{height}": (height, width) for height, width in others}
    return {MAIN: first, **named}


def metadata_of(checkpoint: Checkpoint, *, author: str, under_ink: bool) -> Any:
    """Return what Xcode shows of a model that was exported from a checkpoint."""
    return api.new_metadata(
        author=author,
        licence=f"Trained on {checkpoint.data.source} ({checkpoint.data.licence})",
        description=(
            "Colours line art: a layer of colours to lay below the drawing's ink."
            if under_ink
            else "Colours line art."
        ),
        more={
            "nurie.version": f"epoch {checkpoint.epoch}, {checkpoint.sha256[:12]}",
            "nurie.checkpoint_sha256": checkpoint.sha256,
            "nurie.credit": checkpoint.data.credit,
        },
    )
