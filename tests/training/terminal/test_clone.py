from training.terminal.clone import CLONE, another_clone


def test_nothing_is_said_in_the_clone_that_runs_and_outside_of_any(monkeypatch, tmp_path):
    for folder in (CLONE, CLONE / "docs", tmp_path):
        monkeypatch.chdir(folder)
        assert another_clone() is None


def test_below_another_clone_both_are_named(monkeypatch, tmp_path):
    terminal = tmp_path / "other" / "training" / "terminal"
    terminal.mkdir(parents=True)
    (terminal / "clone.py").touch()
    (tmp_path / "other/runs").mkdir()
    monkeypatch.chdir(tmp_path / "other/runs")
    said = another_clone()
    assert str(CLONE) in said and f"not of {tmp_path / 'other'}" in said
