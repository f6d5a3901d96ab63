"""Training curves as SVG that takes its colours from the page around it, light or dark."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.pages.svg import SERIES, figure_svg

MOST_SERIES = 2  # more lines could not be told apart
INCHES = (4.6, 2.7)


def curve_svg(title: str, series: Mapping[str, Sequence[float]]) -> str:
    """Draw at most two series over 1, 2, ... as one inline <svg> element with a <title>.

    The same numbers give the same bytes.
    """

    def draw(figure: Any, axes: Any) -> None:
        from matplotlib.ticker import MaxNLocator

        colors = SERIES[: min(len(series), MOST_SERIES)]  # a third has none: zip refuses it
        for (name, values), color in zip(series.items(), colors, strict=True):
            epochs = range(1, len(values) + 1)
            marker = "o" if len(values) == 1 else ""
            axes.plot(epochs, values, color=color, linewidth=1.8, label=name, marker=marker)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if len(series) > 1:
            axes.legend(frameon=False)

    return figure_svg(title, draw, inches=INCHES)
