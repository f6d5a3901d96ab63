"""Show the matrix: a heat map, one drawing in all columns, and every cell with its command."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gap.cells import DOTS, Cell, NetCells
from benchmarks.gap.nets import GapNet
from benchmarks.gap.ways import JUDGED, PORTRAITS
from training.files.atomic import written_whole
from training.metrics.coloring import Estimate

HEAT_PNG, SHEET_PNG, CELLS_PAGE = "line-gap.png", "line-gap-drawing.png", "line-gap-cells"
DPI, FONT = 110, 8
SHEET_ZOOM = 2
LABEL = 13  # pixels of a line of text on the sheet, before it is enlarged
_SHOWN: dict[str, tuple[Callable[[Cell], Estimate], bool]] = {  # and whether more is better
    "PSNR dB, no hint": (lambda cell: cell.psnr_db, True),
    "CIEDE2000, no hint": (lambda cell: cell.ciede2000, False),
    f"PSNR dB, {DOTS} dots": (lambda cell: cell.hinted_psnr_db, True),
}

Rows = Mapping[GapNet, NetCells]


def write_heat_map(rows: Rows, path: Path) -> None:
    """Draw a panel for each number: nets down, lines across; colours compare within a column.

    The drawings of one column are the same for all nets, those of two columns need not be.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = 0.9 + 0.27 * len(rows)
    figure = Figure(figsize=(8.2, len(_SHOWN) * height), dpi=DPI, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    for axes, (title, (number, more_is_better)) in zip(
        figure.subplots(len(_SHOWN)), _SHOWN.items(), strict=True
    ):
        table = np.array(
            [[number(row.cells[way]).value for way in JUDGED] for row in rows.values()]
        )
        _panel(axes, title, table, rows=[net.name for net in rows], more_is_better=more_is_better)
    with written_whole(path, overwrite=True) as partial:
        canvas.print_png(str(partial))


def _panel(
    axes: Any, title: str, table: np.ndarray, *, rows: Sequence[str], more_is_better: bool
) -> None:
    best = table.max(axis=0) if more_is_better else table.min(axis=0)
    behind = np.abs(table - best)  # in each column, of its best net
    axes.imshow(behind, cmap="YlOrRd", aspect="auto", vmin=0, vmax=max(behind.max(), 1e-9) * 1.3)
    axes.set_title(f"{title}; darker: further behind the best net of the column", fontsize=FONT + 1)
    axes.set_xticks(range(len(JUDGED)), JUDGED, fontsize=FONT)
    axes.set_yticks(range(len(rows)), rows, fontsize=FONT)
    axes.tick_params(length=0)
    for (row, column), value in np.ndenumerate(table):
        weight = "bold" if behind[row, column] == 0 else "normal"
        axes.text(
            column, row, f"{value:.2f}", ha="center", va="center", fontsize=FONT, weight=weight
        )


def write_sheet(rows: Rows, runs: Mapping[GapNet, Path], *, lines: Path, path: Path) -> None:
    """Show one held-out drawing in every column: its lines, the truth, and what each net paints.

    Portraits are other drawings: their column shows their first one.
    """
    from PIL import Image, ImageDraw

    from training.data.pipeline import load_split
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_newest
    from training.run.restoring import load_generator

    sets = {way: load_split(lines / way, "validation") for way in JUDGED}
    chosen = _busiest({way: pairs for way, pairs in sets.items() if way != PORTRAITS})
    at = {way: 0 if way == PORTRAITS else pairs.ids.index(chosen) for way, pairs in sets.items()}
    lineart = np.stack([sets[way].lineart[at[way], ..., 0] for way in JUDGED])
    bands = {
        "lines": np.repeat(lineart[..., np.newaxis], 3, axis=-1),
        "truth": np.stack([sets[way].color[at[way]] for way in JUDGED]),
    }
    for net in rows:
        generator = load_generator(find_newest(runs[net]))
        bands[net.name] = colorize_pixels(generator, lineart)
    size = lineart.shape[1]
    left, step = 120, size + 4
    sheet = Image.new("RGB", (left + step * len(JUDGED), LABEL + step * len(bands)), "white")
    pen = ImageDraw.Draw(sheet)
    for column, way in enumerate(JUDGED):
        pen.text((left + column * step, 1), way, fill="black", font_size=10)
    for row, (name, pictures) in enumerate(bands.items()):
        pen.text((2, LABEL + row * step + size // 2 - 5), name, fill="black", font_size=9)
        for column, picture in enumerate(pictures):
            sheet.paste(Image.fromarray(picture), (left + column * step, LABEL + row * step))
    larger = (sheet.width * SHEET_ZOOM, sheet.height * SHEET_ZOOM)
    with written_whole(path, overwrite=True) as partial:
        sheet.resize(larger, Image.Resampling.NEAREST).quantize(256).save(partial)


def _busiest(sets: Mapping[str, Any]) -> str:
    """Return the id of the drawing with the most ink and colour: ways differ most to see on it."""
    pairs = next(iter(sets.values()))
    ink = (255 - pairs.lineart[..., 0]).mean(axis=(1, 2))
    colored = np.ptp(pairs.color.astype(int), axis=-1).mean(axis=(1, 2))
    return str(pairs.ids[int(np.argmax(np.minimum(ink / ink.max(), colored / colored.max())))])


def write_cells_page(rows: Rows, path: Path, *, command: str) -> None:
    """Write every cell with its intervals and the command that prints it."""
    text = [
        "# The matrix of lines, cell by cell",
        "",
        f"Written by `{command}`; means over drawings, with 95 %",
        "bootstrap intervals. Nets: `benchmarks/gap/nets.py`; lines: `benchmarks/gap/ways.py`.",
    ]
    for net, row in rows.items():
        text += [
            "",
            f"## Trained on: {net.name}",
            "",
            "| judged on | drawings | PSNR dB | CIEDE2000 | PSNR dB, "
            f"{DOTS} dots | the first two again |",
            "|---|---|---|---|---|---|",
        ]
        for way in JUDGED:
            cell = row.cells[way]
            numbers = [number(cell).with_interval for number, _ in _SHOWN.values()]
            text.append(f"| {way} | {cell.drawings} | {' | '.join(numbers)} | `{cell.command}` |")
    with written_whole(path, overwrite=True) as partial:
        partial.write_text("\n".join(text) + "\n", encoding="utf-8")
