"""Training curves as SVG that takes its colours from the page around it, light or dark."""

from collections.abc import Mapping, Sequence

# matplotlib writes colours as hex numbers; each of these stands for a variable of the page.
_PAGE_COLORS = {
    "#000001": "var(--ink)",
    "#000002": "var(--muted)",
    "#000003": "var(--line)",
    "#000004": "var(--series-1)",
    "#000005": "var(--series-2)",
}
_INK, _MUTED, _LINE, *_SERIES = _PAGE_COLORS
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
INCHES = (4.6, 2.7)


def curve_svg(title: str, series: Mapping[str, Sequence[float]], *, x_label: str = "epoch") -> str:
    """Draw at most two series over 1, 2, ... as one inline <svg> element with a <title>.

    The same numbers give the same bytes.
    """
    import io

    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    settings = {
        "svg.fonttype": "none",  # text stays text, in the fonts of the page
        "svg.hashsalt": title,  # ids differ between the figures of a page, not between runs
        "font.size": 9,
        "text.color": _INK,
        "axes.labelcolor": _MUTED,
        "xtick.color": _MUTED,
        "ytick.color": _MUTED,
        "axes.edgecolor": _LINE,
        "grid.color": _LINE,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=INCHES, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        colors = _SERIES[: len(series)]  # a third series would have none: zip refuses it
        for (name, values), color in zip(series.items(), colors, strict=True):
            epochs = range(1, len(values) + 1)
            marker = "o" if len(values) == 1 else ""
            axes.plot(epochs, values, color=color, linewidth=1.8, label=name, marker=marker)
        axes.set_xlabel(x_label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="y", linewidth=0.8)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0)
        if len(series) > 1:
            axes.legend(frameon=False)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata=_NO_METADATA)
    return _inline(drawn.getvalue(), title)


def _inline(svg: str, title: str) -> str:
    from html import escape

    for color, variable in _PAGE_COLORS.items():
        svg = svg.replace(color, variable)
    svg = svg[svg.index("<svg") :]
    # Without width and height it fills its column; viewBox keeps its shape.
    head, body = svg.split(">", 1)
    attributes = [word for word in head.split(" ") if not word.startswith(("width=", "height="))]
    label = escape(title, quote=True)
    return f'{" ".join(attributes)} role="img" aria-label="{label}"><title>{label}</title>{body}'
