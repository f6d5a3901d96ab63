"""What the numbers of the experiment say, in sentences that are written from them alone."""

from collections.abc import Sequence

from benchmarks.experiment_groups import Groups
from benchmarks.experiment_measure import BASELINES
from benchmarks.experiment_plan import RELU_NET, REPAIRED, SELU_NET
from benchmarks.experiment_results import (
    CHOSEN_BY,
    TOLERATED,
    RowResult,
    best_rate,
    best_reference,
    difference,
    estimates,
    has_converged,
)
from benchmarks.experiment_tables import interval
from training.coloring import Estimate


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


def missing(groups: Groups) -> list[str]:
    """Return what the page has no numbers of: cells that are not over, and what failed."""
    lines = []
    for result in groups.all_rows():
        row = result.row
        seeds_by_word: dict[str, list[int]] = {}
        for seed in row.seeds:
            if seed not in result.measured and seed not in result.diverged:
                seeds_by_word.setdefault(_standing(result, seed), []).append(seed)
        # Away from its table the label of a repair says nothing, of a larger preset too little.
        name = row.name if row.label.startswith("+") or row.label in groups.presets else row.label
        for word, seeds in seeds_by_word.items():
            listed = ", ".join(map(str, seeds))
            lines.append(f"{name}, seed{'s' if len(seeds) > 1 else ''} {listed}: {word}")
    if not groups.large:
        lines.append("the best presets at twice the size: not begun")
    return lines


def _standing(result: RowResult, seed: int) -> str:
    status = result.statuses.get(seed)
    if status is None:
        return "not begun"
    if status.outcome == "failed":
        return f"failed: {status.said}"
    if status.outcome == "complete":
        return "not measured"
    return f"{len(result.metrics[seed])} of {result.row.config.epochs} epochs"


def selu_verdict(groups: Groups) -> list[str]:
    """Compare SELU with ReLU and norm, each at its best rate; nothing before all have numbers."""
    relu, selu = groups.rates[RELU_NET], groups.rates[SELU_NET]
    best_relu, best_selu = best_rate(relu), best_rate(selu)
    if best_relu is None or best_selu is None:
        return []
    first, second = selu[best_selu], relu[best_relu]
    ciede, psnr = difference(first, second, "ciede2000"), difference(first, second, "psnr_db")
    if ciede is None or psnr is None:
        return []
    if ciede.low > 0:
        verdict = "SELU is worse than ReLU with norm"
    elif ciede.high < 0:
        verdict = "SELU is better than ReLU with norm"
    else:
        verdict = "SELU and ReLU with norm are level: the interval holds 0"
    if not all(result.is_over for results in (relu, selu) for result in results.values()):
        verdict = f"So far, some seeds are missing: {verdict}"
    return [
        f"{verdict}. Each at its own best rate ({first.row.label}, {second.row.label}, chosen by "
        f"the mean CIEDE2000 of the same drawings), SELU less ReLU is "
        f"{interval(ciede, 2, sign='+')} in CIEDE2000, where less is better, and "
        f"{interval(psnr, 2, sign='+')} dB, over {len(first.measured)} and "
        f"{len(second.measured)} seeds."
    ]


def repair_finding(chain: Sequence[RowResult]) -> list[str]:
    """Say which repair of a chain took it furthest past all rows before it, by both numbers.

    Against the row before alone, a repair that undoes the harm of another would look the best.
    """
    if not all(result.measured for result in chain):
        return []
    failed = chain[0].row.label.removeprefix("as in 2017: ")
    seeds = len(chain[0].row.seeds)
    by_ciede, ciede = _furthest(chain, "ciede2000", sign=1)
    by_psnr, psnr = _furthest(chain, "psnr_db", sign=-1)
    if ciede.value >= 0 and psnr.value <= 0:
        sentence = f"{failed}: no repair took it past the failure itself"
    else:
        sentence = (
            f"{failed}: the repair that mattered most is {_quoted(by_ciede)}, "
            f"{interval(ciede, 2, sign='+')} in CIEDE2000"
        )
        also = " and" if by_psnr == by_ciede else f"; in PSNR it is {_quoted(by_psnr)},"
        sentence += f"{also} {interval(psnr, 2, sign='+')} dB, against the best row before it"
    return [f"{sentence} ({seeds} seed{'s' if seeds > 1 else ''})."]


def _furthest(chain: Sequence[RowResult], name: str, *, sign: int) -> tuple[str, Estimate]:
    """Return label and gain of the repair that got furthest past the best row before it.

    sign: 1 where less is better, -1 where more is.
    """
    gains = []
    for n in range(1, len(chain)):
        best = min(chain[:n], key=lambda result: sign * result.mean(name))
        gain = difference(chain[n], best, name)
        if gain is not None:
            gains.append((chain[n].row.label.removeprefix("+ "), gain))
    return min(gains, key=lambda item: sign * item[1].value)


def _quoted(words: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"


def reasons(groups: Groups) -> list[str]:
    """Say of each repaired preset that did not converge what was measured about it."""
    reference = best_reference(groups.presets)
    if reference is None:
        return []
    aim = groups.presets[reference].mean(CHOSEN_BY)
    lines = []
    for name in REPAIRED:
        result = groups.presets[name]
        if has_converged(result, groups.presets) is not False:
            continue
        if not result.measured:
            lines.append(f"{name}: every seed diverged.")
            continue
        mean = result.mean(CHOSEN_BY)
        parts = [
            f"{name} ends at CIEDE2000 {mean:.2f}, {100 * (mean / aim - 1):.0f} % above "
            f"{reference} ({aim:.2f}; {100 * (TOLERATED - 1):.0f} % are allowed)"
        ]
        parts += _still_learning(result)
        tried = [row for row in groups.attempts.get(name, []) if row.measured]
        if tried:
            best = min(tried, key=lambda row: row.mean(CHOSEN_BY))
            parts.append(
                f"the best of {len(tried)} attempts is {_quoted(best.row.label.partition(', ')[2])}"
                f", at {best.mean(CHOSEN_BY):.2f}"
            )
        lines.append(f"{'; '.join(parts)}.")
    return lines


def _still_learning(result: RowResult) -> list[str]:
    """Say how validation L1 moved over the last half of the steps, mean over seeds."""
    halves = [
        (lines[(len(lines) - 1) // 2]["validation_l1"], lines[-1]["validation_l1"])
        for seed, lines in result.metrics.items()
        if seed in result.measured and len(lines) > 1
    ]
    if not halves:
        return []
    before, after = (sum(values) / len(halves) for values in zip(*halves, strict=True))
    moved = "still falling" if after < 0.95 * before else "not falling any more"
    return [f"its validation L1 is {moved}: {before:.3f} half way, {after:.3f} at the end"]


def _best(groups: Groups) -> list[str]:
    over = [row for row in groups.presets.values() if row.measured]
    if not all(row.measured or row.is_over for row in groups.presets.values()) or not over:
        return []
    by_ciede = min(over, key=lambda row: row.mean("ciede2000"))
    by_psnr = max(over, key=lambda row: row.mean("psnr_db"))
    ciede, psnr = (
        _estimate(row, name) for row, name in ((by_ciede, "ciede2000"), (by_psnr, "psnr_db"))
    )
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
    found = [_estimate(groups.presets[name], "colorfulness") for name in names]
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


def _estimate(result: RowResult, name: str) -> Estimate | None:
    if not result.measured:
        return None
    numbers = next(iter(result.measured.values())).numbers
    return estimates({number: result.values(number) for number in numbers})[name]
