import dataclasses
import shlex
from pathlib import Path

import pytest
import tyro

from benchmarks.pages.commands import (
    evaluation_command,
    parity_command,
    report_command,
    training_command,
)
from training.config import TrainConfig
from training.presets import PRESETS
from training.settings.networks import GeneratorConfig
from training.settings.pictures import AugmentConfig
from training.train import Options


def parsed(command: str) -> Options:
    """What training.train understands, by the settings of training.terminal.command."""
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "training.train"]
    config = (tyro.conf.CascadeSubcommandArgs, tyro.conf.FlagCreatePairsOff)
    return tyro.cli(Options, args=words[3:], config=config)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_named_and_nothing_more(preset: str):
    config = dataclasses.replace(PRESETS[preset], size=64)
    command = training_command(config, data="data/x", run="runs/x")
    assert command == f"python -m training.train {preset} --data data/x --out runs/x"


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(epochs=3, batch_size=4, augment=AugmentConfig(flip=False, jitter=0.0)),
        dataclasses.replace(PRESETS["l1"], seed=7, generator=GeneratorConfig(width=8, depth=3)),
        dataclasses.replace(PRESETS["l1-gan-10"], keep_checkpoints=5),
    ],
    ids=["no flip", "nested", "another preset"],
)
def test_the_trainer_reads_the_same_config_back(config: TrainConfig):
    options = parsed(training_command(config, data="data/my set", run="runs/x"))
    assert options.config == config
    assert (options.data, options.out) == (Path("data/my set"), Path("runs/x"))


def test_a_network_that_takes_hints_is_evaluated_with_them():
    run = Path("runs/x")
    command = evaluation_command(run, run / "e.json", hints=True)
    assert command == "python -m training.evaluate runs/x --hints --json runs/x/e.json"


def test_a_path_with_a_space_is_one_word():
    run = Path("my runs/x")
    assert shlex.split(evaluation_command(run, run / "e.json"))[3:] == [
        "my runs/x",
        "--json",
        "my runs/x/e.json",
    ]
    data = Path("data/x")
    assert shlex.split(parity_command(run, run / "p.json", data=data))[4:6] == ["--data", "data/x"]
    assert parity_command(run, run / "p.json").startswith("python -m benchmarks.parity 'my runs/x'")
    assert (
        report_command(run, Path("r.html")) == "python -m benchmarks.report 'my runs/x' -o r.html"
    )
