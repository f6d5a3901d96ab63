"""Read anybody's Keras generator: a .keras file, a Keras .h5, a SavedModel folder, module:function.

A file may come from a stranger: what of it would run on this machine is refused by name before it
is loaded (safety.py), unless its user trusts it.
"""

import importlib
import json
import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from conversion.errors import first_sentence
from conversion.export.origins import safety
from training.errors import CheckpointError
from training.run.checkpoint import DESCRIPTION_FILE, GENERATOR_FILE
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras

Kind = Literal["keras", "h5", "saved_model", "function"]
SAVED_MODEL_FILE = "saved_model.pb"
CONFIG_FILE = "config.json"  # in a .keras file
ENDPOINT = "serving_default"  # what tf.saved_model.save and keras.Model.export call theirs
# Files that hold networks, and how a Keras generator comes of one.
FOREIGN = {
    ".pt": "PyTorch's",
    ".pth": "PyTorch's",
    ".ckpt": "PyTorch's or TensorFlow 1's",
    ".safetensors": "weights alone",
    ".onnx": "an ONNX model",
    ".tflite": "an exported model",
    ".mlpackage": "an exported model; conversion.from_coreml and to_coreai take it",
    ".mlmodel": "an exported model",
    ".pb": "a frozen graph, or a file of a SavedModel: name its folder",
    ".npz": "weights alone",
}


def kind_of(path: Path) -> Kind | None:
    """Return which kind of generator of the user's a path names; None: none, maybe a checkpoint.

    Raises CheckpointError for files of kinds that hold no Keras generator.
    """
    if path.is_dir():
        return "saved_model" if (path / SAVED_MODEL_FILE).is_file() else None
    if path.suffix == ".keras":
        return "keras"
    if path.suffix in (".h5", ".hdf5"):
        ours = path.name == GENERATOR_FILE and (path.parent / DESCRIPTION_FILE).is_file()
        return None if ours else "h5"
    if re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", str(path)) and not path.exists():
        return "function"
    if path.suffix in FOREIGN:
        raise CheckpointError(
            f"{path} is {FOREIGN[path.suffix]}. Expected a checkpoint, or a Keras generator: a "
            ".keras or .h5 file, a SavedModel folder, or module:function."
        )
    return None


def read_generator(path: Path, kind: Kind, *, custom_objects: str | None, trust: bool) -> Any:
    """Return the keras.Model at a path, not yet looked at.

    custom_objects: name of a module that defines its layers and functions. trust: run code that the
    file brings along. Raises CheckpointError.
    """
    import_tensorflow_quietly()
    if kind == "function":
        return _called(str(path))
    if kind == "saved_model":
        return _saved_model(path, trust=trust)
    known = _custom_objects(custom_objects)
    config = _config_of_keras(path) if kind == "keras" else _config_of_h5(path)
    safety.require_loadable(path, config, known=known, trust=trust)

    import keras

    try:
        return keras.saving.load_model(
            path, custom_objects=known, compile=False, safe_mode=not trust
        )
    except Exception as error:  # of Keras, of HDF5, of the user's own layers
        raise CheckpointError(
            f"{path}: Keras {keras.__version__} cannot load it: {first_sentence(error)} Save it "
            "again with this version, or give the net as module:function."
        ) from error


def _called(name: str) -> "keras.Model":
    module_name, function_name = name.split(":")
    function = getattr(_module(module_name, why=name), function_name, None)
    if not callable(function):
        raise CheckpointError(
            f"{name}: expected a function that returns a keras.Model, received "
            f"{type(function).__name__}."
        )
    try:
        made = function()
    except Exception as error:  # it is the user's
        raise CheckpointError(
            f"{name}: the function ended with {type(error).__name__}: {first_sentence(error)}"
        ) from error
    import keras

    if not isinstance(made, keras.Model):
        raise CheckpointError(
            f"{name}: expected a function that returns a keras.Model, received one that returns "
            f"{type(made).__name__}."
        )
    return made


def _custom_objects(module_name: str | None) -> dict[str, Any]:
    """Return the classes and functions of a module, by every name that a file may have for them."""
    if module_name is None:
        return {}
    module = _module(module_name, why=f"--custom-objects {module_name}")
    defined = {name: thing for name, thing in vars(module).items() if callable(thing)}
    return defined | {f"Custom>{name}": thing for name, thing in defined.items()}


def _module(name: str, *, why: str) -> Any:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # where whoever types it stands
    try:
        return importlib.import_module(name)
    except Exception as error:  # it is the user's
        raise CheckpointError(
            f"{why}: the module {name!r} cannot be imported: {first_sentence(error)} Expected one "
            f"that Python finds from {Path.cwd()}."
        ) from error


def _config_of_keras(path: Path) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(CONFIG_FILE))
    except Exception as error:  # zipfile and json raise many
        raise CheckpointError(
            f"{path} is no .keras file: {first_sentence(error)} Expected what save('gen.keras') "
            "writes."
        ) from error


def _config_of_h5(path: Path) -> Any:
    import h5py

    try:
        with h5py.File(path) as file:
            config = file.attrs.get("model_config")
    except Exception as error:  # of HDF5
        raise CheckpointError(
            f"{path} is no HDF5 file: {first_sentence(error)} Expected what save('gen.h5') writes."
        ) from error
    if config is None:
        raise CheckpointError(
            f"{path} holds weights alone: the architecture is missing. Write a function that "
            f"builds the net, calls load_weights({path.name!r}) and returns it, and give that as "
            "module:function."
        )
    return json.loads(config)


def _saved_model(folder: Path, *, trust: bool) -> "keras.Model":
    import keras
    import tensorflow as tf

    safety.require_harmless_graph(folder, trust=trust)
    try:
        endpoints: Mapping[str, Any] = tf.saved_model.load(str(folder)).signatures
    except Exception as error:  # of TensorFlow
        raise CheckpointError(
            f"{folder}: TensorFlow cannot load it: {first_sentence(error)}"
        ) from error
    name = ENDPOINT if ENDPOINT in endpoints else next(iter(endpoints), None)
    if name is None or (name != ENDPOINT and len(endpoints) > 1):
        raise CheckpointError(
            f"{folder}: expected a signature {ENDPOINT!r}, or a single one, received "
            f"{sorted(endpoints) or 'none'}. Save it again with model.export(FOLDER)."
        )
    given = endpoints[name].structured_input_signature[1]
    returned = endpoints[name].structured_outputs
    if len(given) != 1 or len(returned) != 1:
        raise CheckpointError(
            f"{folder}: expected one picture in and one out, received inputs {sorted(given)} and "
            f"outputs {sorted(returned)} of {name!r}. Give the net as module:function."
        )
    ((input_name, spec),) = given.items()
    if spec.shape.rank is None or spec.dtype != tf.float32:
        raise CheckpointError(
            f"{folder}: expected an input of float32 whose axes are known, received "
            f"{spec.dtype.name} {spec.shape} ({input_name!r}). Give the net as module:function."
        )
    layer = keras.layers.TFSMLayer(str(folder), call_endpoint=name)
    picture = keras.Input(batch_shape=tuple(spec.shape))
    (result,) = layer(picture).values()
    return keras.Model(picture, result)
