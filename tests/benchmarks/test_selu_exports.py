"""A net without normalization, with its inputs standardised inside, in every exported format."""

import numpy as np
import pytest

from benchmarks.agreement.record import measure_artifact
from benchmarks.agreement.sheets import single_sheets
from benchmarks.drawing.compared import Given
from conversion import to_coreml, to_onnx, to_tflite
from training.config import TrainConfig
from training.data.named import Credit
from training.models.standardize import PictureStatistics
from training.picture.colorizer import colorize_pixels
from training.run.checkpoint import find_checkpoint, save_checkpoint
from training.run.restoring import load_generator
from training.settings.networks import GeneratorConfig
from training.trainers.averaging import begin_average
from training.trainers.builder import build_trainer

CONFIG = TrainConfig(
    size=32,
    generator=GeneratorConfig(
        width=4, activation="selu", initializer="fan-in", standardize=True, dropout=0.1
    ),
)
CONVERT = {
    "coreml": to_coreml.convert,
    "tflite": to_tflite.convert,
    "onnx": to_onnx.convert,
}


@pytest.fixture(scope="module")
def selu_run(tmp_path_factory):
    """A run whose weights look trained: away from their start, and strong in their colours."""
    statistics = PictureStatistics(mean=(0.8, 0, 0, 0), deviation=(0.5, 1, 1, 1))
    trainer = build_trainer(CONFIG, steps_per_epoch=1, statistics=statistics)
    rng = np.random.default_rng(0)
    for variable in trainer.generator.trainable_variables:
        variable.assign(variable.numpy() + rng.normal(0, 0.05, variable.shape))
    begin_average(trainer.average, trainer.generator)
    run = tmp_path_factory.mktemp("runs") / "selu"
    credit = Credit(source="noise", licence="CC0-1.0", credit="drawn by the tests")
    save_checkpoint(run, trainer, config=CONFIG, epoch=1, data=credit)
    return run


@pytest.fixture(scope="module")
def lineart():
    rng = np.random.default_rng(1)
    return np.where(rng.random((4, 32, 32)) < 0.15, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def painted(selu_run, lineart):
    pictures = colorize_pixels(load_generator(find_checkpoint(selu_run)), lineart)
    assert pictures.std() > 5  # a grey picture would pass any gate
    return pictures


@pytest.mark.parametrize(
    ("format", "recipe"),
    [
        *((format, recipe) for format in CONVERT for recipe in ("fp32", "fp16")),
        *(("tflite", recipe) for recipe in ("w8a8", "w8a16")),
        ("onnx", "w8a8"),
    ],
)
def test_an_export_of_a_selu_net_passes_its_gate(
    selu_run, lineart, painted, tiny_data, tmp_path, format, recipe
):
    suffix = {"coreml": ".mlpackage", "tflite": ".tflite", "onnx": ".onnx"}[format]
    data = tiny_data if recipe.startswith("w8") else None
    artifact = CONVERT[format](selu_run, tmp_path / f"selu{suffix}", recipe=recipe, data=data)
    names = [str(number) for number in range(len(lineart))]
    drawings = {name: Given(lineart=d) for name, d in zip(names, lineart, strict=True)}
    sheets = single_sheets(drawings, dict(zip(names, painted, strict=True)))
    parity = measure_artifact(artifact, sheets)
    assert parity.passed, parity.verdict
