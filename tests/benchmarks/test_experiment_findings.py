from pathlib import Path

import pytest

from benchmarks.experiment_findings import (
    findings,
    missing,
    reasons,
    repair_finding,
    selu_verdict,
)
from benchmarks.experiment_groups import Extent, Groups, read_groups, waves
from benchmarks.experiment_plan import Budget, Cell, in_order, repair_rows
from benchmarks.experiment_results import read_row
from benchmarks.experiment_runs import Status
from benchmarks.experiment_tables import longer_table
from tests.benchmarks.experiment_folder import write_baselines, write_cells, write_status

BUDGET, EXTENT = Budget(), Extent(seeds=2, repair_seeds=1)


def groups(out: Path, numbers: dict[str, float]) -> Groups:
    """All cells with these means of CIEDE2000, by name of row or of its preset; 8 for others."""

    def number(cell: Cell) -> float:
        row = cell.name.rpartition(".")[0]
        return numbers.get(row, numbers.get(row.partition("+")[0], 8.0))

    while True:
        read = read_groups(BUDGET, None, out, extent=EXTENT)
        todo = [cell for cell in in_order(*waves(read)) if not (out / cell.name).exists()]
        if not todo:
            return read
        write_cells(out, todo, ciede2000=number)


@pytest.mark.parametrize(
    ("selu", "said"),
    [(7.0, "SELU is better than"), (9.0, "SELU is worse than"), (8.0, "level: the interval holds")],
)
def test_the_verdict_on_selu_follows_the_interval_whichever_way_it_falls(tmp_path, selu, said):
    (sentence,) = selu_verdict(groups(tmp_path, {"selu": selu}))
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
    (sentence,) = selu_verdict(groups(tmp_path, numbers))
    assert "(selu at 0.0005, l1-gan-100 at 0.001, chosen by" in sentence
    assert "-1.50" in sentence


def test_there_is_no_verdict_before_every_rate_has_numbers_and_then_one_that_is_not_final(
    tmp_path,
):
    read = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    assert selu_verdict(read) == []
    first_seeds = next(waves(read))
    write_cells(tmp_path, first_seeds, ciede2000=lambda cell: 8.0)
    (sentence,) = selu_verdict(read_groups(BUDGET, None, tmp_path, extent=EXTENT))
    assert sentence.startswith("So far, some seeds are missing: SELU and ReLU with norm are level")
    assert sentence.endswith("over 1 and 1 seeds.")


def chain(out: Path, numbers: list[float]):
    rows = repair_rows(BUDGET, seeds=1)["2017-selu"]
    for row, number in zip(rows, numbers, strict=True):
        write_cells(out, row.cells, ciede2000=lambda cell, number=number: number)
    return [read_row(row, out) for row in rows]


def test_the_repair_that_mattered_most_gained_most_over_all_rows_before_it(tmp_path):
    (sentence,) = repair_finding(chain(tmp_path, [12.0, 11.0, 8.0, 8.5, 7.5]))
    assert "2017-selu: the repair that mattered most is “standardised input”, -3.00" in sentence
    assert "and +3.00 (+3.00 to +3.00) dB, against the best row before it (1 seed)." in sentence


def test_a_repair_that_undoes_the_harm_of_another_is_not_what_mattered(tmp_path):
    (sentence,) = repair_finding(chain(tmp_path, [12.0, 11.0, 30.0, 10.5, 8.0]))
    assert "most is “a discriminator that answers: selu”, -2.50" in sentence


def test_repairs_that_lead_nowhere_are_said_to(tmp_path):
    (sentence,) = repair_finding(chain(tmp_path, [12.0, 13.0, 14.0, 12.5, 12.2]))
    assert sentence == "2017-selu: no repair took it past the failure itself (1 seed)."


def test_an_unfinished_chain_says_nothing(tmp_path):
    results = chain(tmp_path, [12.0, 11.0, 8.0, 8.5, 7.5])
    (tmp_path / results[2].row.cells[0].name / "measured.json").unlink()
    assert repair_finding([read_row(result.row, tmp_path) for result in results]) == []


