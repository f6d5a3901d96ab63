import dataclasses
import json
import shutil

import pytest

from conversion.errors import ArtifactError
from conversion.manifest import (
    artifact_bytes,
    artifact_sha256,
    manifest_path,
    read_manifest,
    write_manifest,
)
from training.run.checkpoint import find_checkpoint


@pytest.fixture
def onnx_copy(exports, tmp_path):
    """An ONNX export with its manifest, to be damaged."""
    original = exports["onnx", "fp32"]
    for path in (original, manifest_path(original)):
        shutil.copy(path, tmp_path)
    return tmp_path / original.name


def test_it_traces_the_artifact_to_its_checkpoint_and_its_pictures(exports, tiny_run):
    for (name, recipe), artifact in exports.items():
        manifest = read_manifest(artifact)
        assert (manifest.format, manifest.recipe) == (name, recipe)
        assert manifest.checkpoint_sha256 == find_checkpoint(tiny_run).sha256
        assert manifest.sha256 == artifact_sha256(artifact)
        assert manifest.bytes == artifact_bytes(artifact)
        assert manifest.licence == "CC0-1.0"
        assert all(manifest.tools.values())


def test_the_ports_say_how_a_pixel_becomes_a_value(exports):
    coreml = read_manifest(exports["coreml", "fp16"]).interface
    (lineart,) = coreml.inputs
    assert (lineart.kind, lineart.scale, lineart.bias) == ("image", 1.0, 0.0)
    assert coreml.output.shape == (1, 3, 32, 32)
    onnx = read_manifest(exports["onnx", "fp16"]).interface
    (lineart,) = onnx.inputs
    assert (lineart.kind, lineart.shape) == ("tensor", (1, 32, 32, 1))
    assert 255 * lineart.scale + lineart.bias == pytest.approx(1)
    assert onnx.height_width == coreml.height_width == (32, 32)
    assert not onnx.takes_hints and not onnx.under_ink


def test_a_net_with_hints_says_which_lines_it_learned_and_what_belongs_under_the_ink(
    hinted_exports,
):
    manifest = read_manifest(hinted_exports["mobile", "coreml"])
    assert [port.name for port in manifest.interface.inputs] == [
        "lineart", "hint_color", "hint_mask",
    ]  # fmt: skip
    assert manifest.interface.takes_hints and manifest.interface.under_ink
    assert (manifest.trained_px, manifest.stride_px) == (32, 16)
    assert manifest.line_width_px == (1.0, 4.0)
    assert read_manifest(hinted_exports["unet", "onnx"]).line_width_px is None  # as they were


def test_an_older_manifest_is_refused_by_name_with_the_remedy(onnx_copy):
    path = manifest_path(onnx_copy)
    path.write_text(path.read_text().replace("nurie-manifest/3", "nurie-manifest/2"))
    with pytest.raises(ArtifactError, match="'nurie-manifest/3', received 'nurie-manifest/2'.*--o"):
        read_manifest(onnx_copy)


def test_the_bytes_of_a_folder_count_every_file_and_name(tmp_path):
    package = tmp_path / "a.mlpackage"
    (package / "Data").mkdir(parents=True)
    (package / "Data" / "one").write_bytes(b"1")
    before = artifact_sha256(package)
    assert artifact_bytes(package) == 1
    (package / "Data" / "one").rename(package / "Data" / "two")
    assert artifact_sha256(package) != before


def test_an_artifact_that_changed_is_refused(onnx_copy):
    content = bytearray(onnx_copy.read_bytes())
    content[-1] ^= 1
    onnx_copy.write_bytes(content)
    with pytest.raises(ArtifactError, match="is not the model that"):
        read_manifest(onnx_copy)


def test_an_artifact_without_a_manifest_is_refused(onnx_copy):
    manifest_path(onnx_copy).unlink()
    with pytest.raises(
        ArtifactError, match=r"no model that Nurie exported.*json, beside it. Copy both"
    ):
        read_manifest(onnx_copy)


def test_a_missing_artifact_is_refused(tmp_path):
    with pytest.raises(ArtifactError, match="does not exist"):
        read_manifest(tmp_path / "no.onnx")


def test_a_folder_of_models_is_told_what_it_holds(onnx_copy):
    with pytest.raises(ArtifactError, match=rf"Expected one: .*{onnx_copy.name}"):
        read_manifest(onnx_copy.parent)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"manifest": "nurie-manifest/9"}'])
def test_a_manifest_of_another_kind_is_refused(onnx_copy, text):
    manifest_path(onnx_copy).write_text(text)
    with pytest.raises(ArtifactError):
        read_manifest(onnx_copy)


def test_a_manifest_with_an_unknown_field_is_refused_by_name(onnx_copy):
    path = manifest_path(onnx_copy)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"gamma": 2.2}))
    with pytest.raises(ArtifactError, match="gamma"):
        read_manifest(onnx_copy)


def test_writing_and_reading_give_the_same_manifest(onnx_copy):
    changed = dataclasses.replace(read_manifest(onnx_copy), credit="塗り絵")
    write_manifest(changed, manifest_path(onnx_copy))
    assert read_manifest(onnx_copy) == changed


def test_its_sizes_begin_with_that_of_the_ports_and_each_stands_once(onnx_copy):
    manifest = read_manifest(onnx_copy)
    assert dataclasses.replace(manifest, sizes=((32, 32), (64, 32))).interface == manifest.interface
    for wrong in ((), ((64, 32),), ((32, 32), (32, 32)), ((32, 32), (0, 32))):
        with pytest.raises(ArtifactError, match="sizes: expected"):
            dataclasses.replace(manifest, sizes=wrong)
