"""python -m benchmarks.tiling_agreement ckpt [--overlap 16]

Colour a canvas of 1000 x 700 in tiles, as the Swift package does, and in one pass of Keras; say how
far apart they are away from the seams, and what sets them apart. Ends with status 1 below 45 dB.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tyro

from benchmarks.tiles.canvas import draw_canvas, on_paper
from benchmarks.tiles.tiling import TilePlan, blend_tiles, cut_tiles, even_length, plan_tiles
from conversion.export.size import size_of
from training import pixels
from training.config import unet_depth
from training.errors import PictureError
from training.metrics.full_reference import psnr_db
from training.run.checkpoint import find_checkpoint
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.table import print_table

if TYPE_CHECKING:
    import keras

GATE_DB = 45.0  # away from seams; about 1.4 grey levels, as the gate of fp16
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
CAPTION = (
    "PSNR on 8-bit pictures. Aligned: tiles begin on the network's own grid. Away from seams: "
    "where one tile alone paints. Centres: every pixel from the nearest tile, unblended. Shared "
    "statistics: normalizations held at those of the whole drawing, which tells causes apart; "
    "nothing ships so."
)

# Statistics; whether padded so that tiles begin on the grid; the tile in sides of the model's
# picture; the part of it that neighbours share.
WAYS = (
    *(("own", False, *size) for size in ((1, 2), (2, 4), (4, 4), (4, 2), (8, 4))),
    *(("own", True, *size) for size in ((4, 4), (8, 4), (8, 2))),
    *(("shared", False, *size) for size in ((1, 4), (4, 2))),
    *(("shared", True, *size) for size in ((2, 2), (4, 4), (4, 2), (8, 8), (8, 2))),
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

    from benchmarks.tiles.whole_statistics import with_statistics_of
    from training.run.checkpoint import load_generator

    generator = load_generator(checkpoint)
    grid = 2 ** unet_depth(tile, checkpoint.config.generator.depth)

    padded = on_paper(canvas, multiple=grid)
    paint = {
        "own": _paint_with(generator),
        "shared": _paint_with(with_statistics_of(padded, generator)),
    }
    untiled = paint["own"](padded[np.newaxis])[0][:height, :width]
    return [
        _tiled("tiles as an app paints them", canvas, plan, paint["own"], untiled, grid=grid),
        *(_moved(canvas, by, paint["own"], untiled, grid=grid) for by in ((0, grid), (1, 1))),
        _coarse(canvas, tile, paint["own"], untiled),
        *_larger_tiles(padded, tile, paint, untiled, grid=grid),
    ]


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
        caption=CAPTION,
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
        f"seams; the untiled picture itself, moved by one pixel: {rows[2].everywhere_db:.1f} dB"
    )
    return DONE if passed else FAILED


def _paint_with(generator: "keras.Model") -> Paint:
    from training.picture.colorizer import colorize_pixels

    def paint(lineart: np.ndarray) -> np.ndarray:
        batch = max(1, PIXELS_A_BATCH // lineart[0].size)
        return colorize_pixels(generator, lineart, batch_size=batch)

    return paint


def _moved(
    canvas: np.ndarray, by: tuple[int, int], paint: Paint, untiled: np.ndarray, *, grid: int
) -> Agreement:
    """Hold the untiled picture to itself, with paper above and to the left."""
    (down, right), (height, width) = by, canvas.shape
    lineart = np.pad(canvas, ((down, 0), (right, 0)), constant_values=pixels.PAPER)
    painted = paint(on_paper(lineart, multiple=grid)[np.newaxis])[0]
    return _whole(
        f"untiled, moved down by {down} and right by {right}",
        painted[down : down + height, right : right + width],
        untiled,
        aligned=down % grid == right % grid == 0,
    )


def _coarse(canvas: np.ndarray, tile: int, paint: Paint, untiled: np.ndarray) -> Agreement:
    """Shrink the canvas to one picture of the model, enlarge its colours below the whole ink."""
    import cv2

    height, width = canvas.shape
    scale = tile / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    painted = paint(on_paper(small, multiple=tile)[np.newaxis])[0, : size[1], : size[0]]
    large = cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC)
    inked = np.round(large * (canvas[..., np.newaxis] / 255.0)).astype(np.uint8)
    return _whole(f"one pass at {tile} pixels, enlarged", inked, untiled, aligned=True)


def _whole(way: str, painted: np.ndarray, untiled: np.ndarray, *, aligned: bool) -> Agreement:
    """Measure what was painted without tiles: it has no seams."""
    db = psnr_db(untiled, painted)
    return Agreement(
        way=way,
        tiles=1,
        aligned=aligned,
        away_db=db,
        away_share=1.0,
        everywhere_db=db,
        centres_db=db,
    )


def _larger_tiles(
    padded: np.ndarray,
    tile: int,
    paint: Mapping[str, Paint],
    untiled: np.ndarray,
    *,
    grid: int,
) -> Iterator[Agreement]:
    for whose, even, times, part in WAYS:
        side = times * tile
        overlap = side // part
        if side >= max(padded.shape):
            continue  # one tile: nothing is tiled
        drawing = padded
        if even:
            sides = [even_length(length, tile=side, overlap=overlap) for length in padded.shape]
            gaps = [(0, to - length) for length, to in zip(padded.shape, sides, strict=True)]
            drawing = np.pad(padded, gaps, constant_values=pixels.PAPER)
        plan = plan_tiles(*drawing.shape, tile=side, overlap=overlap)
        way = f"tiles of {side} that overlap by {overlap}, {whose} statistics"
        yield _tiled(way, drawing, plan, paint[whose], untiled, grid=grid)


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
