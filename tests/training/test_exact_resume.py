import dataclasses
import signal
import time

import numpy as np
import pytest

from benchmarks.survival.processes import run_in_peace, start
from benchmarks.survival.training import checkpoint_arrays, compared
from tests.training.tiny import TINY_MOBILE, TINY_RUN
from training.config import LossConfig, OptimizerConfig
from training.run.checkpoint import find_checkpoint, find_newest
from training.run.run_metrics import read_metrics
from training.settings.networks import (
    CriticConfig,
    DiscriminatorConfig,
    GeneratorConfig,
)
from training.terminal.steps import Step
from training.train import train

SELU = {"activation": "selu", "initializer": "fan-in", "standardize": True}
# Every kind of training, each with all of its random numbers: dropout, alpha dropout, mixes.
KINDS = {
    "gan": TINY_RUN,
    # The scale of the loss is state, too.
    "float16": dataclasses.replace(TINY_RUN, precision="mixed_float16", ema=0.0),
    # Hints and pens are random numbers outside TensorFlow. Its rate stays: it can be made longer.
    "mobile": dataclasses.replace(TINY_MOBILE, optimizer=OptimizerConfig(constant_share=1.0)),
    "l1": dataclasses.replace(TINY_RUN, loss=LossConfig(adversary="none")),
    "selu": dataclasses.replace(
        TINY_RUN,
        generator=GeneratorConfig(width=2, dropout=0.1, **SELU),
        discriminator=DiscriminatorConfig(width=2, layers=2, **SELU),
        optimizer=OptimizerConfig(clip_norm=1.0),
    ),
    "wgan-gp": dataclasses.replace(
        TINY_RUN,
        critic=CriticConfig(width=2, layers=2, norm="plain"),
        loss=LossConfig(adversary="wgan-gp", l1=10.0, critic_steps=2),
    ),
    "2017-wgan": dataclasses.replace(  # moving statistics of batch norm are state as well
        TINY_RUN,
        critic=CriticConfig(width=2, layers=2, norm="batch"),
        loss=LossConfig(adversary="wgan-gp", l1=0.0, critic_steps=1),
    ),
}


# Those that hold every kind of state run by default; others take half a minute each.
BY_DEFAULT = ("wgan-gp", "mobile")


@pytest.fixture(
    scope="module",
    params=[
        name if name in BY_DEFAULT else pytest.param(name, marks=pytest.mark.slow) for name in KINDS
    ],
)
def kind(request):
    return KINDS[request.param]


@pytest.fixture(scope="module")
def run(kind, tiny_data, tmp_path_factory):
    """A run of two epochs that nobody killed."""
    return train(kind, tiny_data, run=tmp_path_factory.mktemp("runs") / "whole")


class Killed(Exception):
    """Stands for kill -9: nothing after it runs."""


def _die(*_, **__):
    raise Killed


def test_a_run_that_was_killed_in_its_second_epoch_ends_with_the_same_bits(
    kind, run, tiny_data, tmp_path, monkeypatch
):
    from training.run import recording

    saved = recording.save_checkpoint

    def save_once(*arguments, epoch, **keywords):
        if epoch == 2:  # metrics and samples of epoch 2 are written, its checkpoint is not
            raise Killed
        return saved(*arguments, epoch=epoch, **keywords)

    monkeypatch.setattr(recording, "save_checkpoint", save_once)
    with pytest.raises(Killed):
        train(kind, tiny_data, run=tmp_path / "killed")
    monkeypatch.undo()
    assert find_checkpoint(tmp_path / "killed").epoch == 1
    train(kind, tiny_data, run=tmp_path / "killed", resume=True)
    assert [line["epoch"] for line in read_metrics(tmp_path / "killed")] == [1, 2]
    expected, resumed = checkpoint_arrays(run), checkpoint_arrays(tmp_path / "killed")
    assert expected.keys() == resumed.keys()
    assert len(expected) > 40
    for name, array in expected.items():
        np.testing.assert_array_equal(resumed[name], array, err_msg=name)


def test_a_run_that_is_made_longer_before_its_rate_falls_ends_with_the_bits_of_a_longer_one(
    kind, run, tiny_data, tmp_path, monkeypatch
):
    if kind.optimizer.constant_share < 1:
        pytest.skip("its rate falls within the first epoch already")
    from training.run import recording

    shorter = dataclasses.replace(kind, epochs=1)
    train(shorter, tiny_data, run=tmp_path / "longer")
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(recording, "save_checkpoint", _die)
        train(kind, tiny_data, run=tmp_path / "longer", resume=True)
    train(kind, tiny_data, run=tmp_path / "longer", resume=True)
    expected, longer = checkpoint_arrays(run), checkpoint_arrays(tmp_path / "longer")
    for name, array in expected.items():
        np.testing.assert_array_equal(longer[name], array, err_msg=name)
    assert [line["epoch"] for line in read_metrics(tmp_path / "longer")] == [1, 2]


@pytest.mark.slow  # three processes, each of which starts TensorFlow
def test_a_fine_tuning_that_is_killed_for_good_goes_on_to_the_same_bits(tiny_data, tmp_path):
    before = train(KINDS["mobile"], tiny_data, run=tmp_path / "before")
    net = ("--generator.width", "2", "--batch-size", "4", "--epochs", "6")

    def step(run: str, *more: str) -> Step:
        where = ("--data", str(tiny_data), "--out", str(tmp_path / run))
        return Step("training.train", ("demo", *where, "--init", str(before), *net, *more))

    said = tmp_path / "said.txt"
    run_in_peace(step("whole"), said=said)
    process = start(step("killed"), said=said)
    while process.is_alive() and not any((tmp_path / "killed" / "checkpoints").glob("epoch-*")):
        time.sleep(0.002)
    process.kill()  # SIGKILL: nothing of it runs any more
    process.join()
    assert process.exitcode == -signal.SIGKILL, said.read_text()
    assert find_newest(tmp_path / "killed").epoch < 6
    run_in_peace(step("killed", "--resume"), said=said)
    arrays, differing = compared(tmp_path / "whole", tmp_path / "killed")
    assert arrays > 40
    assert differing == ()


def test_two_epochs_see_different_random_numbers(run):
    first, second = (run / "checkpoints" / f"epoch-000{n}" / "random_state.npz" for n in (1, 2))
    with np.load(first) as before, np.load(second) as after:
        assert set(before.files) == set(after.files)
        for name in before.files:
            assert not np.array_equal(before[name], after[name]), name


@pytest.mark.slow
def test_a_run_that_was_killed_before_its_first_checkpoint_begins_again(
    kind, run, tiny_data, tmp_path, monkeypatch
):
    from training.run import recording

    monkeypatch.setattr(recording, "save_checkpoint", _die)
    with pytest.raises(Killed):
        train(kind, tiny_data, run=tmp_path / "killed")
    monkeypatch.undo()
    train(kind, tiny_data, run=tmp_path / "killed", resume=True)
    for name, array in checkpoint_arrays(run).items():
        np.testing.assert_array_equal(
            checkpoint_arrays(tmp_path / "killed")[name], array, err_msg=name
        )
