"""The figures of the experiment: curves by generator step, and what each repair changed.

Each is drawn by one function, as <svg> in the colours of the page and as a PNG for Markdown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages.svg import MUTED, SERIES, figure_svg
from benchmarks.study.groups import Groups
from benchmarks.study.plan import FAILED, REPAIRED
from benchmarks.study.results import RowResult
from benchmarks.study.statistics import mean_estimate
from training.files.atomic import written_whole

# At most four lines each: more could not be told apart.
PANELS = {
    "L1 and GAN": ("l1", "l1-gan-100", "l1-gan-10", "l1-gan-1"),
    "WGAN-GP and SELU": REPAIRED,
    "As in 2017": FAILED,
}
METRICS = {  # of metrics.jsonl: the one of these that a run has
    "Validation PSNR, dB": ("validation_psnr_db",),
    "Validation L1, [-1, 1]": ("validation_l1",),
    "Gradient norm of the generator": ("generator_gradient",),
    "Gradient norm of the adversary": ("discriminator_gradient", "critic_gradient"),
}
LOGARITHMIC = ("Gradient norm of the generator", "Gradient norm of the adversary")
CURVE_INCHES, CHAIN_WIDTH, CHAIN_ROW, CHAIN_AROUND = (4.6, 2.9), 7.2, 0.32, 0.75
PNG_SERIES, PNG_MUTED = ("#b8391f", "#2d6a8f", "#4f7d2c", "#7a4aa3"), "#6b645a"
PNG_DOTS_PER_INCH = 96
PNG_SETTINGS = {
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.axisbelow": True,
    "grid.color": "#e3ddd2",
}


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One number of a preset by generator step, over its seeds."""

    name: str
    place: int  # among the presets of its panel: it has one colour in all figures
    steps: list[int]
    mean: list[float]
    low: list[float]  # of the seeds
    high: list[float]


def curves_of(
    presets: Mapping[str, RowResult], names: Sequence[str], metrics: Sequence[str]
) -> list[Curve]:
    """Return a curve of each preset that recorded a metric, as far as all its seeds have come."""
    curves = []
    for place, name in enumerate(names):
        recorded = [lines for lines in presets[name].metrics.values() if lines]
        metric = next((m for m in metrics if recorded and m in recorded[0][0]), None)
        if metric is None:
            continue
        runs = [lines for lines in recorded if metric in lines[0]]
        length = min(map(len, runs))
        columns = [[run[n][metric] for run in runs] for n in range(length)]
        curves.append(
            Curve(
                name=name,
                place=place,
                steps=[int(line["step"]) for line in runs[0][:length]],
                mean=[sum(values) / len(values) for values in columns],
                low=[min(values) for values in columns],
                high=[max(values) for values in columns],
            )
        )
    return curves


def curve_figures(groups: Groups) -> list[tuple[str, str]]:
    """Return title and <svg> of each panel that has a curve."""
    figures = []
    for y_label, metrics in METRICS.items():
        for panel, names in PANELS.items():
            curves = curves_of(groups.presets, names, metrics)
            if curves:
                title = f"{y_label}: {panel}"
                draw = _curve_drawer(curves, logarithmic=y_label in LOGARITHMIC, colors=SERIES)
                figures.append((title, figure_svg(title, draw, inches=CURVE_INCHES)))
    return figures


def chain_figures(groups: Groups) -> dict[str, str]:
    """Return an <svg> for each failure of 2017 of which something is measured."""
    return {
        name: figure_svg(
            f"CIEDE2000 of {name}, repaired step by step",
            _chain_drawer(chain, colors=SERIES, muted=MUTED),
            inches=_chain_inches(chain),
        )
        for name, chain in groups.repairs.items()
        if any(result.measured for result in chain)
    }


