import dataclasses
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from tests.training.tiny import TINY_MOBILE, TINY_RUN
from training import train as train_module
from training.config import OptimizerConfig
from training.errors import CheckpointError, ConfigError, DataError, Diverged, OutputExists
from training.files.lock import held_alone
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator
from training.run.run_metrics import read_metrics
from training.train import main, train


@pytest.fixture(scope="module")
def run(tiny_data, tmp_path_factory):
    """A run of two epochs."""
    return train(TINY_RUN, tiny_data, run=tmp_path_factory.mktemp("runs") / "whole")


def test_a_run_holds_config_metrics_samples_tensorboard_and_checkpoints(run):
    names = {path.name for path in run.iterdir()}
    assert names - {".lock"} == {
        "config.json",
        "metrics.jsonl",
        "samples",
        "tensorboard",
        "checkpoints",
    }
    assert json.loads((run / "config.json").read_text())["config"]["size"] == 32
    assert [path.name for path in sorted((run / "samples").iterdir())] == [
        "epoch-0001.png",
        "epoch-0002.png",
    ]
    assert list((run / "tensorboard").glob("events.*"))


def test_every_epoch_has_a_line_of_metrics(run):
    first, second = read_metrics(run)
    assert (first["epoch"], second["epoch"]) == (1, 2)
    assert second["step"] == 2 * first["step"]
    names = {"l1", "generator_gan", "discriminator", "validation_psnr_db", "images_per_s"}
    assert names <= set(first)
    assert all(np.isfinite(value) for value in first.values())


def test_tensorboard_shows_scalars_the_grid_and_a_histogram_of_every_weight(run):
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

    board = EventAccumulator(str(run / "tensorboard"))
    board.Reload()
    shown = {plugin: board.PluginTagToContent(plugin).keys() for plugin in board.ActivePlugins()}
    assert shown["scalars"] == read_metrics(run)[0].keys() - {"epoch", "step"}
    assert shown["images"] == {"validation"}
    networks = {tag.split("/")[0] for tag in shown["histograms"]}
    assert networks == {"generator", "average", "discriminator"}
    assert "generator/down_0_conv/kernel" in shown["histograms"]
    assert [event.step for event in board.Tensors("validation_psnr_db")] == [1, 2]


def test_the_sample_grid_shows_line_art_painting_and_truth(run, tiny_data):
    from training.data.pipeline import load_split

    grid = np.asarray(Image.open(run / "samples" / "epoch-0002.png"))
    pairs = load_split(tiny_data, "validation")
    assert grid.shape[2] == 3
    assert grid.shape[0] >= 32 * min(8, len(pairs.ids))
    assert grid.shape[1] >= 3 * 32


def test_the_checkpoint_credits_the_pictures(run):
    credit = find_checkpoint(run).data
    assert (credit.licence, credit.credit) == ("not stated", "not stated")


def test_a_run_that_gets_no_better_ends_early_keeps_its_best_and_stays_ended(tmp_path, tiny_data):
    still = dataclasses.replace(
        TINY_RUN,
        epochs=9,
        early_stop=2,
        keep_checkpoints=1,
        optimizer=OptimizerConfig(learning_rate=1e-30),
    )
    run = train(still, tiny_data, run=tmp_path / "run")
    assert [line["epoch"] for line in read_metrics(run)] == [1, 2, 3]
    kept = {path.name: path.resolve().name for path in (run / "checkpoints").iterdir()}
    assert kept == {"best": "epoch-0001", "epoch-0001": "epoch-0001", "epoch-0003": "epoch-0003"}
    train(still, tiny_data, run=run, resume=True)
    assert len(read_metrics(run)) == 3


def test_training_into_an_existing_run_is_refused(run, tiny_data):
    before = sorted(run.rglob("*"))
    with pytest.raises(OutputExists, match="--resume"):
        train(TINY_RUN, tiny_data, run=run)
    assert sorted(run.rglob("*")) == before


def test_resuming_a_finished_run_changes_nothing_and_says_so(run, tiny_data, capsys):
    before = find_checkpoint(run).sha256
    train(TINY_RUN, tiny_data, run=run, resume=True)
    assert find_checkpoint(run).sha256 == before
    said = f"{run}: nothing to do: all 2 epochs are done. --epochs 3 or more trains on.\n"
    assert said in capsys.readouterr().err


