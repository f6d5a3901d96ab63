"""The pictures of the experiment: the same held-out drawings, one column a preset."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.pages.gallery import Row, gallery_row
from benchmarks.study.results import RowResult
from benchmarks.study.runs import RUN
from training.files.atomic import written_whole
from training.metrics.full_reference import psnr_db
from training.picture.grid import picture_grid

DRAWINGS = 8  # the first of the validation split, which stand in random order
LINE_ART, TRUTH = "line art", "truth"
HEADING_PIXELS, FONT_PIXELS = 16, 10
PALETTE = 256  # colours of a PNG for Markdown: a third of its bytes


def painted_columns(
    results: Sequence[RowResult], out: Path, *, data: Path
) -> dict[str, np.ndarray]:
    """Return line art, truth and what the first seed of each row paints: (N, H, W, 3) uint8.

    Rows whose first seed is not complete are left out. Empty where no row is left.
    """
    complete = [result for result in results if result.row.seeds[0] in result.measured]
    if not complete:
        return {}
    from training.data.pipeline import load_split
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_newest
    from training.run.restoring import load_generator
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    import_tensorflow_quietly()
    pairs = load_split(data, "validation", limit=DRAWINGS)
    columns = {LINE_ART: np.repeat(pairs.lineart, 3, axis=-1), TRUTH: pairs.color}
    for result in complete:
        run = out / result.row.cells[0].name / RUN
        generator = load_generator(find_newest(run))
        columns[result.row.label] = colorize_pixels(generator, pairs.lineart[..., 0])
    return columns


def gallery_rows(columns: Mapping[str, np.ndarray]) -> list[Row]:
    """Return one row a drawing; below each painted picture its distance from the truth."""
    if not columns:
        return []
    rows = []
    for n, truth in enumerate(columns[TRUTH]):
        pictures = {kind: column[n] for kind, column in columns.items()}
        notes = {
            kind: f"{psnr_db(truth, picture):.1f} dB"
            for kind, picture in pictures.items()
            if kind not in (LINE_ART, TRUTH)
        }
        rows.append(gallery_row(f"Drawing {n + 1}", pictures, notes=notes))
    return rows


def write_pictures_png(columns: Mapping[str, np.ndarray], path: Path) -> bool:
    """Write all pictures into one PNG under the names of their columns; false for none."""
    if not columns:
        return False
    from PIL import Image, ImageDraw, ImageFont

    grid = picture_grid(columns)
    sheet = np.pad(grid, ((HEADING_PIXELS, 0), (0, 0), (0, 0)), constant_values=255)
    picture = Image.fromarray(sheet)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(FONT_PIXELS)
    across = (grid.shape[1] - _gutter(grid, columns)) / len(columns)
    for n, kind in enumerate(columns):
        middle = n * across + across / 2
        pen.text((middle, HEADING_PIXELS), kind, fill=(31, 28, 24), font=font, anchor="mb")
    with written_whole(path, overwrite=True) as partial:
        picture.quantize(PALETTE).save(partial, format="PNG", optimize=True)
    return True


def _gutter(grid: np.ndarray, columns: Mapping[str, np.ndarray]) -> int:
    """Return the width of the last gutter of a grid: what its columns do not fill."""
    width = next(iter(columns.values())).shape[2]
    return int(grid.shape[1] - len(columns) * width) // (len(columns) + 1)
