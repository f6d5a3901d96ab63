"""What the numbers of the experiment say, in sentences that are written from them alone."""

from collections.abc import Sequence

from benchmarks.study.groups import Groups
from benchmarks.study.measure import BASELINES
from benchmarks.study.results import (
    CHOSEN_BY,
    TOLERATED,
    RowResult,
    best_reference,
    has_converged,
)
from benchmarks.study.tables import interval
from benchmarks.study.verdicts import repair_finding, selu_verdict


def findings(groups: Groups) -> list[str]:
    """Return the most important ones, each only where it can be said."""
    return [
        *_best(groups),
        *_against_baselines(groups),
        *_colorfulness(groups),
        *_converged(groups),
        *selu_verdict(groups),
        *(sentence for chain in groups.repairs.values() for sentence in repair_finding(chain)),
        *_longer(groups),
    ]


def _best(groups: Groups) -> list[str]:
    over = [row for row in groups.presets.values() if row.measured]
    if not all(row.may_be_ranked for row in groups.presets.values()) or not over:
        return []
    by_ciede = min(over, key=lambda row: row.score)
    by_psnr = max(over, key=lambda row: row.mean("psnr_db"))
    ciede, psnr = by_ciede.estimates()["ciede2000"], by_psnr.estimates()["psnr_db"]
    if ciede is None or psnr is None:
        return []
    return [
        f"{by_ciede.row.label} has the lowest CIEDE2000, {interval(ciede, 2)}, and "
        f"{by_psnr.row.label} the highest PSNR, {interval(psnr, 2)} dB."
    ]


def _against_baselines(groups: Groups) -> list[str]:
    """Say how many presets are past both baselines: what a short training may not reach."""
    past = _past_baselines(groups, list(groups.presets.values()))
    return [
        f"{sentence} Both get paper and ink exactly right, which these nets have to learn."
        for sentence in past
    ]


def _past_baselines(groups: Groups, rows: Sequence[RowResult]) -> list[str]:
    if not rows or not all(row.measured for row in rows) or len(groups.baselines) < len(BASELINES):
        return []
    ciede = min(float(m.numbers["ciede2000"].mean()) for m in groups.baselines.values())
    psnr = max(float(m.numbers["psnr_db"].mean()) for m in groups.baselines.values())
    better_ciede = [row.row.label for row in rows if row.mean("ciede2000") < ciede]
    better_psnr = [row.row.label for row in rows if row.mean("psnr_db") > psnr]
    return [
        f"Past both baselines (mean colour inside the lines, uncoloured paper): in CIEDE2000 "
        f"{', '.join(better_ciede) or 'none'} (the better one has {ciede:.2f}), in PSNR "
        f"{', '.join(better_psnr) or 'none'} ({psnr:.2f} dB)."
    ]


def _longer(groups: Groups) -> list[str]:
    """Say what the longer trainings came to, best first; nothing before all have numbers."""
    rows = groups.longer
    if not rows or not all(row.measured for row in rows):
        return []
    best_first = sorted(rows, key=lambda row: row.mean(CHOSEN_BY))
    listed = ", ".join(f"{row.row.label} {row.mean(CHOSEN_BY):.2f}" for row in best_first)
    found = f"After about {groups.longer_steps:,} updates, one seed each, CIEDE2000 is: {listed}."
    return [" ".join([found, *_past_baselines(groups, rows)])]


def _colorfulness(groups: Groups) -> list[str]:
    names = ("l1", "l1-gan-100", "l1-gan-10", "l1-gan-1")
    found = [groups.presets[name].estimates().get("colorfulness") for name in names]
    if any(estimate is None for estimate in found):
        return []
    listed = ", ".join(
        f"{estimate.value:.2f} ({name})"
        for name, estimate in zip(names, found, strict=True)
        if estimate is not None
    )
    return [f"Colourfulness against the truth, by the weight of L1 beside the GAN: {listed}."]


def _converged(groups: Groups) -> list[str]:
    verdicts = {
        name: has_converged(result, groups.presets) for name, result in groups.presets.items()
    }
    reference = best_reference(groups.presets)
    if reference is None:
        return []
    groups_of = {
        word: [name for name, verdict in verdicts.items() if verdict is value]
        for word, value in (("Converged", True), ("Not", False), ("Not known yet", None))
    }
    listed = "; ".join(f"{word}: {', '.join(names)}" for word, names in groups_of.items() if names)
    return [
        f"{listed}. Converged means: no NaN, and a mean CIEDE2000 within "
        f"{100 * (TOLERATED - 1):.0f} % of the best l1-gan preset, {reference}."
    ]