def test_a_finished_run_goes_on_at_the_rates_of_a_longer_one(run, tiny_data, tmp_path, capsys):
    shutil.copytree(run, longer := tmp_path / "run", symlinks=True)
    train(dataclasses.replace(TINY_RUN, epochs=4), tiny_data, run=longer, resume=True)
    assert "goes on from epoch 2 to 4, 2 were planned" in capsys.readouterr().err
    lines = read_metrics(longer)
    assert lines[:2] == read_metrics(run)
    # Its rate of 2e-4 had fallen to 0. Of four epochs it falls in the last two, by half in each.
    rates = [line["learning_rate"] for line in lines[1:]]
    assert rates == pytest.approx([0, 1e-4, 0], rel=1e-5)
    begun = json.loads((longer / "config.json").read_text())
    assert begun["config"]["epochs"] == 4
    assert begun["extended"] == [{"after": 2, "planned": 2}]


def test_resuming_under_another_config_is_refused_with_the_difference(run, tiny_data):
    other = dataclasses.replace(TINY_RUN, batch_size=2)
    with pytest.raises(CheckpointError, match=r"config.batch_size: the run has 4, received 2"):
        train(other, tiny_data, run=run, resume=True)


def test_resuming_nothing_is_refused(tmp_path, tiny_data):
    with pytest.raises(CheckpointError, match="cannot be resumed"):
        train(TINY_RUN, tiny_data, run=tmp_path / "new", resume=True)
    assert not (tmp_path / "new").exists()


