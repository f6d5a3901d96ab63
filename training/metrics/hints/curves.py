"""How much better colourings get with hints: numbers over the count of hints, and Hint-AUC.

Judges whatever paints: a network, an exported model, the classical fill.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from training.metrics.coloring import Estimate, mean_estimate, ratio_estimate
from training.metrics.full_reference import ciede2000, psnr_db, ssim
from training.metrics.hints.judging import Hint, dots, hint_picture, strokes
from training.metrics.hints.leak import Danger, in_danger, leak
from training.metrics.hints.obedience import obedience
from training.metrics.hints.region_hints import SHARES, hint_auc, region_hints

COUNTS = (0, 1, 2, 4, 8, 16)  # hints a drawing
KINDS = {"dots": dots, "strokes": strokes}
POINTS = 1 + len(KINDS) * (len(COUNTS) - 1) + len(SHARES)  # at which a way of painting is measured
# The gate of fp16 (conversion): nearer to the truth is the truth. Flat drawings that a fill
# completes have 60 dB and more; a tenth of them would decide every mean.
MOST_DB = 45.0

# Drawings (N, H, W) uint8 and hints (N, H, W, 4) uint8 -> pictures (N, H, W, 3) uint8.
Paint = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class HintPoint:
    """All drawings, each with as many hints, or as many as it has room for."""

    hints: int
    psnr_db: Estimate  # mean, each drawing at most MOST_DB
    psnr_db_median: float
    ssim: Estimate
    ciede2000: Estimate
    # CIEDE2000 between a hint and what is painted there, over all hints. None: there are none.
    obedience_median: float | None
    obedience_p95: float | None
    leak: Estimate | None  # 0 to 1. None: too few places to which a hint could leak
    # PSNR above a peer's, drawing by drawing. None: this is the peer.
    ahead_db: Estimate | None


@dataclass(frozen=True, kw_only=True)
class HintCurves:
    """What one way of painting makes of hints."""

    points: dict[str, list[HintPoint]]  # by KINDS, over COUNTS
    psnr_db_by_share: list[Estimate]  # as of a HintPoint, over region_hints.SHARES
    hint_auc_db: Estimate  # the area under it


PsnrOfDrawings = dict[tuple[str, int], np.ndarray]  # kind and count -> (N,), at most MOST_DB


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What every way of painting is asked at one point."""

    kind: str
    count: int
    hints: list[list[Hint]]  # of each drawing
    pictures: np.ndarray  # (N, H, W, 4) uint8
    danger: list[Danger]


class HintTrial:
    """The hints of a set of drawings, the same for everything that is judged."""

    def __init__(
        self, color: np.ndarray, lineart: np.ndarray, *, ids: Sequence[str], seed: int = 0
    ) -> None:
        """color: (N, H, W, 3) uint8, true. lineart: (N, H, W) uint8. ids: N names."""
        self.color, self.lineart = color, lineart
        self._questions = list(_questions(color, lineart, ids, seed))
        self._by_share = np.stack([region_hints(one) for one in color], axis=1)  # (8, N, H, W, 4)

    def judge(
        self,
        paint: Paint,
        *,
        peer: PsnrOfDrawings | None = None,
        measured: Callable[[int], None] = lambda pictures: None,
    ) -> tuple[HintCurves, PsnrOfDrawings]:
        """Measure one way of painting, and how far it is ahead of a peer that was judged before.

        measured: told how many pictures more are done, of POINTS x N.
        """
        points: dict[str, list[HintPoint]] = {kind: [] for kind in KINDS}
        singles: PsnrOfDrawings = {}
        for question in self._questions:
            key = question.kind, question.count
            painted = paint(self.lineart, question.pictures)
            singles[key] = np.array(
                [_psnr_db(*pair) for pair in zip(self.color, painted, strict=True)]
            )
            ahead = None if peer is None else singles[key] - peer[key]
            point = self._point(painted, question, psnr=singles[key], ahead=ahead)
            for kind in KINDS if question.count == 0 else (question.kind,):
                points[kind].append(point)
            measured(len(painted))
        by_share = self._by_share_psnr(paint, measured)  # (8, N)
        curves = HintCurves(
            points=points,
            psnr_db_by_share=[mean_estimate(row) for row in by_share],
            hint_auc_db=mean_estimate(np.array([hint_auc(column) for column in by_share.T])),
        )
        return curves, singles

    def _point(
        self,
        painted: np.ndarray,
        question: _Question,
        *,
        psnr: np.ndarray,
        ahead: np.ndarray | None,
    ) -> HintPoint:
        rows, obeyed, leaks = [], [], []
        for n, picture in enumerate(painted):
            true = self.color[n]
            rows.append((ssim(true, picture), float(ciede2000(true, picture).mean())))
            obeyed.append(obedience(picture, self.lineart[n], question.hints[n]))
            found = leak(picture, question.danger[n])
            leaks.append((float(found.leaked), float(found.in_danger)))
        similarity, difference = np.array(rows).T
        distances = np.concatenate(obeyed)
        return HintPoint(
            hints=question.count,
            psnr_db=mean_estimate(psnr),
            psnr_db_median=float(np.median(psnr)),
            ssim=mean_estimate(similarity),
            ciede2000=mean_estimate(difference),
            obedience_median=float(np.median(distances)) if len(distances) else None,
            obedience_p95=float(np.percentile(distances, 95)) if len(distances) else None,
            leak=ratio_estimate(leaks),
            ahead_db=None if ahead is None else mean_estimate(ahead),
        )

    def _by_share_psnr(self, paint: Paint, measured: Callable[[int], None]) -> np.ndarray:
        """Return PSNR of every drawing at every share of hinted regions: (8, N)."""
        values = np.zeros(self._by_share.shape[:2])
        before = None
        for n, pictures in enumerate(self._by_share):
            # Small shares of few regions are no hint at all, as they were at the share before.
            anew = np.ones(len(pictures), bool)
            if before is not None:
                anew = (pictures != before).any(axis=(1, 2, 3))
                values[n] = values[n - 1]
            if anew.any():
                painted = paint(self.lineart[anew], pictures[anew])
                true = self.color[anew]
                values[n, anew] = [_psnr_db(*pair) for pair in zip(true, painted, strict=True)]
            before = pictures
            measured(len(pictures))
        return values


def _questions(
    color: np.ndarray, lineart: np.ndarray, ids: Sequence[str], seed: int
) -> Iterator[_Question]:
    """Yield no hints, then every other count of every kind."""
    for kind, place in KINDS.items():
        most = [
            place(true, lines, count=max(COUNTS), id=id, seed=seed)
            for true, lines, id in zip(color, lineart, ids, strict=True)
        ]
        for count in COUNTS if kind == "dots" else COUNTS[1:]:
            hints = [its[:count] for its in most]
            drawings = list(zip(color, lineart, hints, strict=True))
            yield _Question(
                kind=kind,
                count=count,
                hints=hints,
                pictures=np.stack([hint_picture(its, lines.shape) for _, lines, its in drawings]),
                danger=[in_danger(true, lineart=lines, hints=its) for true, lines, its in drawings],
            )


def _psnr_db(true: np.ndarray, picture: np.ndarray) -> float:
    return min(psnr_db(true, picture), MOST_DB)
