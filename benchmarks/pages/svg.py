"""What all figures of a page share: its colours, light or dark, its fonts, and equal bytes.

matplotlib writes colours as hex numbers; each of these stands for a variable of the page.
"""

import io
from collections.abc import Callable
from typing import Any

INK, MUTED, LINE = "#000001", "#000002", "#000003"
SERIES = ("#000004", "#000005", "#000006", "#000007")
_VARIABLES = {INK: "var(--ink)", MUTED: "var(--muted)", LINE: "var(--line)"}
_VARIABLES |= {color: f"var(--series-{n})" for n, color in enumerate(SERIES, start=1)}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
FONT_POINTS = 9


def figure_svg(title: str, draw: Callable[[Any, Any], None], *, inches: tuple[float, float]) -> str:
    """Draw one <svg> element with a <title>; the same drawing gives the same bytes.

    draw: takes the figure and its axes, and uses the colours of this module alone.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_settings(title)):
        figure = Figure(figsize=inches, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.grid(axis="y", linewidth=0.8)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(which="both", length=0)
        draw(figure, axes)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata=_NO_METADATA)
    return _inline(drawn.getvalue(), title)


def _settings(title: str) -> dict[str, Any]:
    return {
        "svg.fonttype": "none",  # text stays text, in the fonts of the page
        "svg.hashsalt": title,  # ids differ between the figures of a page, not between runs
        "font.size": FONT_POINTS,
        "text.color": INK,
        "axes.labelcolor": MUTED,
        "axes.axisbelow": True,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "axes.edgecolor": LINE,
        "grid.color": LINE,
    }


def _inline(svg: str, title: str) -> str:
    from html import escape

    for color, variable in _VARIABLES.items():
        svg = svg.replace(color, variable)
    svg = svg[svg.index("<svg") :]
    # Without width and height it fills its column; viewBox keeps its shape.
    head, body = svg.split(">", 1)
    attributes = [word for word in head.split(" ") if not word.startswith(("width=", "height="))]
    label = escape(title, quote=True)
    return f'{" ".join(attributes)} role="img" aria-label="{label}"><title>{label}</title>{body}'
