from benchmarks.study.groups import read_groups
from benchmarks.study.runs import Status
from benchmarks.study.tables import longer_table, preset_table, selu_table
from tests.benchmarks.study.folder import (
    BUDGET,
    EXTENT,
    complete_groups,
    write_baselines,
    write_status,
)


def test_selu_is_compared_at_the_best_rate_of_each_net_and_paired(tmp_path):
    numbers = {
        "selu+optimizer.learning_rate=0.0001": 6.0,
        "selu+optimizer.learning_rate=5e-05": 6.5,
        "l1-gan-100": 7.5,
        "l1-gan-100+optimizer.learning_rate=0.0001": 8.0,
        "l1-gan-100+optimizer.learning_rate=0.0004": 8.0,
    }
    table = selu_table(complete_groups(tmp_path, numbers))
    label, (psnr, ciede) = table.rows[1]
    assert label == "selu at 0.0005 less l1-gan-100 at 0.001"
    assert (psnr, ciede) == (("+1.50", "+1.50 to +1.50"), ("-1.50", "-1.50 to -1.50"))


def test_selu_is_not_compared_before_every_rate_has_numbers(tmp_path):
    assert selu_table(read_groups(BUDGET, None, tmp_path, extent=EXTENT)).rows == []


def test_longer_trainings_stand_against_their_first_seed_and_the_best_of_them(tmp_path):
    write_baselines(tmp_path, size=BUDGET.size)  # CIEDE2000 9, PSNR 16
    read = complete_groups(tmp_path, {"l1.2768steps": 6.5, "selu.2768steps": 9.5})
    table = dict(longer_table(read).rows)
    assert table["l1"][:4] == [
        ("18.50", "18.44 to 18.56"),
        ("+1.50", "+1.50 to +1.50"),
        ("6.50", "6.44 to 6.56"),
        ("-1.50", "-1.50 to -1.50"),
    ]
    assert (table["l1-gan-100"][-1], table["selu"][-1]) == (("yes", ""), ("no", ""))
    assert table["uncoloured paper"][0][0] == "16.00"


def test_a_preset_that_diverged_is_said_to_and_where(tmp_path):
    cell = complete_groups(tmp_path, {}).presets["selu"].row.cells[1]
    write_status(tmp_path, cell, Status(command="", outcome="diverged", step=13))
    table = dict(preset_table(read_groups(BUDGET, None, tmp_path, extent=EXTENT)).rows)
    assert table["selu"][-1] == ("no", "diverged after step 13, seed 1")
    assert table["l1"][-1] == ("yes", "")
