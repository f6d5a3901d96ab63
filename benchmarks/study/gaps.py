"""What the experiment has no numbers of, and why a repaired preset did not converge."""

from benchmarks.study.groups import Groups
from benchmarks.study.plan import REPAIRED
from benchmarks.study.results import (
    CHOSEN_BY,
    TOLERATED,
    RowResult,
    best_reference,
    has_converged,
)
from benchmarks.study.tables import quoted


def missing(groups: Groups, *, large_possible: bool) -> list[str]:
    """Return what the page has no numbers of: cells that are not over, and what failed.

    large_possible: whether there are or will be drawings of twice the size.
    """
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
    if not groups.large and large_possible:
        lines.append("the best presets at twice the size: not begun")
    return lines


def reasons(groups: Groups) -> list[str]:
    """Say of each repaired preset that did not converge what was measured about it."""
    reference = best_reference(groups.presets)
    if reference is None:
        return []
    return [
        f"{name} {'; '.join(_reason(groups, name, reference=reference))}."
        for name in REPAIRED
        if has_converged(groups.presets[name], groups.presets) is False
    ]


def _reason(groups: Groups, name: str, *, reference: str) -> list[str]:
    result, aim = groups.presets[name], groups.presets[reference].score
    parts = [
        f"diverged at step {status.step} with seed {seed}: {status.said}"
        for seed, status in sorted(result.diverged.items())
    ]
    if result.measured:
        mean = result.mean(CHOSEN_BY)
        parts.append(
            f"ends at CIEDE2000 {mean:.2f}, {100 * (mean / aim - 1):.0f} % above {reference} "
            f"({aim:.2f}; {100 * (TOLERATED - 1):.0f} % are allowed)"
        )
        parts += _still_learning(result)
    tried = [row for row in groups.attempts.get(name, []) if row.measured]
    if tried:
        best = min(tried, key=lambda row: row.mean(CHOSEN_BY))
        parts.append(
            f"the best of {len(tried)} attempts is {quoted(best.row.label.partition(', ')[2])}, "
            f"at {best.mean(CHOSEN_BY):.2f}"
        )
    longer = [row for row in groups.longer if row.row.label == name and row.measured]
    parts += [
        f"after about {groups.longer_steps:,} updates it is at {row.mean(CHOSEN_BY):.2f}"
        for row in longer
    ]
    return parts


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


def _standing(result: RowResult, seed: int) -> str:
    status = result.statuses.get(seed)
    if status is None:
        return "not begun"
    if status.outcome == "failed":
        return f"failed: {status.said}"
    if status.outcome == "complete":
        return "not measured"
    return f"{len(result.metrics[seed])} of {result.row.config.epochs} epochs"
