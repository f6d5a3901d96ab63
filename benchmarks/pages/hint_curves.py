"""What hints are worth, as figures: PSNR and CIEDE2000 over the number of hints of a drawing."""

from collections.abc import Callable
from typing import Any

from benchmarks.pages.svg import MUTED, SERIES, figure_svg
from training.metrics.coloring import Estimate
from training.metrics.hints.curves import HintPoint
from training.metrics.hints.evaluation import FILL, MODEL, HintEvaluation

INCHES = (4.6, 3.1)
NAMES = {MODEL: "this model", FILL: "classical fill"}
COLORS = dict(zip(NAMES, SERIES, strict=False))
DASHES: dict[str, Any] = {"dots": "-", "strokes": (0, (4, 2))}


def hint_figures(measured: HintEvaluation) -> list[tuple[str, str]]:
    """Return title and <svg> of each figure: model, classical fill and uncoloured paper."""
    return [
        ("PSNR, dB, over hints a drawing", _figure("PSNR", measured, lambda point: point.psnr_db)),
        (
            "CIEDE2000 over hints a drawing",
            _figure("CIEDE2000", measured, lambda point: point.ciede2000),
        ),
    ]


def _figure(name: str, measured: HintEvaluation, number: Callable[[HintPoint], Estimate]) -> str:
    def draw(figure: Any, axes: Any) -> None:
        for row, curves in measured.rows.items():
            for kind, points in curves.points.items():
                values = [number(point) for point in points]
                axes.plot(
                    range(len(points)),
                    [value.value for value in values],
                    color=COLORS[row],
                    linestyle=DASHES[kind],
                    linewidth=1.8,
                    label=f"{NAMES[row]}, {kind}",
                )
                if kind == "dots":
                    axes.fill_between(
                        range(len(points)),
                        [value.low for value in values],
                        [value.high for value in values],
                        color=COLORS[row],
                        alpha=0.15,
                        linewidth=0,
                    )
        dots = measured.rows[FILL].points["dots"]
        paper = number(dots[0]).value  # a fill without hints
        axes.axhline(paper, color=MUTED, linewidth=1, linestyle=(0, (1, 2)), label="uncoloured")
        axes.set_xticks(range(len(dots)), [str(point.hints) for point in dots])
        axes.set_xlabel("hints a drawing")
        figure.legend(loc="outside upper left", ncols=2, frameon=False)

    return figure_svg(f"{name} over the number of hints", draw, inches=INCHES)