def test_what_is_missing_is_named_with_how_far_it_came(tmp_path):
    read = groups(tmp_path, {})
    name = read.presets["selu"].row.cells[1]
    write_status(tmp_path, name, Status(command="", outcome="interrupted"))
    failing = read.presets["l1"].row.cells[0]
    write_status(tmp_path, failing, Status(command="", outcome="failed", said="no room"))
    lines = missing(read_groups(BUDGET, None, tmp_path, extent=EXTENT))
    assert "selu, seed 1: 2 of 2 epochs" in lines
    assert "l1, seed 0: failed: no room" in lines
    assert "the best presets at twice the size: not begun" in lines
    assert len(lines) == 3


def test_what_is_missing_of_a_larger_or_longer_preset_is_told_from_the_preset(tmp_path):
    large = Budget(size=128)
    groups(tmp_path, {})
    read = read_groups(BUDGET, large, tmp_path, extent=EXTENT)
    (tmp_path / read.longer[0].row.cells[0].name / "measured.json").unlink()
    lines = missing(read_groups(BUDGET, large, tmp_path, extent=EXTENT))
    assert "l1.2768steps, seed 0: not measured" in lines
    assert "l1.128px, seed 0: not begun" in lines


def test_nothing_is_found_where_nothing_was_measured(tmp_path):
    nothing = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    assert (findings(nothing), reasons(nothing)) == ([], [])
    assert "l1, seeds 0, 1: not begun" in missing(nothing)
    assert "2017-selu.repaired2, seed 0: not begun" in missing(nothing)


def test_who_did_not_converge_is_said_with_what_was_tried_and_how_near_it_came(tmp_path):
    numbers = {"wgan-gp": 16.0, "wgan-gp+loss.critic_steps=1+optimizer.adversary_rate=2": 10.0}
    read = groups(tmp_path, numbers)
    (sentence,) = [line for line in reasons(read) if line.startswith("wgan-gp ")]
    assert "CIEDE2000 16.00, 100 % above l1-gan-100 (8.00; 15 % are allowed)" in sentence
    assert "still falling: 0.300 half way, 0.150 at the end" in sentence
    assert "best of 3 attempts is “one critic step at twice the rate”, at 10.00." in sentence
    (converged,) = [line for line in findings(read) if line.startswith("Converged")]
    assert "Not: wgan-gp." in converged


def test_who_is_past_the_baselines_is_said_by_name(tmp_path):
    write_baselines(tmp_path, size=BUDGET.size)  # CIEDE2000 9, PSNR 16
    read = groups(tmp_path, {"l1": 10.0, "2017-selu": 8.9, "l1-gan-1": 12.0})
    (sentence,) = [line for line in findings(read) if line.startswith("Past both baselines")]
    better = sentence.partition("in CIEDE2000 ")[2].partition(" (the better one has 9.00)")[0]
    assert better.split(", ") == [n for n in read.presets if n not in ("l1", "l1-gan-1")]


def test_what_more_updates_change_is_said_best_first_and_against_the_baselines(tmp_path):
    write_baselines(tmp_path, size=BUDGET.size)  # CIEDE2000 9, PSNR 16
    read = groups(tmp_path, {"l1.2768steps": 6.5, "selu.2768steps": 9.5})
    (sentence,) = [line for line in findings(read) if line.startswith("After about 2,768 updates")]
    assert "CIEDE2000 is: l1 6.50, l1-gan-100 8.00, " in sentence
    assert "selu-wgan-gp 8.00, selu 9.50. Past both baselines" in sentence
    table = dict(longer_table(read).rows)
    assert table["l1"][:4] == [
        ("18.50", "18.44 to 18.56"),
        ("+1.50", "+1.50 to +1.50"),
        ("6.50", "6.44 to 6.56"),
        ("-1.50", "-1.50 to -1.50"),
    ]
    assert (table["l1-gan-100"][-1], table["selu"][-1]) == (("yes", ""), ("no", ""))
    assert table["uncoloured paper"][0][0] == "16.00"


def test_without_longer_trainings_nothing_is_said_of_them(tmp_path):
    read = read_groups(BUDGET, None, tmp_path, extent=Extent(longer=1))
    assert read.longer == []
    assert not [line for line in missing(read) if "steps" in line]
