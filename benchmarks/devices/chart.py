"""Draw median and 90th percentile of every run that devices reported, as horizontal bars."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.devices.comparison import Row
from training.errors import ConfigError
from training.files.atomic import require_absent, written_whole

SUFFIXES = (".png", ".svg", ".pdf")
P50_COLOR, P90_COLOR, FAILED_COLOR = "#3b6ea5", "#9db8d6", "#c0392b"
INCHES_A_ROW = 0.42


def require_chart(path: Path, *, overwrite: bool) -> None:
    """Refuse a name that no chart can have, before any work. Raises ConfigError, OutputExists."""
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(
            f"{path}: expected a name that ends in {', '.join(SUFFIXES)}, received the suffix "
            f"{path.suffix!r}."
        )
    require_absent(path, overwrite=overwrite)


def draw_chart(rows: Sequence[Row], path: Path, *, overwrite: bool) -> None:
    """Write the chart to `path`: bars in the order of `rows`, from above; failed runs in red.

    Raises ConfigError, OutputExists.
    """
    require_chart(path, overwrite=overwrite)
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    figure = Figure(figsize=(9, 1.4 + INCHES_A_ROW * len(rows)), layout="constrained")
    axes = figure.subplots()
    places = range(len(rows))
    p50 = [row.run.p50 for row in rows]
    # The interval of the median, as distances below and above it.
    interval = [
        [max(0.0, row.run.p50 - row.p50_interval[0]) for row in rows],
        [max(0.0, row.p50_interval[1] - row.run.p50) for row in rows],
    ]
    axes.barh(places, [row.run.p90 for row in rows], color=P90_COLOR)
    colors = [P50_COLOR if row.passed else FAILED_COLOR for row in rows]
    axes.barh(places, p50, color=colors, xerr=interval, ecolor="black", capsize=2)
    axes.set_yticks(places, [str(row.setting) for row in rows], fontsize=7)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("ms a prediction; the line is the 95 % interval of the median")
    keys = [("p50", P50_COLOR), ("p50, failed", FAILED_COLOR), ("p90", P90_COLOR)]
    handles = [Patch(color=color, label=label) for label, color in keys]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(keys), fontsize=8)
    with written_whole(path, overwrite=overwrite) as partial:
        figure.savefig(partial, dpi=120)
