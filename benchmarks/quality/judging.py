"""Colour held-out drawings in every way and measure each against the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.quality.sharpness import sharpness_at_lines
from benchmarks.quality.truth import Truth, drawn
from benchmarks.quality.ways import by_every_way
from training.data.sources.candidate import Candidate
from training.metrics.full_reference import ciede2000, psnr_db, ssim
from training.metrics.hints.judging import dot_pictures
from training.picture.beneath import layer_beneath
from training.picture.finishing.net import Net
from training.picture.grid import picture_grid
from training.picture.working.fitting import fit
from training.pixels import PAPER, on_paper, under_ink
from training.terminal.progress import Progress

OWN_SIZE = "the net at its own size"
_MOST_DB = 50.0  # of one drawing: an identical picture would decide every mean
_SHOWN = 8  # drawings of a sheet


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Means over drawings."""

    psnr_db: float
    ssim: float
    ciede2000: float
    sharpness: float

    def cells(self) -> list[str]:
        """Return the numbers as a row of a table."""
        return [
            f"{self.psnr_db:.2f}",
            f"{self.ssim:.3f}",
            f"{self.ciede2000:.2f}",
            f"{self.sharpness:.2f}",
        ]


def judge(
    net: Net, candidates: Sequence[Candidate], *, sizes: Sequence[int], counts: Sequence[int]
) -> dict[tuple[int, int], dict[str, Figures]]:
    """Measure every way, and the net at its own size, by (size, number of hints)."""
    found = {}
    total = len(sizes) * len(counts) * len(candidates)
    with Progress("judging", total=total, unit="pictures") as progress:
        for size in sizes:
            for count in counts:
                rows: dict[str, list[Figures]] = {}
                for candidate in candidates:
                    truth = drawn(candidate, size)
                    hints = _dots(truth, count)
                    for name, picture in by_every_way(net, truth.lineart, hints).items():
                        rows.setdefault(name, []).append(_measured(picture, truth))
                    own = drawn(candidate, net.size[0])
                    rows.setdefault(OWN_SIZE, []).append(
                        _measured(_at_own_size(net, own, truth, hints), own)
                    )
                    progress.advance(note=candidate.id)
                found[size, count] = {name: _mean(each) for name, each in rows.items()}
    return found


def showing(net: Net, candidates: Sequence[Candidate], *, size: int, count: int) -> np.ndarray:
    """Return a sheet (H, W, 3) uint8: drawing and hints, every way, and the truth, row by row."""
    step = max(1, len(candidates) // _SHOWN)
    columns: dict[str, list[np.ndarray]] = {}
    for candidate in candidates[::step][:_SHOWN]:
        truth = drawn(candidate, size)
        hints = _dots(truth, count)
        below = np.full_like(truth.color, PAPER) if hints is None else on_paper(hints)
        pictures = {
            "given": under_ink(below, truth.lineart),
            **by_every_way(net, truth.lineart, hints),
            "truth": truth.color,
        }
        for name, picture in pictures.items():
            columns.setdefault(name, []).append(picture)
    return picture_grid({name: np.stack(each) for name, each in columns.items()})


def _dots(truth: Truth, count: int) -> np.ndarray | None:
    if count == 0:
        return None
    (hints,) = dot_pictures(
        truth.lineart[np.newaxis], truth.color[np.newaxis], count=count, ids=[truth.name]
    )
    return hints


def _at_own_size(net: Net, own: Truth, truth: Truth, hints: np.ndarray | None) -> np.ndarray:
    """Let the net colour the drawing drawn at its own size, with the same hints."""
    given = fit(truth.lineart, size=net.size, learned=net.learned, hints=hints).hints
    painted = net.paint(own.lineart, given)
    layer = painted if net.layer else layer_beneath(painted, own.lineart)
    return under_ink(layer, own.lineart)


def _measured(picture: np.ndarray, truth: Truth) -> Figures:
    return Figures(
        psnr_db=min(psnr_db(truth.color, picture), _MOST_DB),
        ssim=ssim(truth.color, picture),
        ciede2000=float(ciede2000(truth.color, picture).mean()),
        sharpness=sharpness_at_lines(picture, truth.color, lineart=truth.lineart),
    )


def _mean(each: Sequence[Figures]) -> Figures:
    numbers = {
        name: float(np.mean([getattr(figures, name) for figures in each]))
        for name in ("psnr_db", "ssim", "ciede2000", "sharpness")
    }
    return Figures(**numbers)
