import dataclasses
import re

import numpy as np
import pytest

from tests.training.tiny import TINY_RUN
from training.errors import CheckpointError, ConfigError, DataError, OutputExists
from training.run import rehearsal
from training.train import dry_run, main, train


@pytest.fixture
def no_export(monkeypatch):
    """What takes long is tried by one test alone."""
    monkeypatch.setattr(rehearsal, "_export", lambda run, output: 1_000)


def test_a_dry_run_reports_what_the_training_needs_and_leaves_nothing(tiny_data, tmp_path, capsys):
    arguments = [
        *("l1", "--data", str(tiny_data), "--out", str(tmp_path / "run"), "--dry-run"),
        *("--batch-size", "4", "--generator.width", "2"),
    ]
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "parameters",
        "one step on real pictures",
        "memory at most",
        "one checkpoint",
        "conversion.to_tflite",
        "time, by 4 more steps, measuring and saving, here and now",
    ]
    assert float(lines[-3].split()[1]) > 0
    assert re.search(r"an epoch of \d+ steps about [\d.e+]+ \w+, all \d+ epochs [\d.]+ ", lines[-1])
    assert not list(tmp_path.iterdir())


def test_every_network_and_loss_is_named(tiny_data, tmp_path, no_export):
    found = dry_run(TINY_RUN, tiny_data, run=tmp_path / "run")
    assert set(found.parameters) == {"generator", "average", "discriminator"}
    assert found.parameters["generator"] == found.parameters["average"] > 1_000
    assert {"l1", "generator_gan", "discriminator"} <= set(found.losses)
    assert found.memory_bytes > 10**8  # TensorFlow alone takes more
    assert found.checkpoint_bytes > 4 * sum(found.parameters.values())


def test_data_and_config_are_refused_as_by_a_training(tiny_data, tmp_path):
    with pytest.raises(DataError):
        dry_run(TINY_RUN, tmp_path, run=tmp_path / "run")
    with pytest.raises(DataError, match="--batch-size"):
        dry_run(dataclasses.replace(TINY_RUN, batch_size=99), tiny_data, run=tmp_path / "run")
    with pytest.raises(ConfigError, match="--size 64"):
        dry_run(dataclasses.replace(TINY_RUN, size=64), tiny_data, run=tmp_path / "run")


def test_a_run_that_exists_is_refused_in_the_words_of_a_training(tiny_data, tmp_path):
    (tmp_path / "run").mkdir()
    with pytest.raises(OutputExists) as of_the_training:
        train(TINY_RUN, tiny_data, run=tmp_path / "run")
    with pytest.raises(OutputExists) as of_the_dry_run:
        dry_run(TINY_RUN, tiny_data, run=tmp_path / "run")
    assert str(of_the_dry_run.value) == str(of_the_training.value)


@pytest.mark.parametrize(
    ("option", "refusal"),
    [
        (["--resume"], "resume: expected False with --dry-run"),
        (["--strategy", "mirrored"], "strategy: expected one with --dry-run"),
        (["--strategy", "multiworker"], "strategy: expected one with --dry-run"),
    ],
)
def test_what_a_dry_run_does_not_try_is_refused_with_what_to_leave_out(
    tiny_data, tmp_path, capsys, option, refusal
):
    arguments = ["l1", "--data", str(tiny_data), "--out", str(tmp_path / "run"), "--dry-run"]
    assert main([*arguments, *option]) == 2
    said = capsys.readouterr()
    assert refusal in said.err
    assert f"Leave {option[0]} out" in said.err
    assert said.out == ""


def test_a_step_that_does_not_fit_is_refused_with_what_to_lower(tiny_data, tmp_path, monkeypatch):
    import tensorflow as tf

    from training.trainers.gan import GanTrainer

    def overflow(*_, **__):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")

    monkeypatch.setattr(GanTrainer, "fit", overflow)
    with pytest.raises(ConfigError, match="OOM when allocating.*--batch-size"):
        dry_run(TINY_RUN, tiny_data, run=tmp_path / "run")


def test_a_checkpoint_that_paints_otherwise_is_refused(tiny_data, tmp_path, no_export, monkeypatch):
    pictures = iter([np.zeros((1, 32, 32, 3), np.uint8), np.full((1, 32, 32, 3), 2, np.uint8)])
    monkeypatch.setattr(rehearsal, "colorize_pixels", lambda *_: next(pictures))
    with pytest.raises(CheckpointError, match="paints otherwise"):
        dry_run(TINY_RUN, tiny_data, run=tmp_path / "run")


def test_an_export_that_fails_is_refused_with_what_it_said(tiny_data, tmp_path, monkeypatch):
    monkeypatch.setattr(rehearsal, "EXPORTER", "conversion.no_such_exporter")
    with pytest.raises(CheckpointError, match="cannot export.*No module named"):
        dry_run(TINY_RUN, tiny_data, run=tmp_path / "run")
