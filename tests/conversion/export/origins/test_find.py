from pathlib import Path

import pytest

from conversion.errors import ConversionError
from conversion.export.origins.asked import Asked
from conversion.export.origins.find import find_origin
from conversion.export.origins.trained import Trained
from training.errors import CheckpointError
from training.run.checkpoint import find_checkpoint


def test_a_run_is_a_checkpoint_and_its_last_weights_are_too(tiny_run: Path):
    origin = find_origin(tiny_run)
    assert isinstance(origin, Trained) and origin.sha256 == find_checkpoint(tiny_run).sha256
    last = find_origin(find_checkpoint(tiny_run).folder / "generator.weights.h5")
    assert isinstance(last, Trained) and last.sha256 != origin.sha256


def test_what_is_told_of_own_generators_is_refused_of_a_checkpoint(tiny_run: Path):
    with pytest.raises(ConversionError, match="is a checkpoint of Nurie's.*--trust"):
        find_origin(tiny_run, Asked(trust=True))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("net.pth", "is PyTorch's. Expected a checkpoint, or a Keras generator"),
        ("net.onnx", "is an ONNX model"),
        ("net.safetensors", "is weights alone"),
        ("nowhere", "does not exist"),
        ("gen.keras", "gen.keras does not exist. Expected a run folder"),
    ],
)
def test_what_holds_no_keras_generator_is_refused_by_what_it_is(tmp_path: Path, name, said):
    with pytest.raises(CheckpointError, match=said):
        find_origin(tmp_path / name)


def test_a_file_beside_that_was_probably_meant_is_named(tmp_path: Path):
    (tmp_path / "gen.keras").touch()
    with pytest.raises(CheckpointError, match=f"Did you mean {tmp_path / 'gen.keras'}"):
        find_origin(tmp_path / "gen.kears")
