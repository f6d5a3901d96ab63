"""Quality against bytes and against milliseconds: one picture of what each recipe costs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.pages.svg import FONT_POINTS, INK, LINE, MUTED, SERIES, figure_svg
from training.errors import DataError

INCHES = (7.2, 4.2)
MARKERS = ("o", "s", "^", "D")
LABEL_POINTS = FONT_POINTS - 1
# Where a label may stand around its point, in the order of preference: offset in points, anchor.
PLACES = (
    (7, 0, "left"),
    (-7, 0, "right"),
    (0, 10, "center"),
    (0, -10, "center"),
    (7, 10, "left"),
    (-7, 10, "right"),
    (7, -10, "left"),
    (-7, -10, "right"),
    (0, 20, "center"),
    (0, -20, "center"),
)
LETTER_WIDTH = 0.58  # of the size of a font, on average; the fonts are the page's own
IDENTICAL_ABOVE_DB = 4.0  # above the best measured one: where identical pictures stand


@dataclass(frozen=True, kw_only=True)
class Point:
    """One exported model in one figure."""

    series: str  # format or runtime: its colour and marker
    label: str  # recipe, written beside the point
    x: float  # bytes or milliseconds
    psnr_db: float  # of the worst drawing against Keras float32; infinity: identical
    passed: bool  # its gate; a hollow marker if not
    interval: tuple[float, float] | None = None  # of x


def quality_against_bytes(points: Sequence[Point]) -> str:
    """Draw sizes in bytes as one inline <svg>. Raises DataError as `_scatter`."""
    scaled = [_scaled(point, 1e-6) for point in points]
    return _scatter("Quality against size", scaled, x_label="MB, package included (log scale)")


def quality_against_milliseconds(points: Sequence[Point]) -> str:
    """Draw times in ms and their intervals as one inline <svg>. Raises DataError as `_scatter`."""
    return _scatter(
        "Quality against time", points, x_label="ms per prediction, median and 95 % (log scale)"
    )


def _scaled(point: Point, factor: float) -> Point:
    return Point(
        series=point.series,
        label=point.label,
        x=point.x * factor,
        psnr_db=point.psnr_db,
        passed=point.passed,
    )


def _scatter(title: str, points: Sequence[Point], *, x_label: str) -> str:
    """Raises DataError for no points, a quality that is NaN, an x of 0, or too many series."""
    names = list(dict.fromkeys(point.series for point in points))
    if not points or len(names) > len(SERIES):
        raise DataError(
            f"{title}: expected points of 1 to {len(SERIES)} series, received {len(points)} of "
            f"{names}. Leave some out."
        )
    for point in points:
        if math.isnan(point.psnr_db) or not 0 < point.x < math.inf:
            raise DataError(f"{title}: expected a quality and a positive x, received {point}.")
    finite = [point.psnr_db for point in points if math.isfinite(point.psnr_db)]
    top = max(finite, default=60.0) + IDENTICAL_ABOVE_DB

    def draw(figure: Any, axes: Any) -> None:
        from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.margins(x=0.16, y=0.12)
        axes.set_xlabel(x_label)
        axes.set_ylabel("PSNR of the worst drawing, dB")
        for name, color, marker in zip(names, SERIES, MARKERS, strict=False):
            own = [point for point in points if point.series == name]
            _draw_series(axes, own, color=color, marker=marker, top=top)
        if len(finite) < len(points):
            axes.axhline(top, color=LINE, linewidth=0.8, linestyle=(0, (2, 3)))
            axes.annotate(
                "identical",
                (0, top),
                xycoords=("axes fraction", "data"),
                xytext=(0, 3),
                textcoords="offset points",
                color=MUTED,
                fontsize=LABEL_POINTS,
            )
        if not all(point.passed for point in points):
            axes.plot([], [], "o", color=MUTED, fillstyle="none", label="below its gate")
        if len(axes.get_legend_handles_labels()[1]) > 1:
            figure.legend(loc="outside upper left", ncols=len(names) + 1, frameon=False)
        # The layout decides where points stand, and so where their labels find room.
        figure.draw_without_rendering()
        _place_labels(axes, points, top=top)

    return figure_svg(title, draw, inches=INCHES)


def _draw_series(
    axes: Any, points: Sequence[Point], *, color: str, marker: str, top: float
) -> None:
    for n, point in enumerate(points):
        y = min(point.psnr_db, top)
        if point.interval:
            axes.plot(point.interval, (y, y), color=color, linewidth=1.2, solid_capstyle="butt")
        axes.plot(
            point.x,
            y,
            linestyle="",
            marker=marker,
            markersize=7,
            color=color,
            fillstyle="full" if point.passed else "none",
            label=point.series if n == 0 else None,
        )


def _place_labels(axes: Any, points: Sequence[Point], *, top: float) -> None:
    """Write each label beside its point, where it covers no other label and no point."""
    pixels_per_point = axes.figure.dpi / 72
    centers = [axes.transData.transform((point.x, min(point.psnr_db, top))) for point in points]
    size = 5 * pixels_per_point
    taken = [(x - size, y - size, x + size, y + size) for x, y in centers]
    for point, (_, y) in zip(points, centers, strict=True):
        if point.interval:
            ends = (axes.transData.transform((x, 0))[0] for x in point.interval)
            taken.append((next(ends), y - 1, next(ends), y + 1))
    for point, (x, y) in zip(points, centers, strict=True):
        width = LETTER_WIDTH * LABEL_POINTS * len(point.label) * pixels_per_point
        height = LABEL_POINTS * pixels_per_point
        boxes = list(_boxes((x, y), width=width, height=height, scale=pixels_per_point))
        free = [
            n
            for n, box in enumerate(boxes)
            if axes.bbox.x0 <= box[0] and box[2] <= axes.bbox.x1
            if not any(_overlap(box, other) for other in taken)
        ]
        # Without any room left, the first place: a label that touches another can still be read.
        chosen = free[0] if free else 0
        taken.append(boxes[chosen])
        right, up, anchor = PLACES[chosen]
        axes.annotate(
            point.label,
            (point.x, min(point.psnr_db, top)),
            xytext=(right, up),
            textcoords="offset points",
            ha=anchor,
            va="center",
            color=INK,
            fontsize=LABEL_POINTS,
        )


Box = tuple[float, float, float, float]  # left, bottom, right, top in pixels


def _boxes(
    center: tuple[float, float], *, width: float, height: float, scale: float
) -> Iterator[Box]:
    """Yield the box that a label takes in each of the places."""
    shift = {"left": 0.0, "center": -width / 2, "right": -width}
    for right, up, anchor in PLACES:
        left = center[0] + right * scale + shift[anchor]
        middle = center[1] + up * scale
        yield left, middle - height / 2, left + width, middle + height / 2


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
