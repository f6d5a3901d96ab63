"""From a package to what runs: `load` makes a model that predicts, `to_onnx` a standalone graph."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import onnx

from conversion.errors import InvalidInput, InvalidProgram, UnknownShape
from conversion.mlprogram.check import check_types
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.interface import (
    ArrayFeature,
    DictionaryFeature,
    Feature,
    ImageFeature,
    Interface,
    LabelFeature,
)
from conversion.mlprogram.lowering import Precision, lower
from conversion.mlprogram.package import Package, read_package
from conversion.mlprogram.running import LoadedModel, Runnable, State, make_session

__all__ = ["LoadedModel", "State", "load", "to_onnx"]

Shapes = Mapping[str, tuple[int, ...]]


class CoremltoolsModel(Protocol):
    """What `load` uses of a coremltools.models.MLModel."""

    package_path: str


def load(
    path: Path | str | CoremltoolsModel,
    precision: Precision = "declared",
    *,
    outputs: Sequence[str] = (),
    function_name: str | None = None,
) -> LoadedModel:
    """Read an .mlpackage, or the one behind an MLModel, and make it ready to run on the CPU.

    precision: "declared" rounds each result to its declared type; "float32" is faster.
    outputs: names of intermediate values that `predict` returns as well.
    function_name: of a model of several functions; the default one if None.
    Raises InvalidProgram for a damaged package, UnsupportedOps for what the runtime lacks,
    InvalidInput for an unknown name in `outputs`.
    """
    package = read_package(_path_of(path), function=function_name)
    extra = [name for name in dict.fromkeys(outputs) if name not in package.interface.outputs]
    _require_known(package, extra)

    def prepare(sizes: Shapes) -> Runnable:
        graph, values = _lower(package, precision, extra, sizes=sizes)
        names = graph.state_outputs()
        model, constants = graph.to_model_and_constants()
        described = {name: values[name] for name in (*package.interface.outputs, *extra)}
        return Runnable(
            make_session(model, constants, where=package.path),
            keys={name: value.keys for name, value in described.items() if value.keys is not None},
            state_outputs=names,
        )

    every_size: Runnable | None = None
    if _is_flexible(package):
        try:
            every_size = prepare({})
        except UnknownShape:  # one graph for all sizes is not possible: one for each, then
            prepare(_default_sizes(package))  # what else is wrong is said here and now
    else:
        every_size = prepare({})
    return LoadedModel(package, prepare=prepare, every_size=every_size, extra_outputs=extra)


def to_onnx(
    path: Path | str | CoremltoolsModel,
    precision: Precision = "declared",
    *,
    function_name: str | None = None,
    dense: bool = False,
) -> onnx.ModelProto:
    """Read an .mlpackage and return it as one standalone ONNX model.

    Inputs and outputs keep their names and are the program's tensors (an image is (1, C, H, W)
    of raw values, a dictionary the vector of its values, flexible sizes are symbolic, a state is
    an input and an output `<name>_out`); descriptions and metadata are kept.
    dense: expand compressed weights, which otherwise stay as small as ONNX can say them.
    Raises as `load` does.
    """
    package = read_package(_path_of(path), function=function_name)
    graph, values = _lower(package, precision, [], sizes={}, compressed=not dense)
    graph.state_outputs()
    model = graph.to_model()
    interface = package.interface
    features: dict[str, Feature] = {**interface.inputs, **interface.outputs}
    for info in (*model.graph.input, *model.graph.output):
        feature = features.get(info.name)
        if feature is not None:
            info.doc_string = f"{feature.description} ({feature})".strip()
    keys = {
        f"keys of {name}": "\n".join(map(str, keys.tolist()))
        for name in interface.outputs
        if (keys := values[name].keys) is not None
    }
    onnx.helper.set_model_props(model, interface.metadata | keys)
    model.doc_string = interface.metadata.get("short_description", "")
    return model


def _path_of(model: Path | str | CoremltoolsModel) -> Path:
    if isinstance(model, (str, Path)):
        return Path(model)
    path = getattr(model, "package_path", None)
    if not path:
        raise InvalidInput(
            f"expected the path of an .mlpackage or an MLModel of an ML Program, received "
            f'{type(model).__name__} without one. Convert with convert_to="mlprogram".'
        )
    return Path(path)


def _require_known(package: Package, extra: Sequence[str]) -> None:
    produced = {o.name for step in package.program.operations for o in step.outputs}
    unknown = sorted(set(extra) - produced)
    if unknown:
        raise InvalidInput(
            f"{package.path}: outputs: the program computes no values named {unknown}. "
            "conversion.from_coreml --list prints those that it computes."
        )


def _is_flexible(package: Package) -> bool:
    types = (declared.type for declared in package.program.inputs)
    return any(declared is not None and None in declared.shape for declared in types)


def _default_sizes(package: Package) -> Shapes:
    return {
        name: feature.shape
        for name, feature in package.interface.inputs.items()
        if feature.shape is not None
    }


def _lower(
    package: Package,
    precision: Precision,
    extra: Sequence[str],
    *,
    sizes: Shapes,
    compressed: bool = False,
) -> tuple[Graph, dict[str, Value]]:
    try:
        _check_interface(package.interface, package)
        graph, values = lower(
            package.program,
            precision=precision,
            extra_outputs=extra,
            sizes=sizes,
            compressed=compressed,
        )
        check_types(graph.to_model_and_constants()[0], values)
        for name, feature in package.interface.outputs.items():
            _check_output(feature, values[name])
    except InvalidProgram as error:
        raise type(error)(f"{package.path}: {error}") from error
    return graph, values


def _check_interface(interface: Interface, package: Package) -> None:
    program = package.program
    types: dict[str, Any] = {declared.name: declared.type for declared in program.inputs}
    outputs_agree = interface.outputs and set(interface.outputs) <= set(program.outputs)
    states = {declared.name for declared in program.states}
    if set(types) != set(interface.inputs) or not outputs_agree or states != set(interface.states):
        raise InvalidProgram(
            f"the description speaks of inputs {sorted(interface.inputs)}, outputs "
            f"{sorted(interface.outputs)} and states {sorted(interface.states)}; the program has "
            f"{sorted(types)}, {sorted(program.outputs)} and {sorted(states)}. "
            "Export the model again."
        )
    for name, feature in interface.inputs.items():
        declared = types[name]
        takes = isinstance(feature, (ArrayFeature, ImageFeature))
        if declared is None or not takes or not _agree(feature.shape, declared.shape):
            raise InvalidProgram(
                f"input {name!r}: described as {feature}; the program takes {declared}"
            )
    for state in program.states:
        if state.type is None or None in state.type.shape:
            raise InvalidProgram(f"state {state.name!r}: expected a tensor of fixed shape")


def _check_output(feature: Feature, value: Value) -> None:
    declared = value.declared
    if isinstance(feature, LabelFeature):
        agree = declared.rank == 0 and declared.dtype.kind in "iU"
    elif isinstance(feature, DictionaryFeature):
        agree = value.keys is not None
    else:
        agree = declared.dtype.kind in "fiub" and (
            _agree(feature.shape, declared.shape)
            if feature.sizes is None
            else declared.rank == len(feature.shape or declared.shape)
        )
    if not agree:
        raise InvalidProgram(
            f"output {feature.name!r}: described as {feature}; the program makes {value.declared}"
        )


def _agree(shape: tuple[int, ...] | None, declared: tuple[int | None, ...]) -> bool:
    if shape is None:
        return True
    return len(shape) == len(declared) and all(
        wanted in (None, size) for size, wanted in zip(shape, declared, strict=True)
    )
