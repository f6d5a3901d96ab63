import dataclasses
import json
import os
import resource
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from training.config import TrainConfig
from training.errors import CheckpointError
from training.models.standardize import PictureStatistics
from training.run.checkpoint import (
    Credit,
    find_checkpoint,
    load_generator,
    restore_trainer,
    save_checkpoint,
)
from training.settings.networks import GeneratorConfig
from training.trainers.builder import build_trainer

CREDIT = Credit(source="noise", licence="CC0-1.0", credit="塗り絵")
TINY = TrainConfig(size=8, generator=GeneratorConfig(width=2))


@pytest.fixture
def saved(tiny_run, tmp_path):
    """A copy of a run with one checkpoint, to be damaged."""
    shutil.copytree(tiny_run, tmp_path / "run")
    return tmp_path / "run"


def test_a_run_means_its_newest_checkpoint(tmp_path):
    trainer = build_trainer(TINY, steps_per_epoch=1)
    for epoch in (9, 10, 10_000):
        save_checkpoint(tmp_path, trainer, config=TINY, epoch=epoch, data=CREDIT)
    newest = find_checkpoint(tmp_path)
    assert newest.epoch == 10_000
    assert newest.run == tmp_path
    assert find_checkpoint(newest.folder) == newest
    assert find_checkpoint(tmp_path / "checkpoints" / "epoch-0009").epoch == 9


def test_config_and_credit_come_back(tiny_run):
    checkpoint = find_checkpoint(tiny_run)
    assert checkpoint.config.size == 32
    assert checkpoint.data.licence == "CC0-1.0"


def test_a_loaded_generator_draws_the_same_picture(tmp_path):
    trainer = build_trainer(TINY, steps_per_epoch=1)
    for weight in trainer.deployed.weights:
        weight.assign(weight + 0.01)
    save_checkpoint(tmp_path, trainer, config=TINY, epoch=1, data=CREDIT)
    lineart = np.random.default_rng(0).uniform(-1, 1, (1, 8, 8, 1)).astype(np.float32)
    loaded = load_generator(find_checkpoint(tmp_path))
    np.testing.assert_array_equal(loaded(lineart), trainer.deployed(lineart))


def averaged_run(folder):
    """A checkpoint whose average paints otherwise than its last step's weights."""
    trainer = build_trainer(TINY, steps_per_epoch=1)
    for weight in trainer.average.trainable_weights:
        weight.assign(weight + 0.05)
    save_checkpoint(folder, trainer, config=TINY, epoch=1, data=CREDIT)
    return trainer


def test_the_average_colours_unless_the_weights_of_the_last_step_are_named(tmp_path):
    trainer = averaged_run(tmp_path)
    lineart = np.random.default_rng(0).uniform(-1, 1, (1, 8, 8, 1)).astype(np.float32)
    average = find_checkpoint(tmp_path)
    last = find_checkpoint(average.folder / "generator.weights.h5")
    np.testing.assert_array_equal(load_generator(average)(lineart), trainer.average(lineart))
    np.testing.assert_array_equal(load_generator(last)(lineart), trainer.generator(lineart))
    assert np.abs(trainer.average(lineart) - trainer.generator(lineart)).max() > 1e-3
    # An export of one is no export of the other.
    assert average.sha256 != last.sha256
    assert average.run == last.run == tmp_path


def test_without_an_average_the_last_step_colours(tmp_path):
    config = dataclasses.replace(TINY, ema=0.0)
    trainer = build_trainer(config, steps_per_epoch=1)
    assert trainer.average is None
    assert trainer.deployed is trainer.generator
    save_checkpoint(tmp_path, trainer, config=config, epoch=1, data=CREDIT)
    assert find_checkpoint(tmp_path).weights_file.name == "generator.weights.h5"


def test_measured_statistics_travel_with_the_weights(tmp_path):
    selu = GeneratorConfig(width=2, activation="selu", initializer="fan-in", standardize=True)
    config = dataclasses.replace(TINY, generator=selu)
    statistics = PictureStatistics(mean=(0.75, 0, 0, 0), deviation=(0.5, 1, 1, 1))
    trainer = build_trainer(config, steps_per_epoch=1, statistics=statistics)
    save_checkpoint(tmp_path, trainer, config=config, epoch=1, data=CREDIT)
    layer = load_generator(find_checkpoint(tmp_path)).get_layer("standardize")
    np.testing.assert_array_equal(np.concatenate(layer.get_weights()), [0.75, 0.5])


