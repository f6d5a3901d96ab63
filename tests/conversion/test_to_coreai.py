"""Checkpoints and ML Programs as Core AI assets, run by Apple's runtime."""

import json
import sys

import numpy as np
import pytest

from conversion import to_coreai, to_coreml
from conversion.coreai import api
from conversion.errors import ArtifactError
from conversion.manifest import artifact_sha256, manifest_path, read_manifest
from conversion.runtimes.backends import open_backend
from training.errors import OutputExists

needs_wheels = pytest.mark.usefixtures("coreai")


@pytest.fixture(scope="module")
def asset(coreai, hinted_runs, tmp_path_factory):
    """The net for phones in float32."""
    return to_coreai.convert(
        hinted_runs["mobile"], tmp_path_factory.mktemp("made") / "net.aimodel", recipe="fp32"
    )


@needs_wheels
def test_an_asset_says_who_made_it_of_what_and_for_whom(asset):
    metadata = api.open_asset(asset).metadata
    assert metadata.author == "made with Nurie"
    assert metadata.license == "Trained on noise (CC0-1.0)"
    assert "below the drawing's ink" in metadata.model_description
    assert metadata.creator_defined_metadata["nurie.credit"] == "drawn by the tests"
    manifest = read_manifest(asset)
    assert (manifest.format, manifest.recipe, manifest.target) == ("coreai", "fp32", None)
    assert manifest.sha256 == artifact_sha256(asset)
    assert manifest.tools["coreai-core"] == api.SEEN["coreai-core"]
    assert [port.name for port in manifest.interface.inputs] == ["lineart", "hints"]


@needs_wheels
def test_it_paints_the_finished_pictures_of_keras_with_hints_and_without(asset, hinted_runs):
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    generator, core_ai = load_generator(find_checkpoint(hinted_runs["mobile"])), open_backend(asset)
    rng = np.random.default_rng(5)
    lineart = np.where(rng.random((1, 32, 32)) < 0.2, 0, 255).astype(np.uint8)
    hints = np.zeros((1, 32, 32, 4), np.uint8)
    hints[:, 8:14, 8:20] = (90, 200, 30, 255)
    pictures = []
    for given in (None, hints):
        expected = colorize_pixels(generator, lineart, given)[0].astype(int)
        painted = core_ai.colorize(lineart[0], None if given is None else given[0])
        # Sums in another order may round the other way.
        ONE_GREY_LEVEL = 1
        np.testing.assert_allclose(painted, expected, atol=ONE_GREY_LEVEL, rtol=0)
        pictures.append(expected)
    assert np.abs(pictures[0] - pictures[1]).max() > 20  # hints count


@needs_wheels
def test_tampered_weights_and_another_manifest_are_noticed(asset, tmp_path):
    import shutil

    copy = shutil.copytree(asset, tmp_path / asset.name)
    shutil.copy(manifest_path(asset), manifest_path(copy))
    raw = json.loads(manifest_path(copy).read_text())
    raw["interface"]["inputs"][0]["name"] = "sketch"
    manifest_path(copy).write_text(json.dumps(raw))
    with pytest.raises(ArtifactError, match="sketch"):
        open_backend(copy)
    shutil.copy(manifest_path(asset), manifest_path(copy))
    program = copy / "main.mlirb"
    whole = bytearray(program.read_bytes())
    whole[len(whole) // 2] ^= 1
    program.write_bytes(whole)
    with pytest.raises(ArtifactError, match="is not the model that net.aimodel.json describes"):
        open_backend(copy)


@needs_wheels
@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ("palette4", ("palettes", "made good in the weights after it")),
        ("w8a8", ("calibrated on", "training drawings")),
    ],
)
def test_a_recipe_says_what_it_did_and_its_asset_paints(
    tiny_run, tiny_data, tmp_path, recipe, said
):
    output = tmp_path / "net.aimodel"
    to_coreai.convert(tiny_run, output, recipe=recipe, data=tiny_data)
    assert said[1] in read_manifest(output).details[said[0]]
    painted = open_backend(output).colorize(np.full((32, 32), 255, np.uint8))
    assert painted.shape == (32, 32, 3)


@needs_wheels
def test_several_sizes_are_entry_points_of_one_asset(tiny_run, tmp_path):
    output = tmp_path / "sizes.aimodel"
    assert to_coreai.main([str(tiny_run), "-o", str(output), "--size", "32,64x32"]) == 0
    manifest = read_manifest(output)
    assert manifest.sizes == ((32, 32), (32, 64))
    assert manifest.interface.height_width == (32, 32)
    functions = api.open_asset(output).summary(include_statistics=False).function_names
    assert set(functions) == {"main", "main_64x32"}


@needs_wheels
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--size", "32,32"], "received 32 twice"),
        (["--size", "32,64", "--recipe", "w8a8"], "w8a8 looks at drawings of one size"),
        (["--recipe", "palette4"], "Name the data set with --data"),
        (["--size", "33"], "expected multiples"),
        (["--min-psnr", "40"], "--min-psnr belongs to --recipe auto"),
        (["-o", "net.mlpackage"], "expected a name that ends in .aimodel"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(tiny_run, capsys, given, said):
    assert to_coreai.main([str(tiny_run), *given]) == 2
    assert said in capsys.readouterr().err


def test_without_apples_packages_the_extra_is_named_and_nothing_is_done(
    tiny_run, tmp_path, monkeypatch, capsys
):
    for package in ("coreai", "coreai_onnx"):
        monkeypatch.setitem(sys.modules, package, None)
    for source in (str(tiny_run), str(tmp_path / "net.mlpackage")):
        assert to_coreai.main([source, "-o", str(tmp_path / "net.aimodel")]) == 2
        said = capsys.readouterr().err
        assert "pip install -c constraints.txt '.[coreai]'" in said
    assert list(tmp_path.iterdir()) == []


@needs_wheels
def test_a_core_ml_package_becomes_an_asset_that_computes_the_same(tiny_run, tmp_path, capsys):
    package = to_coreml.convert(tiny_run, tmp_path / "net.mlpackage")
    capsys.readouterr()
    output = tmp_path / "net.aimodel"
    assert to_coreai.main([str(package), "-o", str(output)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{output}\n"
    assert float(printed.err.split(" dB between ONNX Runtime and Core AI")[0]) >= 100
    metadata = api.open_asset(output).metadata
    assert metadata.author == "made with Nurie"  # what the package says of itself
    with pytest.raises(OutputExists):
        to_coreai.convert_package(package, output)
    assert to_coreai.main([str(package), "--recipe", "int8"]) == 2
    assert "belong to checkpoints" in capsys.readouterr().err
