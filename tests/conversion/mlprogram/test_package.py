"""Packages that are missing parts, reach outside themselves, or are no ML Programs."""

import json

import pytest

from conversion.errors import InvalidProgram
from conversion.mlprogram.model import load
from conversion.mlprogram.package import read_package
from conversion.mlprogram.protobuf import parse_model

SPECIFICATION = "Data/com.apple.CoreML/model.mlmodel"
WEIGHTS = "Data/com.apple.CoreML/weights/weight.bin"


def rewrite(path, change):
    """Apply `change` to the Model message of a package."""
    file = path / SPECIFICATION
    model = parse_model(file.read_bytes(), where="test")
    change(model)
    file.write_bytes(model.SerializeToString())


def point_weights_at(name):
    def change(model):
        for block in model.mlProgram.functions["main"].block_specializations.values():
            for operation in block.operations:
                value = operation.attributes["val"] if operation.type == "const" else None
                if value is not None and value.WhichOneof("value") == "blobFileValue":
                    value.blobFileValue.fileName = name

    return change


def test_a_package_is_read_whole(tiny_fp16):
    package = read_package(tiny_fp16.path)
    assert package.program.opset == "CoreML7"
    assert [i.name for i in package.program.inputs] == ["lineart"]
    assert package.program.outputs == ("color",)


@pytest.mark.parametrize("part", ["Manifest.json", SPECIFICATION, WEIGHTS])
def test_a_missing_part_is_named(tiny_fp16, copy_of, part):
    path = copy_of(tiny_fp16)
    (path / part).unlink()
    with pytest.raises(InvalidProgram, match=part.split("/")[-1]):
        read_package(path)


def test_a_folder_or_file_that_is_no_package_is_refused(tmp_path):
    (tmp_path / "file").write_text("hello")
    for path in (tmp_path, tmp_path / "file", tmp_path / "nothing"):
        with pytest.raises(InvalidProgram, match="is not an .mlpackage"):
            read_package(path)


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"rootModelIdentifier": "a", "itemInfoEntries": {}}',
        "[" * 10**5,
    ],
)
def test_a_damaged_manifest_is_refused(tiny_fp16, copy_of, manifest):
    path = copy_of(tiny_fp16)
    (path / "Manifest.json").write_text(manifest)
    with pytest.raises(InvalidProgram, match="Manifest.json"):
        read_package(path)


@pytest.mark.parametrize("inside", ["../../secret", "/etc/passwd", "", 7, "a\0b", None])
def test_a_manifest_cannot_point_outside_the_package(tiny_fp16, copy_of, inside):
    path = copy_of(tiny_fp16)
    (path.parent / "secret").write_bytes((path / SPECIFICATION).read_bytes())
    entries = {"root": {"path": inside}}
    (path / "Manifest.json").write_text(
        json.dumps({"rootModelIdentifier": "root", "itemInfoEntries": entries})
    )
    with pytest.raises(InvalidProgram, match="inside this folder.*refused"):
        read_package(path)


@pytest.mark.parametrize(
    "name",
    ["@model_path/../../../secret.bin", "@model_path//etc/passwd", "@model_path/", "/etc/passwd"],
)
def test_a_program_cannot_name_weights_outside_the_package(tiny_fp16, copy_of, name):
    path = copy_of(tiny_fp16)
    (path.parent / "secret.bin").write_bytes((path / WEIGHTS).read_bytes())
    rewrite(path, point_weights_at(name))
    with pytest.raises(InvalidProgram, match="refused|starts with @model_path/"):
        read_package(path)


def test_a_link_out_of_the_package_is_refused(tiny_fp16, copy_of):
    path = copy_of(tiny_fp16)
    (path / WEIGHTS).rename(path.parent / "secret.bin")
    (path / WEIGHTS).symlink_to(path.parent / "secret.bin")
    with pytest.raises(InvalidProgram, match="inside this folder.*refused"):
        read_package(path)


def test_a_model_that_is_no_ml_program_is_refused_with_the_way_to_make_one(tiny_fp16, copy_of):
    path = copy_of(tiny_fp16)
    rewrite(path, lambda model: model.neuralNetwork.SetInParent())
    with pytest.raises(InvalidProgram, match=r"a neural network \(neuralNetwork\).*\"mlprogram\""):
        read_package(path)


def test_a_missing_function_is_refused_with_those_there_are(tiny_fp16, copy_of):
    path = copy_of(tiny_fp16)

    def change(model):
        model.description.defaultFunctionName = "extra"

    rewrite(path, change)
    with pytest.raises(InvalidProgram, match=r"no function 'extra'; it has \['main'\]"):
        read_package(path)


def test_a_feature_of_an_unknown_kind_is_refused_by_name(tiny_fp16, copy_of):
    path = copy_of(tiny_fp16)
    rewrite(path, lambda model: model.description.output[0].type.sequenceType.SetInParent())
    with pytest.raises(InvalidProgram, match="'color'.*sequenceType"):
        read_package(path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d.ClearField("output"), r"outputs \[\]"),
        (lambda d: setattr(d.input[0], "name", "ink"), r"inputs \['ink'\]"),
        (lambda d: setattr(d.input[0].type.imageType, "width", 16), "described as .* 16x32"),
        (lambda d: setattr(d.output[0].type.imageType, "height", 16), "described as .* 32x16"),
        (lambda d: setattr(d.output[0].type.imageType, "colorSpace", 10), "a GRAYSCALE image"),
    ],
)
def test_a_description_that_contradicts_the_program_is_refused(
    tiny_fp16, copy_of, change, complaint
):
    path = copy_of(tiny_fp16)
    rewrite(path, lambda model: change(model.description))
    with pytest.raises(InvalidProgram, match=complaint):
        load(path)


def test_a_folder_of_the_package_that_is_a_link_to_elsewhere_is_not_followed(
    tiny_fp16, copy_of, tmp_path
):
    path = copy_of(tiny_fp16)
    (path / "Data").rename(tmp_path / "elsewhere")
    (path / "Data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidProgram, match="a file inside this folder"):
        read_package(path)


def test_a_package_may_be_a_link_itself(tiny_fp16, tmp_path):
    link = tmp_path / "link.mlpackage"
    link.symlink_to(tiny_fp16.path)
    assert read_package(link).program.outputs == ("color",)
