"""python -m benchmarks.tiling_agreement ckpt [--overlap 16]

Colour a canvas of 1000 x 700 in tiles, as the Swift package does, and in one pass of Keras; say how
far apart they are away from the seams, and what sets them apart. Ends with status 1 below 45 dB.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tyro

from benchmarks.drawings import sample_drawings
from benchmarks.tiling import TilePlan, blend_tiles, cut_tiles, plan_tiles
from conversion.export_function import size_of
from training import pixels
from training.checkpoint import find_checkpoint
from training.command import DONE, FAILED, run_command
from training.config import unet_depth
from training.errors import PictureError
from training.metrics import psnr_db
from training.table import print_table

if TYPE_CHECKING:
    import keras

GATE_DB = 45.0  # away from seams; about 1.4 grey levels, as the gate of fp16
COLUMNS_OF_DRAWINGS = 5
PIXELS_A_BATCH = 16 * 64 * 64
COLUMNS = (
    "way",
    "tiles",
    "aligned",
    "away from seams dB",
    "of pixels",
    "everywhere dB",
    "centres dB",
)

Paint = Callable[[np.ndarray], np.ndarray]  # (N, H, W) uint8 -> (N, H, W, 3) uint8


@dataclass(frozen=True, kw_only=True)
class Options:
    """What tiling_agreement.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    overlap: int | None = None  # pixels, up to half of a tile; default a quarter of it
    width: int = 1000  # of the canvas, pixels
    height: int = 700


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A way of colouring the canvas, against one pass of Keras over the whole of it."""

    way: str
    tiles: int
    aligned: bool  # every tile begins where the network's own grid does
    away_db: float | None  # where one tile alone paints; None where there is no such pixel
    away_share: float  # of all pixels
    everywhere_db: float
    centres_db: float  # every pixel from the tile whose middle is nearest, without any blending


def measure(
    ckpt: Path, *, overlap: int | None = None, height: int = 700, width: int = 1000
) -> list[Agreement]:
    """Measure the tiles that an app paints first, then what sets them apart from one pass.

    Raises CheckpointError, ConfigError, PictureError.
    """
    checkpoint = find_checkpoint(ckpt)
    tile = size_of(checkpoint)
    plan = plan_tiles(height, width, tile=tile, overlap=overlap)
    canvas = draw_canvas(height, width)

    from benchmarks.whole_statistics import with_statistics_of
    from training.checkpoint import load_generator
    from training.colorizer import colorize_pixels

    generator = load_generator(checkpoint)
    grid = 2 ** unet_depth(tile, checkpoint.config.generator.depth)

    def painted_by(network: "keras.Model") -> Paint:
        def paint(lineart: np.ndarray) -> np.ndarray:
            batch = max(1, PIXELS_A_BATCH // lineart[0].size)
            return colorize_pixels(network, lineart, batch_size=batch)

        return paint

    own = painted_by(generator)
    padded = on_paper(canvas, multiple=grid)
    held = painted_by(with_statistics_of(padded, generator))
    untiled = own(padded[np.newaxis])[0][:height, :width]
    rows = [_tiled("tiles as an app paints them", canvas, plan, own, untiled, grid=grid)]
    for up, left in ((0, grid), (grid // 2, grid // 2)):
        moved = np.pad(canvas, ((up, 0), (left, 0)), constant_values=pixels.PAPER)
        painted = own(on_paper(moved, multiple=grid)[np.newaxis])[0]
        painted = painted[up : up + height, left : left + width]
        name = f"untiled, {left} more pixels of paper left" + (f", {up} above" if up else "")
        rows.append(_whole(name, painted, untiled, aligned=left % grid == up % grid == 0))
    for whose, paint, times, share in (
        *(("its own", own, *size) for size in ((1, 4), (2, 4), (4, 4), (4, 2), (8, 4), (8, 2))),
        *(("the drawing's", held, *size) for size in ((1, 4), (4, 4), (4, 2), (8, 8), (8, 2))),
    ):
        side = times * tile
        if side >= max(padded.shape):
            continue  # one tile: nothing is tiled
        larger = plan_tiles(*padded.shape, tile=side, overlap=side // share)
        name = f"tiles of {side}, {side // share} shared, {whose} statistics"
        rows.append(_tiled(name, padded, larger, paint, untiled, grid=grid))
    return rows


def draw_canvas(height: int, width: int) -> np.ndarray:
    """Draw all sample drawings in rows on one canvas. Returns (height, width) uint8.

    Raises PictureError for a canvas on which a drawing has no room.
    """
    rows = -(-len(sample_drawings(8)) // COLUMNS_OF_DRAWINGS)
    high, wide = height // rows, width // COLUMNS_OF_DRAWINGS
    side = min(high, wide)
    if side < 8:
        raise PictureError(
            f"expected a canvas of {COLUMNS_OF_DRAWINGS * 8} x {rows * 8} pixels or more, "
            f"received {width} x {height}."
        )
    canvas = np.full((height, width), pixels.PAPER, np.uint8)
    for position, drawing in enumerate(sample_drawings(side)):
        row, column = divmod(position, COLUMNS_OF_DRAWINGS)
        top, left = row * high + (high - side) // 2, column * wide + (wide - side) // 2
        canvas[top : top + side, left : left + side] = drawing.lineart
    return canvas


def on_paper(lineart: np.ndarray, *, multiple: int) -> np.ndarray:
    """Pad a drawing below and to the right, as the tile plan does, to multiples of `multiple`."""
    gaps = [(0, -side % multiple) for side in lineart.shape]
    return np.pad(lineart, gaps, constant_values=pixels.PAPER)


def painted_once(plan: TilePlan) -> np.ndarray:
    """Say which pixels only one tile paints: those away from the seams. Returns (H, W) bool."""
    along = []
    for axis in (plan.rows, plan.columns):
        count = np.zeros(axis.covered, int)
        for start in axis.starts:
            count[start : start + axis.tile] += 1
        along.append(count[: axis.length] == 1)
    return np.logical_and.outer(*along)


def join_centres(painted: np.ndarray, plan: TilePlan) -> np.ndarray:
    """Take every pixel from the tile whose middle is nearest. Returns (H, W, 3) uint8."""
    nearest = []
    for axis in (plan.rows, plan.columns):
        starts = np.array(axis.starts)
        distance = abs(2 * (np.arange(axis.length) - starts[:, np.newaxis]) + 1 - axis.tile)
        nearest.append((distance.argmin(axis=0), starts))
    (row, tops), (column, lefts) = nearest
    y = np.arange(plan.rows.length)[:, np.newaxis] - tops[row][:, np.newaxis]
    x = np.arange(plan.columns.length) - lefts[column]
    return painted[row[:, np.newaxis] * len(lefts) + column, y, x]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    rows = measure(
        options.ckpt, overlap=options.overlap, height=options.height, width=options.width
    )
    print_table(
        f"A canvas of {options.width} x {options.height} against one pass of Keras, {options.ckpt}",
        COLUMNS,
        rows=[_row(row) for row in rows],
        caption="PSNR on 8-bit pictures. Away from seams: where one tile alone paints.",
    )
    app = rows[0]
    if app.away_db is None:
        raise PictureError(
            "no pixel is away from a seam: expected an overlap below half of a tile. Lower it."
        )
    passed = app.away_db >= GATE_DB
    relation = ">=" if passed else "<"
    print(
        f"{'pass' if passed else 'FAIL'}: {app.away_db:.1f} {relation} {GATE_DB:.0f} dB away from "
        f"seams; the untiled picture itself, moved by half the network's grid, "
        f"{rows[2].everywhere_db:.1f} dB"
    )
    return DONE if passed else FAILED


def _tiled(
    way: str, lineart: np.ndarray, plan: TilePlan, paint: Paint, untiled: np.ndarray, *, grid: int
) -> Agreement:
    painted = paint(cut_tiles(lineart, plan))
    height, width = untiled.shape[:2]
    blended = blend_tiles(painted, plan)[:height, :width]
    away = painted_once(plan)[:height, :width]
    starts = plan.rows.starts + plan.columns.starts
    return Agreement(
        way=way,
        tiles=len(plan.corners),
        aligned=all(start % grid == 0 for start in starts),
        # A picture of one row: PSNR is a mean over pixels, wherever they are.
        away_db=psnr_db(untiled[away][None], blended[away][None]) if away.any() else None,
        away_share=float(away.mean()),
        everywhere_db=psnr_db(untiled, blended),
        centres_db=psnr_db(untiled, join_centres(painted, plan)[:height, :width]),
    )


def _whole(way: str, painted: np.ndarray, untiled: np.ndarray, *, aligned: bool) -> Agreement:
    db = psnr_db(untiled, painted)
    return Agreement(
        way=way, tiles=1, aligned=aligned, away_db=db, away_share=1, everywhere_db=db, centres_db=db
    )


def _row(row: Agreement) -> tuple[str, ...]:
    return (
        row.way,
        str(row.tiles),
        "yes" if row.aligned else "no",
        "-" if row.away_db is None else f"{row.away_db:.1f}",
        f"{row.away_share:.0%}",
        f"{row.everywhere_db:.1f}",
        f"{row.centres_db:.1f}",
    )


if __name__ == "__main__":
    sys.exit(main())
