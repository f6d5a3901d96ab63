import pytest

from benchmarks import kill_resume
from benchmarks.kill_resume import Survival, checkpoint_arrays, main, survive


@pytest.mark.slow  # every kill costs a start of TensorFlow
def test_five_kills_leave_no_trace_in_the_weights(tiny_data, tmp_path):
    survival = survive(tiny_data, tmp_path, kills=5, seed=1)
    assert survival.kills == 5
    assert survival.arrays > 100  # weights, average, both optimizers' moments, seeds
    assert survival.differing == ()


def test_the_state_holds_weights_moments_average_and_random_numbers(tiny_run):
    names = checkpoint_arrays(tiny_run)
    files = {name.split(":")[0] for name in names}
    assert files == {
        "generator.weights.h5",
        "average.weights.h5",
        "discriminator.weights.h5",
        "generator_optimizer.npz",
        "discriminator_optimizer.npz",
        "random_state.npz",
    }


def test_a_bit_that_differs_fails_and_is_named(tmp_path, monkeypatch, capsys):
    survival = Survival(kills=1, at_start=0, arrays=9, differing=("generator.weights.h5:a",))
    monkeypatch.setattr(kill_resume, "survive", lambda *_, **__: survival)
    assert main(["--data", str(tmp_path), "--kills", "1"]) == 1
    out = capsys.readouterr().out
    assert "1 of 9 arrays differ" in out
    assert out.endswith("generator.weights.h5:a\n")


@pytest.mark.parametrize("arguments", [["--kills", "0"], ["--preset", "l2"]])
def test_impossible_options_are_refused(arguments, capsys):
    assert main(arguments) == 2
    assert "expected" in capsys.readouterr().err
