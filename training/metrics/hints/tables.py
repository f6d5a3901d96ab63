"""What was measured with hints as tables of text, 80 columns wide, for terminal and report."""

from dataclasses import dataclass

from training.metrics.coloring import Estimate
from training.metrics.hints.curves import MOST_DB, HintPoint
from training.metrics.hints.evaluation import FILL, MODEL, HintEvaluation
from training.metrics.hints.region_hints import SHARES

PAPER = "uncoloured paper"
NONE = "\N{EN DASH}"  # there is no such number
SHORT = {MODEL: MODEL, FILL: "fill"}


@dataclass(frozen=True, kw_only=True)
class HintTable:
    """One table."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    caption: str


def hint_tables(measured: HintEvaluation) -> tuple[HintTable, HintTable]:
    """Lay out the numbers by count of hints, and Hint-AUC."""
    return _by_count(measured), _by_share(measured)


def _by_count(measured: HintEvaluation) -> HintTable:
    model, fill = (measured.rows[name].points for name in (MODEL, FILL))
    (first, *_), (paper, *_) = model["dots"], fill["dots"]
    rows = [_row(PAPER, paper), _row(MODEL, first)]
    for kind in model:
        for points in zip(model[kind][1:], fill[kind][1:], strict=True):
            for name, point in zip((MODEL, FILL), points, strict=True):
                rows.append(_row(f"{SHORT[name]}, {point.hints} {_word(kind, point)}", point))
    return HintTable(
        title="With hints of the true colours, the same for the model and a classical fill",
        columns=("", "PSNR", "over fill", "SSIM", "CIEDE2000", "obeys", "leak"),
        rows=rows,
        caption=(
            f"PSNR: mean in dB, a drawing counts {MOST_DB:.0f} at most. Over fill: dB, drawing by "
            "drawing, \N{PLUS-MINUS SIGN} half the 95 % interval. Obeys: CIEDE2000 between a hint "
            "and what is painted there, median and 95th percentile. Leak: the share of places "
            "across a closed line that have the hint's colour and should not. The fill is a "
            "watershed over gap-closed lines; without hints it is paper."
        ),
    )


def _by_share(measured: HintEvaluation) -> HintTable:
    return HintTable(
        title="Hint-AUC: PSNR dB with a scribble on the largest regions",
        columns=("", *(f"{100 * share:.0f} %" for share in SHARES), "area"),
        rows=[
            (
                SHORT[name],
                *(f"{point.value:.1f}" for point in curves.psnr_db_by_share),
                _give_or_take(curves.hint_auc_db, decimals=2),
            )
            for name, curves in measured.rows.items()
        ],
        caption="Regions and scribbles as hintauc 0.3.3; PSNR at the data's own size.",
    )


def _row(name: str, point: HintPoint) -> tuple[str, ...]:
    ahead = NONE if point.ahead_db is None else _give_or_take(point.ahead_db, decimals=1, sign="+")
    obeys = NONE
    if point.obedience_median is not None and point.obedience_p95 is not None:
        obeys = f"{point.obedience_median:.1f} {point.obedience_p95:.0f}"
    return (
        name,
        f"{point.psnr_db.value:.2f}",
        ahead,
        f"{point.ssim.value:.3f}",
        f"{point.ciede2000.value:.2f}",
        obeys,
        NONE if point.leak is None else f"{point.leak.value:.2f}",
    )


def _word(kind: str, point: HintPoint) -> str:
    return kind.removesuffix("s") if point.hints == 1 else kind


def _give_or_take(number: Estimate, *, decimals: int, sign: str = "") -> str:
    half = (number.high - number.low) / 2
    return f"{number.value:{sign}.{decimals}f} \N{PLUS-MINUS SIGN}{half:.{decimals}f}"
