"""Colorings as rows of text, the same for the terminal and for the page of a report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.metrics.coloring import ColoringSummary, Estimate
from training.metrics.kid.distance import SUBSET_SIZE, SUBSETS, KernelDistance
from training.metrics.ms_ssim import WEIGHTS

NONE = "\N{EN DASH}"  # there is no such number


@dataclass(frozen=True, kw_only=True)
class Column:
    """One number of a coloring."""

    name: str
    decimals: int
    number: Callable[[ColoringSummary], Estimate | KernelDistance | None]
    absent: str = NONE  # what to write where there is no number


COLUMNS = (
    Column(name="PSNR dB", decimals=2, number=lambda row: row.psnr_db, absent="\N{INFINITY}"),
    Column(name="SSIM", decimals=3, number=lambda row: row.ssim),
    Column(name="MS-SSIM", decimals=3, number=lambda row: row.ms_ssim),
    Column(name="CIEDE2000", decimals=2, number=lambda row: row.ciede2000_mean),
    Column(name="p99", decimals=1, number=lambda row: row.ciede2000_p99),
    Column(name="colour", decimals=2, number=lambda row: row.colorfulness_ratio),
    Column(name="bleeding", decimals=2, number=lambda row: row.bleeding),
)
KID = Column(name="KID", decimals=4, number=lambda row: row.kid)


def columns_of(colorings: Mapping[str, ColoringSummary]) -> tuple[Column, ...]:
    """Return the columns that have numbers: KID only where it was measured."""
    measured = any(row.kid is not None for row in colorings.values())
    return (*COLUMNS, KID) if measured else COLUMNS


def cell(row: ColoringSummary, column: Column) -> tuple[str, str]:
    """Return a number and its 95 % interval as text; an empty interval where there is none."""
    number = column.number(row)
    if number is None:
        return column.absent, ""
    value, low, high = (f"{x:.{column.decimals}f}" for x in (number.value, number.low, number.high))
    return value, f"{low} to {high}"


def explanation(colorings: Mapping[str, ColoringSummary], *, ms_ssim_scales: int) -> list[str]:
    """Say in sentences what the columns mean, and how far to trust them."""
    sentences = [
        "Means over the drawings, each with its 95 % bootstrap interval over drawings.",
        "Higher is better: PSNR, SSIM, MS-SSIM. Lower is better: CIEDE2000 (about 1 is just "
        "noticeable), its 99th percentile in a drawing (p99), and bleeding, the share of the "
        "colour difference across lines that is lost. Colour is colourfulness, painted over true: "
        "nearer 1 is better.",
    ]
    if ms_ssim_scales < len(WEIGHTS):
        sentences.append(
            f"MS-SSIM: pictures of this size have {ms_ssim_scales} of {len(WEIGHTS)} scales, so it "
            "compares with no other size."
        )
    distances = [row.kid for row in colorings.values() if row.kid is not None]
    if distances:
        sentences.append(_about_kid(distances[0]))
    return sentences


def _about_kid(distance: KernelDistance) -> str:
    small = (
        f" {distance.drawings} are few: the published protocol takes subsets of {SUBSET_SIZE}, so "
        "trust differences only where intervals are apart."
        if distance.drawings < SUBSET_SIZE
        else ""
    )
    return (
        f"KID (lower is better) is unbiased, on EfficientNet-Lite0 features of {distance.drawings} "
        f"drawings, and compares with no KID on Inception features. {SUBSETS} subsets of "
        f"{distance.subset_size} have {distance.subset_mean:.4f} \N{PLUS-MINUS SIGN} "
        f"{distance.subset_std:.4f} in the first row.{small}"
    )
