import hashlib
import json
from pathlib import Path

import pytest

from conversion.errors import ConversionError
from conversion.export.artifact import Built, default_output, export_artifact, require_output
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
    return Built(
        save=lambda path: path.write_bytes(content),
        interface=tensor_interface((32, 32)),
        details=details,
    )


def exported(run: Path, output: Path | None, *, build, overwrite: bool = False) -> Path:
    return export_artifact(
        run,
        output,
        format="onnx",
        recipe=FP16,
        build=build,
        tools=("onnx",),
        overwrite=overwrite,
    )


@pytest.mark.parametrize(
    ("format", "name"),
    [("coreml", "tiny-fp16.mlpackage"), ("tflite", "tiny-fp16.tflite"), ("onnx", "tiny-fp16.onnx")],
)
def test_an_export_is_named_after_its_run_and_recipe(checkpoint: Checkpoint, format, name):
    output = default_output(checkpoint, format=format, recipe=FP16)
    assert output == checkpoint.run / "exports" / name


def test_a_target_that_is_not_the_recipes_own_is_part_of_the_name(checkpoint: Checkpoint):
    def name(target):
        return default_output(checkpoint, format="coreml", recipe=FP16, target=target).name

    assert name("iOS16") == "tiny-fp16.mlpackage"
    assert name("iOS18") == "tiny-fp16-iOS18.mlpackage"


def test_model_and_manifest_appear_together_and_fit(checkpoint: Checkpoint, tmp_path: Path, capsys):
    output = tmp_path / "net.onnx"

    def save(path: Path) -> None:
        assert path.suffix == ".onnx"
        path.write_bytes(b"model")
        assert not output.exists()
        assert not manifest_path(output).exists()

    exported(
        checkpoint.run,
        output,
        build=lambda *_: Built(
            save=save, interface=tensor_interface((32, 32)), details={"scales": "one a channel"}
        ),
    )
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

    def found(*_: object) -> Built:
        return Built(
            save=lambda path: path.write_bytes(b"found"),
            interface=tensor_interface((32, 32)),
            search={"layers": 3},
        )

    exported(checkpoint.run, output, build=found)
    assert json.loads(search_path(output).read_text()) == {"layers": 3}
    exported(checkpoint.run, output, build=lambda *_: built(b"uniform"), overwrite=True)
    assert not search_path(output).exists()


def test_a_failed_export_leaves_the_old_model_and_its_manifest(
    checkpoint: Checkpoint, tmp_path: Path
):
    def fail(path: Path) -> None:
        path.write_bytes(b"ne")
        raise RuntimeError("no more room")

    output = tmp_path / "net.onnx"
    exported(checkpoint.run, output, build=lambda *_: built(b"old"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(RuntimeError):
        exported(
            checkpoint.run,
            output,
            build=lambda *_: Built(save=fail, interface=tensor_interface((32, 32))),
            overwrite=True,
        )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_existing_model_is_replaced_only_if_asked(checkpoint: Checkpoint, tmp_path: Path):
    output = tmp_path / "net.onnx"
    exported(checkpoint.run, output, build=lambda *_: built(b"old"))
    exported(checkpoint.run, output, build=lambda *_: built(b"newer"), overwrite=True)
    assert read_manifest(output).bytes == 5
    with pytest.raises(OutputExists, match="--overwrite"):
        exported(checkpoint.run, output, build=lambda *_: pytest.fail("refused too late"))
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
