from benchmarks.tuning.spent import SPENT, Spent, is_complete, training_step


def test_seconds_of_a_killed_session_are_said_to_be_uncounted(tmp_path):
    SPENT.write(Spent(cpu_s=12.4, killed=1), tmp_path / "spent.json")
    assert str(SPENT.read(tmp_path / "spent.json")) == "12, 1 sessions uncounted"
    assert str(Spent(cpu_s=12.6, killed=0)) == "13"


def test_what_was_interrupted_goes_on_with_the_same_words(tmp_path):
    run = tmp_path / "run"
    before = training_step(run, ("mobile",), data=tmp_path, epochs=3).arguments
    run.mkdir()
    assert training_step(run, ("mobile",), data=tmp_path, epochs=3).arguments == (
        *before,
        "--resume",
    )


def test_a_run_that_was_killed_in_its_first_epoch_is_not_complete(tmp_path):
    (tmp_path / "checkpoints").mkdir()
    assert not is_complete(tmp_path, epochs=1)
