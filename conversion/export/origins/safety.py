"""Say what of a Keras file would run on this machine, and what is missing, before it is loaded.

Keras looks itself, and stops at the first thing that it does not know. Here everything is named at
once, of .h5 files too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training.errors import CheckpointError

LAMBDA = "Lambda"
# Operations of TensorFlow that call Python, or read and write files that the model names.
ACTING = (
    "PyFunc",
    "PyFuncStateless",
    "EagerPyFunc",
    "ReadFile",
    "WriteFile",
    "MatchingFiles",
    "PrintV2",
)
# What in a config has a class_name and is no class.
PLAIN = (
    "__slice__",
    "__tensor__",
    "__keras_tensor__",
    "__numpy__",
    "__tuple__",
    "__ellipsis__",
    "__bytes__",
)
# What Keras 2 named otherwise, or has in no public module.
BUILT_IN = ("Functional", "Sequential", "Model", "TensorShape", "Policy", "DTypePolicy")
FUNCTION = "function"  # a function by its name alone, as of an activation


def require_loadable(path: Path, config: Any, *, known: Mapping[str, Any], trust: bool) -> None:
    """Raise CheckpointError for what a model's config names and nobody has, or nobody may run.

    config: JSON values. known: the user's own classes and functions, by name.
    """
    found = list(_classes(config))
    lambdas = [_name(each) for each in found if _is_lambda(each)]
    if lambdas and not trust:
        listed = ", ".join(repr(name) for name in lambdas if name)
        raise CheckpointError(
            f"{path} brings Python code along, which loading would run: Lambda layers {listed}. "
            "Replace them by layers of a class of your own and name its module "
            "with --custom-objects; or, if you made the file, pass --trust."
        )
    missing = Counter(
        str(each["config"] if each["class_name"] == FUNCTION else each["class_name"])
        for each in found
        if not _is_lambda(each) and not _is_known(each, known)
    )
    if missing:
        import keras

        listed = ", ".join(f"{name} (x{count})" for name, count in sorted(missing.items()))
        raise CheckpointError(
            f"{path} needs classes that Keras {keras.__version__} does not have: {listed}. Name "
            "the Python module that defines them: --custom-objects my_layers."
        )


def require_harmless_graph(folder: Path, *, trust: bool) -> None:
    """Raise CheckpointError for a SavedModel whose graph calls Python or touches files."""
    if trust:
        return
    from tensorflow.core.protobuf import saved_model_pb2

    try:
        parsed = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    except Exception as error:  # of protobuf
        raise CheckpointError(f"{folder}: saved_model.pb is damaged. Save it again.") from error
    operations = {
        node.op
        for graph in parsed.meta_graphs
        for nodes in (
            graph.graph_def.node,
            *(function.node_def for function in graph.graph_def.library.function),
        )
        for node in nodes
    }
    acting = sorted(operations & set(ACTING))
    if acting:
        raise CheckpointError(
            f"{folder} does more than compute: {', '.join(acting)} call Python or touch files. If "
            "you made it, pass --trust."
        )


def _classes(config: Any) -> Iterator[dict[str, Any]]:
    """Yield everything in a config that names a class."""
    if isinstance(config, dict):
        if isinstance(config.get("class_name"), str) and config["class_name"] not in PLAIN:
            yield config
        for value in config.values():
            yield from _classes(value)
    elif isinstance(config, list):
        for value in config:
            yield from _classes(value)


def _is_lambda(named: Mapping[str, Any]) -> bool:
    return named["class_name"] in (LAMBDA, "__lambda__")


def _name(named: Mapping[str, Any]) -> str:
    config = named.get("config")
    return str(config.get("name", "")) if isinstance(config, dict) else ""


def _is_known(named: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    import keras

    name, registered = named["class_name"], named.get("registered_name")
    if name == FUNCTION:
        called = named.get("config")
        return called in known or keras.saving.get_registered_object(str(called)) is not None
    if {name, registered} & known.keys():
        return True
    named_so = (name, registered)  # a .h5 has its registered name for the class
    if any(each and keras.saving.get_registered_object(each) is not None for each in named_so):
        return True
    if str(named.get("module") or "").split(".")[0] == "keras":
        return True
    if named.get("module") == "builtins" and name in BUILT_IN:
        return True
    if named.get("module"):
        return False
    public = (keras.layers, keras.initializers, keras.regularizers, keras.constraints)
    return name in BUILT_IN or any(hasattr(module, name) for module in public)
