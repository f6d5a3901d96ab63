import dataclasses
import json
import os
import resource
import shutil
from pathlib import Path

import numpy as np
import pytest

from training.config import TrainConfig
from training.data.named import Credit
from training.errors import CheckpointError
from training.run.checkpoint import (
    find_checkpoint,
    find_newest,
    save_checkpoint,
)
from training.run.keeping import mark_best
from training.settings.networks import GeneratorConfig
from training.trainers.builder import build_trainer

CREDIT = Credit(source="noise", licence="CC0-1.0", credit="塗り絵")
TINY = TrainConfig(size=8, generator=GeneratorConfig(width=2))


@pytest.fixture
def saved(tiny_run, tmp_path):
    """A copy of a run with one checkpoint, which is not marked as its best, to be damaged."""
    shutil.copytree(tiny_run, tmp_path / "run", ignore=shutil.ignore_patterns("best"))
    return tmp_path / "run"


@pytest.fixture(scope="module")
def long_run(tmp_path_factory):
    """A run of three checkpoints, none of which is marked."""
    run = tmp_path_factory.mktemp("runs") / "long"
    trainer = build_trainer(TINY, steps_per_epoch=1)
    for epoch in (9, 10, 10_000):
        save_checkpoint(run, trainer, config=TINY, epoch=epoch, data=CREDIT)
    return run


@pytest.fixture
def marked(long_run, tmp_path):
    """A copy of it that marks its second checkpoint as the best."""
    run = shutil.copytree(long_run, tmp_path / "marked")
    mark_best(run, epoch=10)
    return run


def test_a_run_that_marks_none_means_its_newest_checkpoint(long_run, capsys):
    newest = find_checkpoint(long_run)
    assert newest.epoch == 10_000
    assert newest.run == long_run
    assert find_checkpoint(newest.folder) == newest
    assert find_checkpoint(long_run / "checkpoints" / "epoch-0009").epoch == 9
    assert capsys.readouterr().err == f"{long_run}: epoch-10000, its newest checkpoint\n"


def test_a_run_that_marks_its_best_checkpoint_means_that_and_says_so_once(marked, capsys):
    best = find_checkpoint(marked)
    assert (best.epoch, best.folder) == (10, marked / "checkpoints/epoch-0010")
    assert find_checkpoint(marked) == best
    said = f"{marked}: epoch-0010, its best checkpoint; its newest: "
    assert capsys.readouterr().err == f"{said}{marked / 'checkpoints/epoch-10000'}\n"


def test_the_newest_is_found_beside_a_marked_one(marked, capsys):
    assert find_newest(marked).epoch == 10_000
    assert find_newest(marked / "checkpoints/epoch-0009").epoch == 9
    assert capsys.readouterr().err == ""


def test_a_copy_in_place_of_the_link_to_the_best_is_the_best_too(marked, tmp_path):
    copy = shutil.copytree(marked, tmp_path / "copy", symlinks=False)
    assert find_checkpoint(copy).epoch == 10
    assert find_checkpoint(copy).run == copy


def test_a_best_checkpoint_that_is_gone_is_refused_and_not_replaced_by_another(marked):
    shutil.rmtree(marked / "checkpoints/epoch-0010")
    with pytest.raises(CheckpointError, match=r"epoch-0010 is not whole.* name the folder"):
        find_checkpoint(marked)


def test_config_and_credit_come_back(tiny_run):
    checkpoint = find_checkpoint(tiny_run)
    assert checkpoint.config.size == 32
    assert checkpoint.data.licence == "CC0-1.0"


def test_without_an_average_the_last_step_colours(tmp_path):
    config = dataclasses.replace(TINY, ema=0.0)
    trainer = build_trainer(config, steps_per_epoch=1)
    assert trainer.average is None
    assert trainer.deployed is trainer.generator
    save_checkpoint(tmp_path, trainer, config=config, epoch=1, data=CREDIT)
    assert find_checkpoint(tmp_path).weights_file.name == "generator.weights.h5"


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
