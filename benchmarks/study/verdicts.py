"""What the experiment was made to settle: SELU against ReLU, and which repair mattered."""

from collections.abc import Mapping, Sequence

from benchmarks.study.groups import Groups
from benchmarks.study.plan import RELU_NET, RELU_NO_DROPOUT, SELU_NET
from benchmarks.study.results import RowResult, best_rate, difference
from benchmarks.study.tables import interval, quoted
from training.metrics.coloring import Estimate

UNTOLD = "how far another seed would be is not known"  # where there is one


def selu_verdict(groups: Groups) -> list[str]:
    """Compare SELU with ReLU and norm, each at its best rate; nothing before all have numbers.

    With the same dropout, then with the preset of pix2pix, which has some.
    """
    return [
        sentence
        for relu in (RELU_NO_DROPOUT, RELU_NET)
        for sentence in _against(groups.rates[SELU_NET], groups.rates[relu], name=relu)
    ]


def repair_finding(chain: Sequence[RowResult]) -> list[str]:
    """Say which repair of a chain took it furthest past all rows before it, by both numbers.

    Against the row before alone, a repair that undoes the harm of another would look the best.
    Rows that diverged are past nothing. Nothing is said before each row has been tried.
    """
    if not all(result.may_be_ranked for result in chain) or not chain[0].measured:
        return []
    failed = chain[0].row.label.removeprefix("as in 2017: ")
    by_ciede = _furthest(chain, "ciede2000", sign=1)
    by_psnr = _furthest(chain, "psnr_db", sign=-1)
    seeds = min(len(result.measured) for result in chain if result.measured)
    trust = f"({seeds} seeds)" if seeds > 1 else f"(1 seed: {UNTOLD})"
    if by_ciede is None and by_psnr is None:
        return [f"{failed}: no repair took it past the failure itself {trust}."]
    gains = []
    if by_ciede is not None:
        label, gain = by_ciede
        gains.append(f"{quoted(label)}, {interval(gain, 2, sign='+')} in CIEDE2000")
    if by_psnr is not None:
        label, gain = by_psnr
        also = by_ciede is not None and label == by_ciede[0]
        which = " and" if also else f"{'; ' if gains else ''}in PSNR {quoted(label)},"
        gains.append(f"{which} {interval(gain, 2, sign='+')} dB")
    unsettled = any(found and found[1].low <= 0 <= found[1].high for found in (by_ciede, by_psnr))
    return [
        f"{failed}: the repair that mattered most is {''.join(gains)}, against the best row before "
        f"it {trust}{'; an interval holds 0: not settled' if unsettled else ''}."
    ]


def _against(
    selu: Mapping[float, RowResult], relu: Mapping[float, RowResult], *, name: str
) -> list[str]:
    best_selu, best_relu = best_rate(selu), best_rate(relu)
    if best_selu is None or best_relu is None:
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
    counts = len(first.measured), len(second.measured)
    doubt = f"; {UNTOLD}" if min(counts) == 1 else ""
    return [
        f"Against {name}: {verdict}. Each at its own best rate ({_at(selu, best_selu)}, "
        f"{_at(relu, best_relu)}, chosen by the mean CIEDE2000 of the same drawings), SELU less "
        f"ReLU is {interval(ciede, 2, sign='+')} in CIEDE2000, where less is better, and "
        f"{interval(psnr, 2, sign='+')} dB, over {counts[0]} and {counts[1]} seeds{doubt}."
    ]


def _at(results: Mapping[float, RowResult], best: float) -> str:
    """Name a net at its best rate, and say where nobody looked further."""
    if best == max(results):
        return f"{results[best].row.label}, the highest tried"
    if best == min(results):
        return f"{results[best].row.label}, the lowest tried"
    return results[best].row.label


def _furthest(chain: Sequence[RowResult], name: str, *, sign: int) -> tuple[str, Estimate] | None:
    """Return label and gain of the repair that got furthest past the best row before it.

    sign: 1 where less is better, -1 where more is. None where none got past.
    """
    whole = [result for result in chain if result.measured and not result.diverged]
    gains = []
    for n, result in enumerate(whole[1:], start=1):
        best = min(whole[:n], key=lambda before: sign * before.mean(name))
        gain = difference(result, best, name)
        if gain is not None and sign * gain.value < 0:
            gains.append((result.row.label.removeprefix("+ "), gain))
    return min(gains, key=lambda item: sign * item[1].value, default=None)
