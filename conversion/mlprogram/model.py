"""A loaded ML Program: `predict` takes and returns what coremltools.models.MLModel.predict does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from conversion.errors import InvalidInput, InvalidProgram
from conversion.mlprogram.check import check_types
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.images import to_picture, to_tensor
from conversion.mlprogram.interface import ArrayFeature, Feature, ImageFeature, Interface
from conversion.mlprogram.lowering import Precision, lower
from conversion.mlprogram.package import Package, read_package

# ONNX Runtime's log level "fatal": what goes wrong otherwise is raised, and said once.
SILENT = 4


class LoadedModel:
    """An ML Program that runs here. Made by `load`; safe to use from several threads."""

    def __init__(
        self, package: Package, session: Any, *, extra_outputs: Sequence[str] = ()
    ) -> None:
        self.path = package.path
        self._interface = package.interface
        self._extra_outputs = tuple(extra_outputs)
        self._session = session
        self._input_types = {i.name: i.type for i in package.program.inputs}

    @property
    def inputs(self) -> dict[str, Feature]:
        """Kind, size and type of every input, by name."""
        return dict(self._interface.inputs)

    @property
    def outputs(self) -> dict[str, Feature]:
        """Kind, size and type of every described output, by name."""
        return dict(self._interface.outputs)

    @property
    def metadata(self) -> dict[str, str]:
        """Author, license, version, short_description and what the exporter added."""
        return dict(self._interface.metadata)

    def predict(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Run the model once.

        data: for each input a PIL image of exactly its size and mode (or uint8 pixels), or an
        array of exactly its shape. Returns PIL images and arrays by name; extra outputs are
        arrays. Raises InvalidInput for wrong names, shapes or types.
        """
        unknown, missing = set(data) - set(self.inputs), set(self.inputs) - set(data)
        if unknown or missing:
            raise InvalidInput(
                f"{self.path}: inputs {sorted(unknown)} are unknown and {sorted(missing)} are "
                f"missing; expected exactly {sorted(self.inputs)}"
            )
        feeds = {name: self._tensor(feature, data[name]) for name, feature in self.inputs.items()}
        names = [*self.outputs, *self._extra_outputs]
        try:
            tensors = self._session.run(names, feeds)
        except Exception as error:  # ONNX Runtime's errors share no class of their own
            raise InvalidProgram(f"{self.path}: running the program failed: {error}") from error
        return {
            name: self._result(self.outputs.get(name), tensor)
            for name, tensor in zip(names, tensors, strict=True)
        }

    def _tensor(self, feature: Feature, value: Any) -> np.ndarray:
        declared = self._input_types[feature.name]
        assert declared is not None  # `load` has checked it
        if isinstance(feature, ImageFeature):
            return to_tensor(value, feature=feature).astype(declared.dtype, copy=False)
        try:
            array = np.asarray(value)
        except ValueError as error:
            raise InvalidInput(f"input {feature.name!r}: {error}; expected {feature}") from error
        shape = declared.fixed_shape()
        if array.shape != shape or not np.can_cast(array.dtype, declared.dtype, "same_kind"):
            raise InvalidInput(
                f"input {feature.name!r}: expected {declared}, received "
                f"{array.dtype.name}{list(array.shape)}. Reshape or convert it first."
            )
        return np.ascontiguousarray(array.astype(declared.dtype, copy=False)).reshape(shape)

    def _result(self, feature: Feature | None, tensor: np.ndarray) -> Any:
        if isinstance(feature, ImageFeature):
            return to_picture(tensor, feature=feature)
        if isinstance(feature, ArrayFeature):
            return tensor.astype(feature.dtype, copy=False)
        return tensor


def load(
    path: Path | str, precision: Precision = "declared", *, outputs: Sequence[str] = ()
) -> LoadedModel:
    """Read an .mlpackage and make it ready to run on the CPU.

    precision: "declared" rounds each result to its declared type; "float32" is faster.
    outputs: names of intermediate values that `predict` returns as well.
    Raises InvalidProgram for a damaged package, UnsupportedOps for what the runtime lacks,
    InvalidInput for an unknown name in `outputs`.
    """
    package = read_package(Path(path))
    extra = [name for name in dict.fromkeys(outputs) if name not in package.interface.outputs]
    graph = _lower(package, precision, extra)
    model, constants = graph.to_model_and_constants()
    return LoadedModel(package, _session(model, constants, where=package.path), extra_outputs=extra)


def to_onnx(path: Path | str, precision: Precision = "declared") -> onnx.ModelProto:
    """Read an .mlpackage and return it as one standalone ONNX model.

    Inputs and outputs keep their names and are the program's tensors (an image is (1, C, H, W)
    of raw values); descriptions and metadata are kept. Raises as `load` does.
    """
    package = read_package(Path(path))
    model = _lower(package, precision, []).to_model()
    features = {**package.interface.inputs, **package.interface.outputs}
    for info in (*model.graph.input, *model.graph.output):
        feature = features.get(info.name)
        if feature is not None:
            info.doc_string = f"{feature.description} ({feature})".strip()
    onnx.helper.set_model_props(model, package.interface.metadata)
    model.doc_string = package.interface.metadata.get("short_description", "")
    return model


def _lower(package: Package, precision: Precision, extra: list[str]) -> Graph:
    try:
        _check_interface(package.interface, package)
        produced = {o.name for step in package.program.operations for o in step.outputs}
        unknown = sorted(set(extra) - produced)
        if unknown:
            raise InvalidInput(f"outputs: the program computes no values named {unknown}")
        graph, values = lower(package.program, precision=precision, extra_outputs=extra)
        check_types(graph.to_model_and_constants()[0], values)
        for name, feature in package.interface.outputs.items():
            _check_output(feature, values[name])
    except (InvalidProgram, InvalidInput) as error:
        raise type(error)(f"{package.path}: {error}") from error
    return graph


def _check_interface(interface: Interface, package: Package) -> None:
    program = package.program
    types = {declared.name: declared.type for declared in program.inputs}
    outputs_agree = interface.outputs and set(interface.outputs) <= set(program.outputs)
    if set(types) != set(interface.inputs) or not outputs_agree:
        raise InvalidProgram(
            f"the description speaks of inputs {sorted(interface.inputs)} and outputs "
            f"{sorted(interface.outputs)}; the program has {sorted(types)} and "
            f"{sorted(program.outputs)}. Export the model again."
        )
    for name, feature in interface.inputs.items():
        declared = types[name]
        if declared is None or (feature.shape or declared.shape) != declared.fixed_shape():
            raise InvalidProgram(
                f"input {name!r}: described as {feature}; the program takes {declared}"
            )


def _check_output(feature: Feature, value: Value) -> None:
    if feature.shape and value.shape != feature.shape:
        raise InvalidProgram(
            f"output {feature.name!r}: described as {feature}; the program makes {value.declared}"
        )


def _session(
    model: onnx.ModelProto, constants: dict[str, np.ndarray], *, where: Path
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = SILENT
    options.add_external_initializers(
        list(constants),
        [onnxruntime.OrtValue.ortvalue_from_numpy(data) for data in constants.values()],
    )
    try:
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime's errors share no class of their own
        raise InvalidProgram(
            f"{where}: ONNX Runtime refuses the program: {error}. Export the model again."
        ) from error
