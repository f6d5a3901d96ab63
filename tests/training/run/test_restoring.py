import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from training.config import TrainConfig
from training.data.named import Credit
from training.errors import CheckpointError
from training.files.hashes import file_sha256
from training.models.standardize import PictureStatistics
from training.run.checkpoint import PACKED_FILE, find_checkpoint, save_checkpoint
from training.run.packing import pack_checkpoint
from training.run.restoring import load_generator, restore_trainer
from training.settings.networks import GeneratorConfig
from training.trainers.builder import build_trainer

CREDIT = Credit(source="noise", licence="CC0-1.0", credit="塗り絵")
TINY = TrainConfig(size=8, generator=GeneratorConfig(width=2))


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


def damaged(run, name, change):
    """Change a file of the newest checkpoint, and the hash that its description holds."""
    folder = find_checkpoint(run).folder
    change(folder / name)
    file = folder / "checkpoint.json"
    described = json.loads(file.read_text())
    described["files"][name] = file_sha256(folder / name)
    file.write_text(json.dumps(described))
    return find_checkpoint(run)


def another_width(path):
    """Weights as those of a wider net."""
    wider = dataclasses.replace(TINY, generator=GeneratorConfig(width=3))
    build_trainer(wider, steps_per_epoch=1).generator.save_weights(path)


def infinite(path):
    generator = build_trainer(TINY, steps_per_epoch=1).generator
    generator.weights[0].assign(generator.weights[0] * np.inf)
    generator.save_weights(path)


def objects(path):
    """Arrays that only pickle can read, and that run code when it does."""
    np.savez(path, **{"0": np.array([print, 1], object)})


def too_few(path):
    with np.load(path) as slots:
        kept = dict(list(slots.items())[:-1])
    np.savez(path, **kept)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.write_bytes(b""), "received something else"),
        (lambda path: path.write_bytes(path.read_bytes()[:-900]), "received something else"),
        (another_width, "received something else"),
        (infinite, "not all are finite numbers"),
    ],
    ids=["empty", "truncated", "another-width", "infinite"],
)
def test_weights_whose_hash_was_mended_are_refused_in_a_sentence(tmp_path, change, said):
    config = dataclasses.replace(TINY, ema=0.0)
    trainer = build_trainer(config, steps_per_epoch=1)
    save_checkpoint(tmp_path, trainer, config=config, epoch=1, data=CREDIT)
    checkpoint = damaged(tmp_path, "generator.weights.h5", change)
    with pytest.raises(CheckpointError, match=f"weights.h5: expected the weights.*{said}.*Copy it"):
        load_generator(checkpoint)


@pytest.mark.parametrize("change", [objects, lambda path: path.write_bytes(b"PK")])
def test_packed_weights_whose_hash_was_mended_are_refused_in_a_sentence(
    tiny_trained, tmp_path, change
):
    pack_checkpoint(find_checkpoint(tiny_trained), tmp_path)
    checkpoint = damaged(tmp_path, PACKED_FILE, change)
    with pytest.raises(CheckpointError, match=f"{PACKED_FILE}: expected the weights.*Copy it"):
        load_generator(checkpoint)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("generator_optimizer.npz", too_few, "in place of"),
        ("generator_optimizer.npz", objects, "in place of"),
        ("random_state.npz", objects, "received something else"),
        ("random_state.npz", lambda path: path.write_bytes(b""), "received something else"),
        ("generator.weights.h5", another_width, "received something else"),
    ],
)
def test_a_state_whose_hash_was_mended_is_refused_in_a_sentence(tmp_path, name, change, said):
    trainer = build_trainer(TINY, steps_per_epoch=1)
    save_checkpoint(tmp_path, trainer, config=TINY, epoch=1, data=CREDIT)
    checkpoint = damaged(tmp_path, name, change)
    with pytest.raises(CheckpointError, match=f"{name}: expected .*{said}"):
        restore_trainer(build_trainer(TINY, steps_per_epoch=1), checkpoint)
