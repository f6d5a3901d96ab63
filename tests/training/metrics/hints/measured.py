"""What a trial of hints might have measured, for tests of what is made of it."""

from training.metrics.coloring import Estimate
from training.metrics.hints.curves import COUNTS, HintCurves, HintPoint
from training.metrics.hints.evaluation import FILL, MODEL, HintEvaluation
from training.metrics.hints.region_hints import SHARES


def estimate(value: float) -> Estimate:
    return Estimate(value=value, low=value - 0.25, high=value + 0.75)


def curves(psnr_db: float, *, ahead: Estimate | None) -> HintCurves:
    points = [
        HintPoint(
            hints=count,
            psnr_db=estimate(psnr_db + n),
            psnr_db_median=psnr_db,
            ssim=estimate(0.5),
            ciede2000=estimate(12.25),
            obedience_median=31.5 if count else None,
            obedience_p95=20.25 if count else None,
            leak=estimate(0.125) if count else None,
            ahead_db=ahead,
        )
        for n, count in enumerate(COUNTS)
    ]
    return HintCurves(
        points={"dots": points, "strokes": points},
        psnr_db_by_share=[estimate(psnr_db)] * len(SHARES),
        hint_auc_db=estimate(psnr_db),
    )


MEASURED = HintEvaluation(
    seed=0, rows={MODEL: curves(20, ahead=estimate(-11.5)), FILL: curves(15, ahead=None)}
)
