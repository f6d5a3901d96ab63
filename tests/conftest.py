"""What several test folders share: one tiny checkpoint whose weights look trained."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from training.config import TrainConfig

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# What compares numbers to a tolerance. The next processor rounds them otherwise.
COMPARES_NUMBERS = re.compile(r"assert_allclose|pytest\.approx")


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests, and all that they start, a temporary folder that goes with them.

    What is killed, as some tests do, and programs in Swift leave theirs behind. Workers of xdist
    inherit it. pytest's own folders stay where they were.
    """
    if "NURIE_TESTS_TMP" in os.environ:
        return
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    folder = tempfile.mkdtemp(prefix="nurie-tests-")
    os.environ["NURIE_TESTS_TMP"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(autouse=True)
def no_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be as wide as they are: workers of xdist say 80 columns where no terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of every file that compares numbers: a list of them would grow old."""
    numeric = {
        path for path in {item.path for item in items} if COMPARES_NUMBERS.search(path.read_text())
    }
    for item in items:
        if item.path in numeric:
            item.add_marker(pytest.mark.numeric)


@pytest.fixture(scope="session")
def coreai() -> None:
    """Skip what needs Apple's packages where they are not installed."""
    from conversion.coreai import api

    if not api.installed():
        pytest.skip(f"needs {api.EXTRA}")


@pytest.fixture(scope="session")
def small_asset(coreai: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Core AI asset of y = x + x, of a 3 x 2 matrix."""
    from onnx import TensorProto, helper

    from conversion.coreai import api
    from conversion.coreai.program import program_of, save

    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [3, 2]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "g", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    path = tmp_path_factory.mktemp("asset") / "twice.aimodel"
    nothing = api.new_metadata(author="", licence="", description="", more={})
    save(program_of({"main": model}), path, metadata=nothing)
    return path


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with one checkpoint: 32 pixels, 4 filters, every weight away from its start."""
    from training.config import LossConfig, TrainConfig
    from training.settings.networks import DiscriminatorConfig, GeneratorConfig

    config = TrainConfig(
        size=32,
        generator=GeneratorConfig(width=4),
        discriminator=DiscriminatorConfig(width=4, layers=2),
        loss=LossConfig(adversary="gan"),
    )
    return saved_run(tmp_path_factory.mktemp("runs") / "tiny", config, deviation=0.1)


@pytest.fixture(scope="session")
def hinted_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs as above of nets that take hints: the mobile net, which paints a layer, and a U-Net."""
    from training.config import LossConfig, TrainConfig
    from training.settings.networks import GeneratorConfig
    from training.settings.pictures import AugmentConfig

    nets = {
        "mobile": GeneratorConfig(network="mobile", hints=True, width=4, dropout=0.0),
        "unet": GeneratorConfig(hints=True, width=2),
    }
    # So that the linear output goes a little beyond [-1, 1], and is clipped.
    deviations = {"mobile": 0.04, "unet": 0.1}
    runs = {}
    for name, generator in nets.items():
        pens = AugmentConfig(redrawn=0.5 if name == "mobile" else 0.0)
        l1 = LossConfig(adversary="none", l1=1.0)
        config = TrainConfig(size=32, generator=generator, loss=l1, augment=pens)
        folder = tmp_path_factory.mktemp("hinted") / name
        runs[name] = saved_run(folder, config, deviation=deviations[name])
    return runs


def saved_run(run: Path, config: "TrainConfig", *, deviation: float) -> Path:
    """Write a run folder with one checkpoint whose weights are moved by noise of a deviation.

    Fresh offsets are all zero, which a converter may fold away; no trained network has that.
    """
    from training.data.named import Credit
    from training.run.checkpoint import save_checkpoint
    from training.trainers.averaging import begin_average
    from training.trainers.builder import build_trainer

    trainer = build_trainer(config, steps_per_epoch=1)
    rng = np.random.default_rng(0)
    for variable in trainer.generator.trainable_variables:
        variable.assign(variable.numpy() + rng.normal(0, deviation, variable.shape))
    begin_average(trainer.average, trainer.generator)
    credit = Credit(source="noise", licence="CC0-1.0", credit="drawn by the tests")
    save_checkpoint(run, trainer, config=config, epoch=3, data=credit)
    return run


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of 40 drawn shapes at 32 pixels, prepared as a user's own pictures are."""
    import cv2

    from training.prepare import Options, prepare

    folder = tmp_path_factory.mktemp("shapes")
    rng = np.random.default_rng(0)
    for number in range(40):
        picture = np.full((48, 48, 3), 255, np.uint8)
        corner, far = (
            (int(v) for v in rng.integers(2, 18, 2)),
            (int(v) for v in rng.integers(26, 46, 2)),
        )
        box = (tuple(corner), tuple(far))
        color = tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.rectangle(picture, *box, color, cv2.FILLED)
        cv2.rectangle(picture, *box, (0, 0, 0), 2)
        cv2.circle(picture, (24, 24), int(rng.integers(3, 9)), color[::-1], cv2.FILLED)
        cv2.imwrite(str(folder / f"shape-{number:02d}.png"), picture)
    out = tmp_path_factory.mktemp("data") / "shapes-32"
    return prepare(
        Options(sources=(str(folder),), out=out, size=32, kind="color", variants=2, workers=0)
    )


@pytest.fixture(scope="session")
def tiny_trained(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one epoch of the generator for phones, with hints."""
    import dataclasses

    from tests.training.tiny import TINY_MOBILE
    from training.train import train

    config = dataclasses.replace(TINY_MOBILE, epochs=1)
    return train(config, tiny_data, run=tmp_path_factory.mktemp("trained") / "hinted")


@pytest.fixture(scope="session")
def exports(tiny_run):
    """Every format and recipe of the tiny checkpoint, as {(format, recipe): path}."""
    from conversion import to_coreml, to_onnx, to_tflite

    commands = {"coreml": to_coreml, "tflite": to_tflite, "onnx": to_onnx}
    return {
        (name, recipe): command.convert(tiny_run, recipe=recipe)
        for name, command in commands.items()
        for recipe in ("fp32", "fp16")
    }


@pytest.fixture(scope="session")
def hinted_exports(hinted_runs):
    """Nets with hints in every format in float16, as {(net, format): path}."""
    from conversion import to_coreml, to_onnx, to_tflite

    commands = {"coreml": to_coreml, "tflite": to_tflite, "onnx": to_onnx}
    return {
        (net, name): command.convert(run)
        for net, run in hinted_runs.items()
        for name, command in commands.items()
    }


@pytest.fixture(scope="session")
def whole_run(
    tmp_path_factory: pytest.TempPathFactory,
    tiny_run: Path,
    tiny_data: Path,
    exports: dict[tuple[str, str], Path],
) -> Path:
    """A run folder as training leaves it, with all six exports; tests must not change it."""
    from training.data.shards import read_manifest
    from training.run.checkpoint import find_checkpoint
    from training.run.resuming import RUN_FILE, RUNS, describe_run

    run = tmp_path_factory.mktemp("whole") / tiny_run.name  # exports are named after their run
    shutil.copytree(tiny_run / "checkpoints", run / "checkpoints")
    (run / "exports").mkdir()
    for artifact in exports.values():
        for path in (artifact, artifact.with_name(f"{artifact.name}.json")):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, run / "exports" / path.name)
    config = find_checkpoint(tiny_run).config
    RUNS.write(describe_run(config, tiny_data, manifest=read_manifest(tiny_data)), run / RUN_FILE)
    epochs = [
        {
            "epoch": epoch,
            "step": epoch,
            "l1": 0.3 / epoch,
            "generator_gan": 1.0,
            "discriminator": 0.5,
            "validation_l1": 0.4 / epoch,
            "validation_psnr_db": 10.0 + epoch,
            "learning_rate": 1e-3,
            "images_per_s": 100.0 + 10 * epoch,
        }
        for epoch in (1, 2, 3, 4)  # the checkpoint is of epoch 3: the last line is not its own
    ]
    (run / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in epochs))
    return run


@pytest.fixture
def run_copy(tmp_path: Path, whole_run: Path) -> Path:
    """The same run, for a test to break."""
    return Path(shutil.copytree(whole_run, tmp_path / whole_run.name))
