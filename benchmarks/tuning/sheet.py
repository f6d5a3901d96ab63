"""Held-out drawings as several nets paint them, beside the truth, in one picture."""

from pathlib import Path

import numpy as np

from benchmarks.tuning.measured import HeldOut
from training.files.atomic import written_whole
from training.picture.grid import picture_grid
from training.pixels import on_paper, under_ink

PALETTE = 256  # colours of a sheet: flat pictures and their soft edges need no more


def sheet_of(held_out: HeldOut) -> np.ndarray:
    """Return a row for each drawing, uint8 (H', W', 3).

    Columns: the drawing, what each net makes of it; its dots, and what each makes of both; the
    truth.
    """
    rows = zip(held_out.dots, held_out.lineart, strict=True)
    dotted = np.stack([under_ink(on_paper(dots), lineart) for dots, lineart in rows])
    bare = {name: painted[0] for name, painted in held_out.painted.items()}
    hinted = {f"{name} with dots": painted[1] for name, painted in held_out.painted.items()}
    drawing = np.repeat(held_out.lineart[..., np.newaxis], 3, axis=-1)
    columns = {"drawing": drawing} | bare | {"dots": dotted} | hinted
    return picture_grid(columns | {"truth": held_out.color})


def write_sheet(held_out: HeldOut, output: Path) -> Path:
    """Write the sheet as a PNG, in place of an earlier one. Returns `output`."""
    from PIL import Image

    with written_whole(output, overwrite=True) as partial:
        Image.fromarray(sheet_of(held_out)).quantize(PALETTE).save(partial, optimize=True)
    return output
