import dataclasses

import pytest

from training.config import OptimizerConfig, TrainConfig
from training.data.named import NamedData
from training.errors import CheckpointError
from training.run.resuming import (
    RUN_FILE,
    RUNS,
    Extension,
    RunDescription,
    extend,
    how_it_goes_on,
    require_same,
)

DATA = NamedData(path="data", sha256="0", source="", licence="", credit="")
TEN = TrainConfig(size=32, epochs=10, optimizer=OptimizerConfig(constant_share=0.5))


@pytest.fixture
def run(tmp_path):
    RUNS.write(RunDescription(config=TEN, data=DATA), tmp_path / RUN_FILE)
    return tmp_path


def of_epochs(epochs, **changes):
    config = dataclasses.replace(TEN, epochs=epochs, **changes)
    return RunDescription(config=config, data=DATA)


def test_more_epochs_are_no_other_run(run):
    assert require_same(run, of_epochs(12)).config.epochs == 10


def test_fewer_epochs_are_refused_with_those_planned(run):
    with pytest.raises(CheckpointError, match=r"expected 10, .* received 9.*--epochs 10"):
        require_same(run, of_epochs(9))


def test_another_setting_is_refused_beside_more_epochs(run):
    with pytest.raises(CheckpointError, match="config.seed: the run has 0, received 1") as refused:
        require_same(run, of_epochs(12, seed=1))
    assert "epochs" not in str(refused.value)


def test_layers_that_began_at_random_belong_to_the_run(run):
    other = dataclasses.replace(of_epochs(10), init_anew=("last_conv",))
    with pytest.raises(CheckpointError, match="init_anew: the run has"):
        require_same(run, other)


def test_an_extended_run_remembers_when_and_from_which_plan(run):
    extend(run, require_same(run, of_epochs(12)), epochs=12, after=10)
    extend(run, require_same(run, of_epochs(20)), epochs=20, after=11)
    begun = RUNS.read(run / RUN_FILE)
    assert begun.config.epochs == 20
    assert begun.extended == (Extension(after=10, planned=10), Extension(after=11, planned=12))
    with pytest.raises(CheckpointError, match="expected 20"):
        require_same(run, of_epochs(10))


# Of ten epochs with a constant share of a half, the rate falls after the fifth.
@pytest.mark.parametrize(("after", "alike"), [(5, True), (6, False), (10, False)])
def test_a_longer_run_is_that_begun_so_as_long_as_no_rate_had_fallen(after, alike):
    said = how_it_goes_on(TEN, epochs=20, after=after)
    assert f"from epoch {after} to 20, 10 were planned" in said
    assert ("is that of a training begun so" in said) == alike
    assert ("is not that of a training begun so" in said) != alike