def test_a_restored_trainer_has_the_whole_state(tmp_path):
    trainer = build_trainer(TINY, steps_per_epoch=9)
    batch = (np.zeros((1, 8, 8, 1), np.float32), np.zeros((1, 8, 8, 3), np.float32))
    batches = tf.data.Dataset.from_tensors(batch).repeat()
    trainer.fit(batches, steps_per_epoch=3, shuffle=False, verbose=0)
    save_checkpoint(tmp_path, trainer, config=TINY, epoch=1, data=CREDIT)
    restored = build_trainer(TINY, steps_per_epoch=9)
    restore_trainer(restored, find_checkpoint(tmp_path))
    assert int(restored.optimizer.iterations) == 3
    for a, b in zip(restored.optimizer.variables, trainer.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a, b)
    states = [
        net.get_layer("up_0_dropout").seed_generator.state.numpy()
        for net in (restored.generator, trainer.generator)
    ]
    np.testing.assert_array_equal(*states)
    fresh = build_trainer(TINY, steps_per_epoch=9).generator.get_layer("up_0_dropout")
    assert not np.array_equal(fresh.seed_generator.state, states[0])


def test_a_path_that_is_no_checkpoint_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="checkpoint.json is missing"):
        find_checkpoint(tmp_path)
    with pytest.raises(CheckpointError, match="does not exist"):
        find_checkpoint(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["generator.weights.h5", "discriminator_optimizer.npz"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "one bit"])
def test_a_damaged_file_is_named(saved, file, damage):
    path = find_checkpoint(saved).folder / file
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        os.truncate(path, path.stat().st_size // 2)
    else:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=file):
        find_checkpoint(saved)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "nurie-checkpoint/2"}, "expected format 'nurie-checkpoint/4'"),
        ({"config": {}}, "missing fields"),
        ({"files": {}}, "generator.weights.h5 among its files"),
        ({"files": []}, "files"),
        ({"data": {}}, "missing fields"),
        ({"epoch": "3"}, "epoch"),
    ],
)
def test_a_foreign_description_is_refused(saved, change, said):
    path = find_checkpoint(saved).folder / "checkpoint.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CheckpointError, match=said):
        find_checkpoint(saved)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_description_that_is_not_an_object_is_refused(saved, text):
    path = find_checkpoint(saved).folder / "checkpoint.json"
    path.write_text(text)
    with pytest.raises(CheckpointError, match="checkpoint.json"):
        find_checkpoint(saved)


def test_a_save_that_is_interrupted_leaves_the_checkpoint_before_it(tmp_path, monkeypatch):
    trainer = build_trainer(TINY, steps_per_epoch=1)
    save_checkpoint(tmp_path, trainer, config=TINY, epoch=1, data=CREDIT)
    monkeypatch.setattr(np, "savez", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(tmp_path, trainer, config=TINY, epoch=2, data=CREDIT)
    assert find_checkpoint(tmp_path).epoch == 1
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["epoch-0001"]


def test_a_full_disk_is_told_and_leaves_the_checkpoint_before_it(tmp_path):
    trainer = build_trainer(TINY, steps_per_epoch=1)
    save_checkpoint(tmp_path, trainer, config=TINY, epoch=1, data=CREDIT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # as a full disk, without one
    try:
        with pytest.raises(OSError, match="File too large: .*epoch-0002"):
            save_checkpoint(tmp_path, trainer, config=TINY, epoch=2, data=CREDIT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert find_checkpoint(tmp_path).epoch == 1
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["epoch-0001"]


def test_copies_beside_the_checkpoints_are_no_checkpoints(saved):
    folder = find_checkpoint(saved).folder
    for name in ("epoch-9999.bak", "epoch-best"):
        (folder.parent / name).mkdir()
    assert find_checkpoint(saved).folder == folder


def test_a_newest_checkpoint_that_is_half_copied_is_refused_and_not_passed_over(saved):
    folder = find_checkpoint(saved).folder
    shutil.copytree(folder, half := folder.with_name("epoch-0004"))
    (half / "checkpoint.json").unlink()
    with pytest.raises(CheckpointError, match="epoch-0004 is not whole.* delete this checkpoint"):
        find_checkpoint(saved)
    folder.with_name("epoch-0002").mkdir()
    shutil.rmtree(half)
    assert find_checkpoint(saved).folder == folder


def test_the_run_of_a_checkpoint_is_found_from_inside_it(saved, monkeypatch):
    monkeypatch.chdir(find_checkpoint(saved).folder)
    assert find_checkpoint(Path()).run == saved
    monkeypatch.chdir(saved / "checkpoints")
    assert find_checkpoint(Path("epoch-0003")).run.resolve() == saved


def test_a_checkpoint_that_was_taken_out_of_its_run_is_its_own_run(saved, tmp_path):
    taken = shutil.copytree(find_checkpoint(saved).folder, tmp_path / "shipped")
    assert find_checkpoint(taken).run == taken
