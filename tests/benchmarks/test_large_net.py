from benchmarks.large_net import Options, large_steps


def test_it_prepares_and_trains_and_goes_on_where_it_was(tmp_path):
    options = Options(out=tmp_path / "run", data=tmp_path / "data")
    assert [step.name for step in large_steps(options)] == ["training.prepare", "training.train"]
    for name in ("run", "data"):
        (tmp_path / name).mkdir()
    (training,) = large_steps(options)
    assert training.arguments[-1] == "--resume"
