import pytest

from benchmarks import kill_resume
from benchmarks.kill_resume import main
from benchmarks.survival.kills import Tally
from benchmarks.survival.training import Survival

ONLY_TRAINING = ("--output-kills", "0", "--full-disks", "0")


def test_a_bit_that_differs_fails_and_is_named(tmp_path, monkeypatch, capsys):
    survival = Survival(kills=1, at_start=0, arrays=9, differing=("generator.weights.h5:a",))
    monkeypatch.setattr(kill_resume, "survive", lambda *_, **__: survival)
    assert main(["--data", str(tmp_path), "--kills", "1", *ONLY_TRAINING]) == 1
    out = capsys.readouterr().out
    assert "1 of 9 arrays differ" in out
    assert out.endswith("generator.weights.h5:a\n")


@pytest.mark.parametrize("why_not", [None, "mount: permission denied"])
def test_kills_and_full_disks_are_dealt_out_and_what_is_lost_is_named(
    tmp_path, monkeypatch, capsys, why_not
):
    commands = ("one", "another", "a third")

    def tally(command, work, *, kills=0, times=0, **_):
        return Tally(command=command, trials=kills or times, faults=("lost",) * (command == "one"))

    for name, stands_for in {
        "draw_data": lambda folder: tmp_path,
        "run_in_peace": lambda step, said: None,
        "output_commands": lambda *_: commands,
        "kill_outputs": tally,
        "why_no_disk_can_be_filled": lambda folder: why_not,
        "fill_under_outputs": tally,
        "fill_under_training": tally,
    }.items():
        monkeypatch.setattr(kill_resume, name, stands_for)
    assert main(["--kills", "0", "--output-kills", "7", "--full-disks", "9"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:4] == [
        "one: killed 3 times, 0 of them while it wrote; 1 losses",
        "lost",
        "another: killed 2 times, 0 of them while it wrote; 0 losses",
        "a third: killed 2 times, 0 of them while it wrote; 0 losses",
    ]
    if why_not:
        assert told[4:] == [f"full disks: skipped, since {why_not}"]
    else:
        assert [line.split(" times")[0].rsplit(" ", 1)[1] for line in told[4:] if ":" in line] == [
            "2",  # of the training
            "3",
            "2",
            "2",
        ]


@pytest.mark.parametrize("arguments", [["--kills", "-1"], ["--preset", "l2"]])
def test_impossible_options_are_refused(arguments, capsys):
    assert main(arguments) == 2
    assert "expected" in capsys.readouterr().err
