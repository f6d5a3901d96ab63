from pathlib import Path

import pytest

from benchmarks.study.groups import read_groups, waves
from benchmarks.study.plan import repair_rows
from benchmarks.study.results import read_row
from benchmarks.study.runs import Status
from benchmarks.study.verdicts import repair_finding, selu_verdict
from tests.benchmarks.study.folder import (
    BUDGET,
    EXTENT,
    complete_groups,
    write_cells,
    write_status,
)


@pytest.mark.parametrize(
    ("selu", "said"),
    [(7.0, "SELU is better than"), (9.0, "SELU is worse than"), (8.0, "level: the interval holds")],
)
def test_the_verdict_on_selu_follows_the_interval_whichever_way_it_falls(tmp_path, selu, said):
    sentence, _ = selu_verdict(complete_groups(tmp_path, {"selu": selu}))
    assert sentence.startswith("Against l1-gan-100 without dropout: ")
    assert said in sentence
    assert f"{selu - 8:+.2f} ({selu - 8:+.2f} to {selu - 8:+.2f}) in CIEDE2000" in sentence


def test_each_net_is_judged_at_its_own_best_rate(tmp_path):
    numbers = {
        "selu+optimizer.learning_rate=0.0001": 6.0,
        "selu+optimizer.learning_rate=5e-05": 6.5,
        "l1-gan-100": 7.5,
        "l1-gan-100+optimizer.learning_rate=0.0001": 8.0,
        "l1-gan-100+optimizer.learning_rate=0.0004": 8.0,
    }
    _, sentence = selu_verdict(complete_groups(tmp_path, numbers))
    assert "Against l1-gan-100: SELU is better" in sentence
    assert "(selu at 0.0005, l1-gan-100 at 0.001, chosen by" in sentence
    assert "-1.50" in sentence


def test_there_is_no_verdict_before_every_rate_has_numbers_and_then_one_that_is_not_final(
    tmp_path,
):
    read = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    assert selu_verdict(read) == []
    first_seeds = next(waves(read))
    write_cells(tmp_path, first_seeds, ciede2000=lambda cell: 8.0)
    for sentence in selu_verdict(read_groups(BUDGET, None, tmp_path, extent=EXTENT)):
        assert ": So far, some seeds are missing: SELU and ReLU with norm are level" in sentence
        assert sentence.endswith("over 1 and 1 seeds; how far another seed would be is not known.")


def test_a_best_rate_at_an_end_of_what_was_tried_is_said_to_be(tmp_path):
    rates = {1: 8.0, 2: 7.0, 4: 6.0, 8: 5.0}  # the search stops after five
    numbers = {f"selu+optimizer.learning_rate={2e-4 * n:g}": ciede for n, ciede in rates.items()}
    sentence, _ = selu_verdict(complete_groups(tmp_path, numbers))
    assert "(selu at 0.008, the highest tried, l1-gan" in sentence


def chain(out: Path, numbers: list[float]):
    rows = repair_rows(BUDGET, seeds=1)["2017-selu"]
    for row, number in zip(rows, numbers, strict=True):
        write_cells(out, row.cells, ciede2000=lambda cell, number=number: number)
    return [read_row(row, out) for row in rows]


def test_the_repair_that_mattered_most_gained_most_over_all_rows_before_it(tmp_path):
    (sentence,) = repair_finding(chain(tmp_path, [12.0, 11.0, 8.0, 8.5, 7.5]))
    assert "2017-selu: the repair that mattered most is “standardised input”, -3.00" in sentence
    assert "and +3.00 (+3.00 to +3.00) dB, against the best row before it (1 seed: " in sentence


def test_a_repair_that_undoes_the_harm_of_another_is_not_what_mattered(tmp_path):
    (sentence,) = repair_finding(chain(tmp_path, [12.0, 11.0, 30.0, 10.5, 8.0]))
    assert "most is “a discriminator that answers: selu”, -2.50" in sentence


def test_repairs_that_lead_nowhere_are_said_to(tmp_path):
    (sentence,) = repair_finding(chain(tmp_path, [12.0, 13.0, 14.0, 12.5, 12.2]))
    assert sentence.startswith("2017-selu: no repair took it past the failure itself (1 seed: ")


def test_an_unfinished_chain_says_nothing(tmp_path):
    results = chain(tmp_path, [12.0, 11.0, 8.0, 8.5, 7.5])
    (tmp_path / results[2].row.cells[0].name / "measured.json").unlink()
    assert repair_finding([read_row(result.row, tmp_path) for result in results]) == []


def test_a_repair_that_diverged_is_passed_over_and_the_rest_of_the_chain_speaks(tmp_path):
    results = chain(tmp_path, [12.0, 11.0, 8.0, 8.5, 7.5])
    diverged = Status(command="", outcome="diverged", step=13, said="l1 is nan")
    write_status(tmp_path, results[2].row.cells[0], diverged)
    (sentence,) = repair_finding([read_row(result.row, tmp_path) for result in results])
    assert "alone as yet”, -2.50" in sentence


def test_a_gain_that_may_be_none_is_not_settled(tmp_path):
    rows = repair_rows(BUDGET, seeds=2)["2017-selu"]
    for n, row in enumerate(rows):
        write_cells(
            tmp_path, row.cells, ciede2000=lambda cell, n=n: 12.0 - 0.1 * n + 3 * cell.config.seed
        )
    (sentence,) = repair_finding([read_row(row, tmp_path) for row in rows])
    assert sentence.endswith("(2 seeds); an interval holds 0: not settled.")
