"""Say what was given that is no ML Program, and what makes one of it.

Looks at the first bytes of a file and at names in a folder; of a Core ML model, at its kind.
"""

import os
import stat
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.files import POINTER, is_pointer, read_whole
from conversion.mlprogram.protobuf import parse_model

PIPELINES = ("pipeline", "pipelineClassifier", "pipelineRegressor")
# Most entries of a folder that are looked at.
MOST_ENTRIES = 1000
FIRST_BYTES = 512

_CONVERT = 'coremltools.convert(source, convert_to="mlprogram")'
_NETWORK = (
    "coremltools makes no ML Program of a neural network that is converted already. With the "
    "network that it was made from (Keras, TensorFlow or PyTorch): coremltools.convert(source, "
    'convert_to="mlprogram", minimum_deployment_target=coremltools.target.iOS16)'
)
_TRAINED = "Run it with the library that trained it; Core ML alone reads it in this form"
_APPLE = "Apple's own systems alone have what it consists of"
# What Model.proto calls a kind -> in words, and what helps.
_KINDS: Mapping[str, tuple[str, str]] = {
    "neuralNetwork": ("a neural network", _NETWORK),
    "neuralNetworkClassifier": ("a neural network that classifies", _NETWORK),
    "neuralNetworkRegressor": ("a neural network that estimates numbers", _NETWORK),
    "treeEnsembleClassifier": ("a tree ensemble that classifies", _TRAINED),
    "treeEnsembleRegressor": ("a tree ensemble that estimates numbers", _TRAINED),
    "glmClassifier": ("a linear model that classifies", _TRAINED),
    "glmRegressor": ("a linear model that estimates numbers", _TRAINED),
    "supportVectorClassifier": ("a support vector machine that classifies", _TRAINED),
    "supportVectorRegressor": ("a support vector machine that estimates numbers", _TRAINED),
    "bayesianProbitRegressor": ("a Bayesian probit regression", _TRAINED),
    "kNearestNeighborsClassifier": ("a search of nearest neighbours", _TRAINED),
    "itemSimilarityRecommender": ("a recommender of similar items", _TRAINED),
    "customModel": ("a custom model, whose code is in an app", _APPLE),
    "linkedModel": ("a link to another model", "Give the model that it links to"),
    "textClassifier": ("a text classifier of Create ML", _APPLE),
    "wordTagger": ("a word tagger of Create ML", _APPLE),
    "gazetteer": ("a gazetteer of Create ML", _APPLE),
    "wordEmbedding": ("a word embedding of Create ML", _APPLE),
    "visionFeaturePrint": ("Apple's feature print of pictures", _APPLE),
    "audioFeaturePrint": ("Apple's feature print of sounds", _APPLE),
    "soundAnalysisPreprocessing": ("a preprocessing of sounds", _APPLE),
    "serializedModel": ("a model that only Apple's own systems read", _APPLE),
}
_STEP = "Compute what it does in Python, before or after the ML Program"
# Beginnings of files -> what they are, and what helps.
_BEGINNINGS: Mapping[bytes, tuple[str, str]] = {
    b"PK\x03\x04": ("a zip archive", "Unpack it (unzip FILE), and give the .mlpackage inside"),
    b"PK\x05\x06": ("an empty zip archive", "Copy the whole file again"),
    b"\x1f\x8b": ("a gzip archive", "Unpack it (tar xzf FILE), and give the .mlpackage inside"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file, as Keras writes them", f"Convert it: {_CONVERT}"),
    b"\x89PNG": ("a PNG picture", "Give the model first"),
    b"\xff\xd8\xff": ("a JPEG picture", "Give the model first"),
}
_RUN_ONNX = "It needs no conversion to run: onnxruntime.InferenceSession(FILE)"
_RUN_TFLITE = "ai_edge_litert.interpreter.Interpreter(FILE) runs it"
_RUN_COREAI = "benchmarks.parity and conversion.colorize run it"
# Endings of names -> what they are, and what helps, where the beginning does not tell.
_ENDINGS: Mapping[str, tuple[str, str]] = {
    ".onnx": ("an ONNX model", _RUN_ONNX),
    ".tflite": ("a TensorFlow Lite model", _RUN_TFLITE),
    ".keras": ("a Keras model", f"Convert it: {_CONVERT}"),
    ".pt": ("a file of PyTorch", f"Load and trace it with PyTorch, then {_CONVERT}"),
    ".pth": ("a file of PyTorch", f"Load and trace it with PyTorch, then {_CONVERT}"),
}


def in_words(kind: str | None) -> str:
    """Return what a kind of Core ML model is, and what helps, as two sentences."""
    if kind is None:
        return "a model of no kind. The file is damaged: copy or export it again."
    words, remedy = _KINDS.get(kind, ("a model of another kind", _STEP))
    return f"{words} ({kind}). {remedy}."


def require_package(path: Path, *, budget: Budget) -> None:
    """Raise InvalidProgram, with what `path` is instead, unless it is a folder with a manifest.

    A folder of which that is not clear passes, so that whoever reads it can say what is missing.
    """
    if (path / "Manifest.json").exists():
        return
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            what, remedy = _file(path, budget)
        elif stat.S_ISDIR(mode):
            what, remedy = _folder(path)
        else:
            what, remedy = "a pipe or a device", "Give the folder"
    except OSError as error:
        what, remedy = f"what cannot be read ({error.strerror})", "Give the folder"
    if what:
        raise InvalidProgram(
            f"{path} is not an .mlpackage: expected the folder of an ML Program, received {what}. "
            f"{remedy}."
        )


def _file(path: Path, budget: Budget) -> tuple[str, str]:
    with path.open("rb") as file:
        first = file.read(FIRST_BYTES)
    if is_pointer(first):
        return POINTER
    if path.suffix == ".keras":  # a zip archive, too
        return _ENDINGS[".keras"]
    if path.suffix in (".pt", ".pth"):
        return _ENDINGS[path.suffix]
    if first[4:8] == b"TFL3":
        return _ENDINGS[".tflite"]
    for beginning, said in _BEGINNINGS.items():
        if first.startswith(beginning):
            what, remedy = said
            return what, remedy.replace("FILE", path.name)
    if path.suffix == ".mlmodel":
        return _specification(path, budget)
    if path.suffix in _ENDINGS:
        return _ENDINGS[path.suffix]
    size = path.stat().st_size
    return f"a file of {size} bytes", "Give the folder that coremltools wrote"


def _specification(path: Path, budget: Budget) -> tuple[str, str]:
    """Tell what a lone .mlmodel is, which Core ML models were before there were packages."""
    data = read_whole(path, budget=budget.again(), times=10)
    kind = parse_model(data.tobytes(), where=str(path)).WhichOneof("Type")
    if kind == "mlProgram":
        return (
            "the description of an ML Program without its weights",
            "Give the .mlpackage that it was taken from",
        )
    if kind in PIPELINES:
        return (
            f"a {kind} that is no package: its stages are no ML Programs",
            "Make one of ML Programs: coremltools.utils.make_pipeline(first, second)",
        )
    words = in_words(kind)
    what, _, remedy = words.partition(". ")
    return what, remedy.rstrip(".")


def _folder(path: Path) -> tuple[str, str]:
    with os.scandir(path) as entries:
        names = {entry.name for entry in islice(entries, MOST_ENTRIES)}
    if path.suffix == ".mlmodelc" or "coremldata.bin" in names:
        return (
            "a compiled model, which only Core ML reads",
            "Give the .mlpackage that it was compiled from",
        )
    if path.suffix == ".aimodel" or any(name.endswith(".mlirb") for name in names):
        return "a Core AI asset", _RUN_COREAI
    if "saved_model.pb" in names:
        return "a SavedModel of TensorFlow", f"Convert it: {_CONVERT}"
    packages = sorted(name for name in names if name.endswith(".mlpackage"))
    if packages:
        more = f", or another of the {len(packages)} in it" if len(packages) > 1 else ""
        return "a folder that holds packages", f"Give {path / packages[0]}{more}"
    return "", ""