def write_curves_png(groups: Groups, path: Path) -> bool:
    """Write all panels into one PNG; returns false where there is nothing to draw."""
    drawers = [
        [
            (
                f"{y_label}\n{panel}",
                _curve_drawer(curves, logarithmic=y_label in LOGARITHMIC, colors=PNG_SERIES),
            )
            if (curves := curves_of(groups.presets, names, metrics))
            else None
            for panel, names in PANELS.items()
        ]
        for y_label, metrics in METRICS.items()
    ]
    if not any(cell for row in drawers for cell in row):
        return False
    inches = (CURVE_INCHES[0] * len(PANELS) * 0.8, CURVE_INCHES[1] * len(METRICS) * 0.9)
    _write_png(drawers, path, inches=inches)
    return True


def write_chains_png(groups: Groups, path: Path) -> bool:
    """Write all chains of repairs into one PNG; returns false where there is nothing to draw."""
    chains = {
        name: chain
        for name, chain in groups.repairs.items()
        if any(result.measured for result in chain)
    }
    if not chains:
        return False
    drawers = [
        [(name, _chain_drawer(chain, colors=PNG_SERIES, muted=PNG_MUTED))]
        for name, chain in chains.items()
    ]
    height = sum(_chain_inches(chain)[1] for chain in chains.values())
    _write_png(
        drawers, path, inches=(CHAIN_WIDTH, height), heights=[len(c) + 2 for c in chains.values()]
    )
    return True


def _curve_drawer(
    curves: Sequence[Curve], *, logarithmic: bool, colors: Sequence[str]
) -> Callable[[Any, Any], None]:
    def draw(figure: Any, axes: Any) -> None:
        for curve in curves:
            color = colors[curve.place]
            axes.plot(
                curve.steps, curve.mean, color=color, linewidth=1.6, marker="o", markersize=3,
                label=curve.name,
            )  # fmt: skip
            axes.fill_between(curve.steps, curve.low, curve.high, color=color, alpha=0.15, lw=0)
        if logarithmic:
            axes.set_yscale("log")
        axes.set_xlabel("generator step")
        axes.set_xlim(left=0)
        axes.legend(frameon=False, fontsize="small")

    return draw


def _chain_inches(chain: Sequence[RowResult]) -> tuple[float, float]:
    return CHAIN_WIDTH, CHAIN_ROW * len(chain) + CHAIN_AROUND


def _chain_drawer(
    chain: Sequence[RowResult], *, colors: Sequence[str], muted: str
) -> Callable[[Any, Any], None]:
    def draw(figure: Any, axes: Any) -> None:
        for y, result in enumerate(chain):
            if not result.measured:
                axes.annotate("no number", (0, y), xycoords=("axes fraction", "data"), color=muted)
                continue
            estimate = mean_estimate(result.values("ciede2000"))
            if estimate is None:
                continue
            axes.plot((estimate.low, estimate.high), (y, y), color=colors[1], linewidth=2)
            axes.plot(estimate.value, y, "o", color=colors[1], markersize=6)
        axes.set_yticks(range(len(chain)), [result.row.label for result in chain])
        axes.set_ylim(len(chain) - 0.5, -0.5)
        axes.grid(axis="x", linewidth=0.8)
        axes.set_xlabel("CIEDE2000, mean and 95 % interval; less is better")

    return draw


def _write_png(
    drawers: Sequence[Sequence[tuple[str, Callable[[Any, Any], None]] | None]],
    path: Path,
    *,
    inches: tuple[float, float],
    heights: Sequence[int] | None = None,
) -> None:
    import matplotlib
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    with matplotlib.rc_context(PNG_SETTINGS):
        figure = Figure(figsize=inches, layout="constrained", dpi=PNG_DOTS_PER_INCH)
        canvas = FigureCanvasAgg(figure)
        grid = figure.subplots(len(drawers), len(drawers[0]), squeeze=False, height_ratios=heights)
        for row, axes_row in zip(drawers, grid, strict=True):
            for cell, axes in zip(row, axes_row, strict=True):
                if cell is None:
                    axes.set_axis_off()
                    continue
                axes.grid(axis="y", linewidth=0.8)
                axes.spines[["top", "right", "left"]].set_visible(False)
                axes.tick_params(which="both", length=0)
                cell[1](figure, axes)
                axes.set_title(cell[0], loc="left")
        canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    with written_whole(path, overwrite=True) as partial:
        drawn.quantize(64).save(partial, format="PNG", optimize=True)
