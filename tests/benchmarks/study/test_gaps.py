from benchmarks.study.gaps import missing, reasons
from benchmarks.study.groups import read_groups
from benchmarks.study.plan import Budget
from benchmarks.study.runs import Status
from tests.benchmarks.study.folder import BUDGET, EXTENT, complete_groups, write_status


def test_where_nothing_was_trained_everything_is_missing_and_nothing_has_a_reason(tmp_path):
    nothing = read_groups(BUDGET, None, tmp_path, extent=EXTENT)
    assert reasons(nothing) == []
    lines = missing(nothing, large_possible=False)
    assert "l1, seeds 0, 1: not begun" in lines
    assert "2017-selu.repaired2, seed 0: not begun" in lines
    assert not [line for line in lines if "twice the size" in line]  # no such drawings to come


def test_what_is_missing_is_named_with_how_far_it_came(tmp_path):
    read = complete_groups(tmp_path, {})
    name = read.presets["selu"].row.cells[1]
    write_status(tmp_path, name, Status(command="", outcome="interrupted"))
    failing = read.presets["l1"].row.cells[0]
    write_status(tmp_path, failing, Status(command="", outcome="failed", said="no room"))
    lines = missing(read_groups(BUDGET, None, tmp_path, extent=EXTENT), large_possible=True)
    assert "selu, seed 1: 2 of 2 epochs" in lines
    assert "l1, seed 0: failed: no room" in lines
    assert "the best presets at twice the size: not begun" in lines
    assert len(lines) == 3


def test_what_is_missing_of_a_larger_or_longer_preset_is_told_from_the_preset(tmp_path):
    large = Budget(size=128)
    complete_groups(tmp_path, {})
    read = read_groups(BUDGET, large, tmp_path, extent=EXTENT)
    (tmp_path / read.longer[0].row.cells[0].name / "measured.json").unlink()
    lines = missing(read_groups(BUDGET, large, tmp_path, extent=EXTENT), large_possible=True)
    assert "l1.2768steps, seed 0: not measured" in lines
    assert "l1.128px, seed 0: not begun" in lines


def test_who_did_not_converge_is_said_with_what_was_tried_and_how_near_it_came(tmp_path):
    numbers = {"wgan-gp": 16.0, "wgan-gp+loss.critic_steps=1+optimizer.adversary_rate=2": 10.0}
    read = complete_groups(tmp_path, numbers)
    (sentence,) = [line for line in reasons(read) if line.startswith("wgan-gp ")]
    assert "CIEDE2000 16.00, 100 % above l1-gan-100 (8.00; 15 % are allowed)" in sentence
    assert "still falling: 0.300 half way, 0.150 at the end" in sentence
    assert "best of 5 attempts is “one critic step at twice the rate”, at 10.00; " in sentence
    assert sentence.endswith("after about 2,768 updates it is at 8.00.")


def test_a_preset_that_diverged_is_said_to_and_where(tmp_path):
    read = complete_groups(tmp_path, {})
    cell = read.presets["selu"].row.cells[1]
    diverged = Status(command="", outcome="diverged", step=13, said="l1 is nan")
    write_status(tmp_path, cell, diverged)
    (sentence,) = reasons(read_groups(BUDGET, None, tmp_path, extent=EXTENT))
    assert sentence.startswith("selu diverged at step 13 with seed 1: l1 is nan; ends at CIEDE2000")
