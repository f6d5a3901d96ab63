import contextlib
import hashlib
from pathlib import Path

import pytest

from conversion.artifact import artifact_written, default_output, require_output
from conversion.errors import ConversionError
from conversion.interface import tensor_interface
from conversion.manifest import manifest_path, read_manifest
from conversion.recipes import recipe_named
from training.checkpoint import Checkpoint, find_checkpoint
from training.errors import OutputExists


@pytest.fixture(scope="module")
def checkpoint(tiny_run: Path) -> Checkpoint:
    return find_checkpoint(tiny_run)


def written(checkpoint: Checkpoint, output: Path, *, overwrite: bool = False):
    return artifact_written(
        checkpoint,
        output,
        format="onnx",
        recipe=recipe_named("fp16"),
        interface=tensor_interface(32),
        tools=("onnx",),
        overwrite=overwrite,
    )


@pytest.mark.parametrize(
    ("format", "name"),
    [("coreml", "tiny-fp16.mlpackage"), ("tflite", "tiny-fp16.tflite"), ("onnx", "tiny-fp16.onnx")],
)
def test_an_export_is_named_after_its_run_and_recipe(checkpoint: Checkpoint, format, name):
    output = default_output(checkpoint, format=format, recipe=recipe_named("fp16"))
    assert output == checkpoint.run / "exports" / name


def test_model_and_manifest_appear_together_and_fit(checkpoint: Checkpoint, tmp_path: Path, capsys):
    output = tmp_path / "net.onnx"
    with written(checkpoint, output) as partial:
        assert partial.suffix == ".onnx"
        partial.write_bytes(b"model")
        assert not output.exists()
        assert not manifest_path(output).exists()
    manifest = read_manifest(output)
    assert (manifest.artifact, manifest.format, manifest.recipe) == ("net.onnx", "onnx", "fp16")
    assert (manifest.bytes, manifest.sha256) == (5, hashlib.sha256(b"model").hexdigest())
    assert manifest.checkpoint_sha256 == checkpoint.sha256
    assert (manifest.source, manifest.licence) == ("noise", "CC0-1.0")
    assert set(manifest.tools) >= {"onnx"}
    assert "net.onnx.json" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.onnx", "net.onnx.json"]


def test_a_failed_export_leaves_the_old_model_and_its_manifest(
    checkpoint: Checkpoint, tmp_path: Path
):
    output = tmp_path / "net.onnx"
    with written(checkpoint, output) as partial:
        partial.write_bytes(b"old")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with (
        contextlib.suppress(RuntimeError),
        written(checkpoint, output, overwrite=True) as partial,
    ):
        partial.write_bytes(b"ne")
        raise RuntimeError("no more room")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_existing_model_is_replaced_only_if_asked(checkpoint: Checkpoint, tmp_path: Path):
    output = tmp_path / "net.onnx"
    for content, overwrite in ((b"old", False), (b"newer", True)):
        with written(checkpoint, output, overwrite=overwrite) as partial:
            partial.write_bytes(content)
    assert read_manifest(output).bytes == 5
    with pytest.raises(OutputExists, match="--overwrite"), written(checkpoint, output):
        pass
    assert output.read_bytes() == b"newer"


def test_a_name_of_another_format_is_refused(tmp_path: Path):
    with pytest.raises(ConversionError, match=r"net\.onnx: expected a name that ends in \.tflite"):
        require_output(tmp_path / "net.onnx", format="tflite", overwrite=False)


def test_a_folder_that_is_no_package_is_never_replaced(tmp_path: Path):
    mine = tmp_path / "net.mlpackage"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExists, match=r"Manifest\.json"):
        require_output(mine, format="coreml", overwrite=True)
    assert (mine / "thesis.txt").read_text() == "mine"
