import pytest

from benchmarks.survival.training import checkpoint_arrays, survive


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
