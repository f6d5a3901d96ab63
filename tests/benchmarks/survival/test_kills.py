import numpy as np

from benchmarks.survival.kills import kill_outputs


def killed(command, work):
    work.mkdir()
    return kill_outputs(command, work, kills=4, moments=np.random.default_rng(0))


def test_a_command_that_writes_whole_loses_nothing(command, tmp_path):
    tally = killed(command("whole"), tmp_path / "work")
    assert (tally.trials, tally.faults) == (4, ())
    assert tally.cut_off > 0


def test_a_command_that_writes_in_place_is_found_out(command, tmp_path):
    tally = killed(command("in place"), tmp_path / "work")
    assert tally.trials == 4
    assert any("neither what was there before nor" in fault for fault in tally.faults)
