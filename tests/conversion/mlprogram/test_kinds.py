"""What is no ML Program is named, with what helps."""

import zipfile

import pytest

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.kinds import in_words, require_package
from conversion.mlprogram.package import read_package
from conversion.mlprogram.protobuf import parse_model

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 132\n"
CONTENTS = {
    "pointer.mlmodel": (POINTER, "a pointer of Git LFS.*git lfs pull"),
    "net.tflite": (b"\x1c\0\0\0TFL3\0\0", "a TensorFlow Lite model.*Interpreter"),
    "net.onnx": (b"\x08\x0a\x12\x05nurie", "an ONNX model.*onnxruntime"),
    "net.mlpackage.tar.gz": (b"\x1f\x8b\x08\0", "a gzip archive.*tar xzf net.mlpackage.tar.gz"),
    "net.h5": (b"\x89HDF\r\n\x1a\n\0", "an HDF5 file, as Keras.*mlprogram"),
    "net.pt": (b"PK\x03\x04", "a file of PyTorch.*mlprogram"),
    "net.keras": (b"PK\x03\x04", "a Keras model.*mlprogram"),
    "drawing.png": (b"\x89PNG\r\n", "a PNG picture"),
    "notes.txt": (b"hello", "a file of 5 bytes"),
    "nothing.mlpackage": (b"", "a file of 0 bytes"),
}
FOLDERS = {
    "net.mlmodelc": ("coremldata.bin", "a compiled model.*compiled from"),
    "net": ("coremldata.bin", "a compiled model.*compiled from"),
    "net.aimodel": ("main.mlirb", "a Core AI asset"),
    "saved": ("saved_model.pb", "a SavedModel of TensorFlow.*mlprogram"),
    "exports": ("demo-fp16.mlpackage", "a folder that holds packages.*exports/demo-fp16.mlpackage"),
}
PIPELINED = lambda m: m.pipeline.models.add().glmRegressor.SetInParent()  # noqa: E731
MODELS = {
    "neural": (lambda m: m.neuralNetwork.SetInParent(), "a neural network .*minimum_deployment_t"),
    "classes": (lambda m: m.neuralNetworkClassifier.SetInParent(), "that classifies"),
    "trees": (lambda m: m.treeEnsembleRegressor.SetInParent(), "a tree ensemble.*that trained it"),
    "scaler": (lambda m: m.scaler.SetInParent(), r"\(scaler\)"),
    "program": (lambda m: m.mlProgram.SetInParent(), "without its weights.*Give the .mlpackage"),
    "pipeline": (PIPELINED, "a pipeline that is no package.*make_pipeline"),
    "none": (lambda m: m.description.SetInParent(), "a model of no kind.*damaged"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_is_named_by_what_it_begins_with_or_ends_in(tmp_path, name):
    content, said = CONTENTS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidProgram, match=f"is not an .mlpackage.*received {said}"):
        read_package(tmp_path / name)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_is_named_by_what_is_in_it(tmp_path, name):
    inside, said = FOLDERS[name]
    (tmp_path / name / inside).mkdir(parents=True)
    with pytest.raises(InvalidProgram, match=f"is not an .mlpackage.*received {said}"):
        read_package(tmp_path / name)


@pytest.mark.parametrize("name", MODELS)
def test_a_lone_mlmodel_is_named_by_its_kind(tmp_path, name):
    change, said = MODELS[name]
    model = parse_model(b"", where="test")
    change(model)
    path = tmp_path / "classic.mlmodel"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(InvalidProgram, match=f"is not an .mlpackage.*received .*{said}"):
        read_package(path)


def test_a_zipped_package_is_to_be_unpacked(tmp_path):
    path = tmp_path / "net.mlpackage.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net.mlpackage/Manifest.json", "{}")
    with pytest.raises(InvalidProgram, match=r"a zip archive. Unpack it \(unzip net.mlpackage.zip"):
        read_package(path)


@pytest.mark.parametrize(
    "part", ["Manifest.json", "Data/com.apple.CoreML/model.mlmodel", "weights/weight.bin"]
)
def test_a_part_of_a_package_that_git_did_not_fetch_is_named(tiny_fp16, copy_of, part):
    path = copy_of(tiny_fp16)
    (file,) = path.rglob(part.rpartition("/")[2])
    file.write_bytes(POINTER)
    with pytest.raises(InvalidProgram, match=f"{file.name}: .*Git LFS.*Fetch it with git lfs pull"):
        read_package(path)


def test_what_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(InvalidProgram, match="No such file or directory"):
        require_package(tmp_path / "gone.mlpackage", budget=Budget())


def test_every_kind_that_core_ml_has_gets_two_sentences():
    kinds = parse_model(b"", where="test").DESCRIPTOR.oneofs_by_name["Type"].fields
    for kind in kinds:
        assert in_words(kind.name).count(". ") >= 1, kind.name
        assert kind.name in in_words(kind.name)