def test_a_size_that_is_not_the_datas_is_refused_with_the_remedy(tmp_path, tiny_data):
    with pytest.raises(ConfigError, match="--size 64"):
        train(dataclasses.replace(TINY_RUN, size=64), tiny_data, run=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_refused_training_leaves_no_run_to_stand_in_the_way(tmp_path, tiny_data):
    with pytest.raises(DataError, match="--batch-size"):
        train(dataclasses.replace(TINY_RUN, batch_size=99), tiny_data, run=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_loss_that_is_not_finite_ends_the_training_and_keeps_the_checkpoints(tmp_path, tiny_data):
    wild = dataclasses.replace(TINY_RUN, optimizer=OptimizerConfig(learning_rate=1e38))
    with pytest.raises(Diverged, match="learning-rate"):
        train(wild, tiny_data, run=tmp_path / "wild")
    assert not list((tmp_path / "wild").glob("checkpoints/*"))


def test_two_processes_cannot_train_one_run(run, tiny_data, tmp_path):
    shutil.copytree(run, tmp_path / "run", ignore=lambda *_: ["epoch-0002"])
    with (
        held_alone(tmp_path / "run", refusal=CheckpointError("held by the test")),
        pytest.raises(CheckpointError, match="another process"),
    ):
        train(TINY_RUN, tiny_data, run=tmp_path / "run", resume=True)


def test_a_run_that_is_being_trained_is_not_even_read(run, tiny_data, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    for file in (tmp_path / "run").glob("checkpoints/epoch-*/generator.weights.h5"):
        file.unlink()  # as the process that trains it may do at any moment
    with (
        held_alone(tmp_path / "run", refusal=CheckpointError("held by the test")),
        pytest.raises(CheckpointError, match="another process"),
    ):
        train(TINY_RUN, tiny_data, run=tmp_path / "run", resume=True)


def test_a_half_copied_checkpoint_is_refused_before_an_epoch_is_trained(run, tiny_data, tmp_path):
    shutil.copytree(run, copy := tmp_path / "run", symlinks=True)
    (copy / "checkpoints" / "epoch-0002" / "checkpoint.json").unlink()
    before = sorted(copy.rglob("*"))
    with pytest.raises(CheckpointError, match="epoch-0002 is not whole.*delete this"):
        train(TINY_RUN, tiny_data, run=copy, resume=True)
    assert set(copy.rglob("*")) - set(before) <= {copy / ".lock"}


def test_a_run_that_appears_meanwhile_is_told_without_options_that_train_lacks(
    tmp_path, tiny_data, monkeypatch
):
    monkeypatch.setattr(train_module, "_prepared", lambda *_, **__: (tmp_path / "run").mkdir())
    with pytest.raises(OutputExists, match=r"already exists.*name another\.$"):
        train(TINY_RUN, tiny_data, run=tmp_path / "run")


@pytest.mark.parametrize("text", ["[]", "{}", "", '{"format": "nurie-run/0"}'])
def test_a_run_with_another_description_is_not_resumed(tmp_path, tiny_data, text):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match="cannot be resumed"):
        train(TINY_RUN, tiny_data, run=tmp_path / "run", resume=True)


def test_the_command_prints_the_run_and_ends_with_0_then_refuses_with_2(
    tiny_data, tmp_path, capsys
):
    arguments = [
        *("l1", "--data", str(tiny_data), "--out", str(tmp_path / "run")),
        *("--epochs", "1", "--batch-size", "4", "--generator.width", "2"),
    ]
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'run'}\n"
    assert main(arguments) == 2
    assert "already exists" in capsys.readouterr().err


def test_an_impossible_option_ends_with_2(tiny_data, tmp_path, capsys):
    arguments = ["l1", "--data", str(tiny_data), "--out", str(tmp_path / "run")]
    assert main([*arguments, "--generator.width", "0"]) == 2
    assert "generator.width: expected 1 to 512 filters" in capsys.readouterr().err


def test_a_missing_data_folder_ends_with_2(tmp_path, capsys):
    assert main(["l1", "--data", str(tmp_path / "no"), "--out", str(tmp_path / "run")]) == 2
    assert str(tmp_path / "no") in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_training_begins_with_the_weights_that_it_is_given(tiny_trained, tiny_data, tmp_path):
    # Each of its 8 steps moves a weight by at most about the rate.
    slow = OptimizerConfig(learning_rate=1e-30)
    still = dataclasses.replace(TINY_MOBILE, epochs=1, optimizer=slow, ema=0.0)
    run = train(still, tiny_data, run=tmp_path / "run", init=tiny_trained)
    owed = find_checkpoint(run).data
    assert owed == find_checkpoint(tiny_trained).data  # of one data set: said once
    before = load_generator(find_checkpoint(tiny_trained)).get_weights()
    after = load_generator(find_checkpoint(run)).get_weights()
    for a, b in zip(before, after, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=10 * slow.learning_rate)


def test_weights_of_another_network_are_refused_with_the_difference(
    tiny_trained, tiny_data, tmp_path
):
    wider = dataclasses.replace(
        TINY_MOBILE, generator=dataclasses.replace(TINY_MOBILE.generator, width=3)
    )
    with pytest.raises(ConfigError, match="another network: generator.width: it has 2, expected 3"):
        train(wider, tiny_data, run=tmp_path / "run", init=tiny_trained)
    assert not (tmp_path / "run").exists()


def test_a_run_is_not_resumed_with_other_first_weights(tiny_trained, tiny_data):
    config = dataclasses.replace(TINY_MOBILE, epochs=1)
    with pytest.raises(CheckpointError, match="begun differently: init: the run has None"):
        train(config, tiny_data, run=tiny_trained, init=tiny_trained, resume=True)


def test_only_the_layers_that_are_named_begin_at_random_and_the_run_says_which(
    tiny_trained, tiny_data, tmp_path, capsys
):
    slow = OptimizerConfig(learning_rate=1e-30)
    still = dataclasses.replace(TINY_MOBILE, epochs=1, optimizer=slow, ema=0.0)
    run = train(still, tiny_data, run=tmp_path / "run", init=tiny_trained, anew=["gate_conv"])
    assert "at random: gate_conv; not used: none" in capsys.readouterr().err
    before, after = (
        {weight.path: weight.numpy() for weight in load_generator(find_checkpoint(r)).weights}
        for r in (tiny_trained, run)
    )
    differing = {path for path in before if not np.allclose(before[path], after[path], atol=1e-20)}
    assert differing == {"gate_conv/kernel", "gate_conv/bias"}
    begun = json.loads((run / "config.json").read_text())
    assert begun["init_anew"] == ["gate_conv"]
    assert "guess_conv" in begun["init_taken"]
    assert "gate_conv" not in begun["init_taken"]
    with pytest.raises(CheckpointError, match=r"init_anew: the run has \['gate_conv'\]"):
        train(still, tiny_data, run=run, init=tiny_trained, resume=True)


def test_naming_layers_without_weights_to_begin_with_is_refused(tiny_data, tmp_path, capsys):
    arguments = ["l1", "--data", str(tiny_data), "--out", str(tmp_path / "run")]
    assert main([*arguments, "--init-partly", "last_conv"]) == 2
    assert "init_partly: expected none without --init" in capsys.readouterr().err
