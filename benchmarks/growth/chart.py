"""Draw what preparing costs against the number of pictures: processor time, and memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.growth.crowd import Sample

INCHES = (7.2, 2.8)
DPI = 120


def write_growth(runs: Mapping[int, Sequence[Sample]], path: Path) -> None:
    """Write a PNG of the samples of each run, by its number of pictures."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    rates, memory = figure.subplots(1, 2)
    for number, samples in runs.items():
        pairs = list(zip(samples[1:], samples[2:], strict=False))
        middle = [(a.pictures + b.pictures) / 2 for a, b in pairs]
        rates.plot(middle, [_per_cpu_s(a, b) for a, b in pairs], marker=".", label=f"{number:,}")
        shown = [sample.pictures for sample in samples[1:]]
        memory.plot(shown, [sample.own_mb for sample in samples[1:]], marker=".")
    for axes, title in (
        (rates, "pictures a second of processor time"),
        (memory, "memory in MB, at most so far"),
    ):
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("pictures dealt with", fontsize=8)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.tick_params(labelsize=8)
        axes.grid(linewidth=0.4)
    rates.legend(fontsize=8, title="of", title_fontsize=8)
    figure.savefig(path, format="png", dpi=DPI)


def _per_cpu_s(before: Sample, after: Sample) -> float:
    own = after.own_cpu_s - before.own_cpu_s
    return (after.pictures - before.pictures) / (own + after.workers_cpu_s - before.workers_cpu_s)
