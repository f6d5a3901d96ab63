import hashlib
import json
import math
import time
from pathlib import Path

import pytest

from conversion.export.artifact import Built, write
from conversion.export.plan import plan_exports
from conversion.interface import tensor_interface
from conversion.manifest import manifest_path, read_manifest, search_path
from conversion.recipes import recipe_named
from training.errors import OutputExists
from training.run.checkpoint import Checkpoint, find_checkpoint


@pytest.fixture(scope="module")
def checkpoint(tiny_run: Path) -> Checkpoint:
    return find_checkpoint(tiny_run)


FP16 = recipe_named("fp16", format="onnx")


def built(content: bytes, **details: str) -> Built:
    return made(lambda path: path.write_bytes(content), details=details)


def made(save, **rest) -> Built:
    return Built(save=save, interface=tensor_interface((32, 32)), tools=("onnx",), **rest)


def written(run: Path, output: Path, model: Built, *, overwrite: bool = False) -> Path:
    (export,) = plan_exports(run, output, format="onnx", recipes=[FP16], overwrite=overwrite)
    return write(export, model, began=time.monotonic())


def test_a_record_of_a_search_that_cannot_be_written_leaves_no_model_behind(
    checkpoint: Checkpoint, tmp_path: Path
):
    output = tmp_path / "net.onnx"
    with pytest.raises(ValueError, match="nan"):
        written(checkpoint.run, output, made(Path.touch, search={"worst_psnr_db": math.nan}))
    assert list(tmp_path.iterdir()) == []


def test_model_and_manifest_appear_together_and_fit(checkpoint: Checkpoint, tmp_path: Path, capsys):
    output = tmp_path / "net.onnx"

    def save(path: Path) -> None:
        assert path.suffix == ".onnx"
        path.write_bytes(b"model")
        assert not output.exists()
        assert not manifest_path(output).exists()

    written(checkpoint.run, output, made(save, details={"scales": "one a channel"}))
    manifest = read_manifest(output)
    assert (manifest.artifact, manifest.format, manifest.recipe) == ("net.onnx", "onnx", "fp16")
    assert (manifest.bytes, manifest.sha256) == (5, hashlib.sha256(b"model").hexdigest())
    assert manifest.checkpoint_sha256 == checkpoint.sha256
    assert (manifest.source, manifest.licence) == ("noise", "CC0-1.0")
    assert manifest.details == {"scales": "one a channel"}
    assert manifest.conversion_s >= 0
    assert 10 < manifest.conversion_peak_mb < 100_000  # Python alone holds more than 10 MB
    assert set(manifest.tools) >= {"onnx"}
    said = capsys.readouterr().err
    assert "net.onnx.json" in said
    assert "scales: one a channel" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.onnx", "net.onnx.json"]


def test_the_record_of_a_search_does_not_outlive_the_model_that_it_found(
    checkpoint: Checkpoint, tmp_path: Path
):
    output = tmp_path / "net.onnx"

    found = made(lambda path: path.write_bytes(b"found"), search={"layers": 3})
    written(checkpoint.run, output, found)
    assert json.loads(search_path(output).read_text()) == {"layers": 3}
    written(checkpoint.run, output, built(b"uniform"), overwrite=True)
    assert not search_path(output).exists()


def test_a_failed_export_leaves_the_old_model_and_its_manifest(
    checkpoint: Checkpoint, tmp_path: Path
):
    def fail(path: Path) -> None:
        path.write_bytes(b"ne")
        raise RuntimeError("no more room")

    output = tmp_path / "net.onnx"
    written(checkpoint.run, output, built(b"old"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(RuntimeError):
        written(checkpoint.run, output, made(fail), overwrite=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_existing_model_is_replaced_only_if_asked(checkpoint: Checkpoint, tmp_path: Path):
    output = tmp_path / "net.onnx"
    (export,) = plan_exports(checkpoint.run, output, format="onnx", recipes=[FP16])
    write(export, built(b"old"), began=0)
    written(checkpoint.run, output, built(b"newer"), overwrite=True)
    assert read_manifest(output).bytes == 5
    with pytest.raises(OutputExists, match="--overwrite"):  # planned before it was there
        write(export, built(b"other"), began=0)
    assert output.read_bytes() == b"newer"
