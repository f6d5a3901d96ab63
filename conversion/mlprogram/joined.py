"""The graphs of a pipeline's stages as one: joined by name, as the stages are where they run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

from conversion.errors import ConversionError
from conversion.mlprogram.encoding import element_type, value_info
from conversion.mlprogram.interface import ArrayFeature, Feature, ImageFeature
from conversion.mlprogram.package import Pipeline
from conversion.mlprogram.types import TensorType

FLOAT = TensorProto.FLOAT


def join(pipeline: Pipeline, models: Sequence[onnx.ModelProto]) -> onnx.ModelProto:
    """Return one model of a pipeline whose joins were checked; models: of its stages, in order.

    Names inside begin with stage1/, stage2/...; inputs and outputs have the pipeline's.
    Raises ConversionError where an output has the name of an input, which ONNX has no form for.
    """
    interface = pipeline.interface
    twice = sorted(set(interface.inputs) & set(interface.outputs))
    if twice:
        raise ConversionError(
            f"{pipeline.path}: expected other names for outputs than for inputs, received {twice} "
            "as both. ONNX has no form for that; load and predict run the pipeline."
        )
    joined = _Joined()
    for number, (stage, model) in enumerate(zip(pipeline.stages, models, strict=True), 1):
        prefix = f"stage{number}/"
        named = compose.add_prefix(model, prefix)
        for info in named.graph.input:
            name = info.name.removeprefix(prefix)
            if name not in joined.values and name in interface.inputs:
                joined.take(name, info, interface.inputs[name])
            joined.connect(info, stage.interface.inputs[name])
        joined.add(named.graph)
        for name, feature in stage.interface.outputs.items():
            info = next(o for o in named.graph.output if o.name == f"{prefix}{name}")
            joined.values[name] = (info, feature)
    for name, feature in interface.inputs.items():
        joined.take_unused(name, feature)
    for feature in interface.outputs.values():
        joined.give(feature)
    graph = helper.make_graph(
        joined.nodes, "main", joined.inputs, joined.outputs, joined.initializers
    )
    first = models[0]
    return helper.make_model(
        graph,
        opset_imports=list(first.opset_import),
        ir_version=first.ir_version,
        producer_name=first.producer_name,
    )


class _Joined:
    """The one graph under construction, and what has a name in the pipeline by now."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        self.values: dict[str, tuple[onnx.ValueInfoProto, Feature]] = {}

    def take(self, name: str, like: onnx.ValueInfoProto, feature: Feature) -> None:
        """Add an input of the pipeline, of the type of the stage's input that first needs it."""
        info = onnx.ValueInfoProto()
        info.CopyFrom(like)
        info.name = name
        self.inputs.append(info)
        self.values[name] = (info, feature)

    def take_unused(self, name: str, feature: Feature) -> None:
        """Add an input that no stage needs, or else nothing."""
        if all(info.name != name for info in self.inputs):
            dtype = feature.dtype if isinstance(feature, ArrayFeature) else np.dtype(np.float32)
            self.inputs.append(value_info(name, TensorType(dtype, feature.shape or ())))

    def connect(self, taken: onnx.ValueInfoProto, feature: Feature) -> None:
        """Give the input `taken` of a stage, described as `feature`, what its name stands for."""
        wanted = taken.type.tensor_type.elem_type
        if feature.name in self.values:
            given, made_as = self.values[feature.name]
            value = self._result(given.name, made_as, taken.name)
            value = self._ordered(value, made_as, feature, taken.name)
        else:
            value = self._default(feature, taken.name)
        self._node("Cast", [value], taken.name, to=wanted)

    def add(self, graph: onnx.GraphProto) -> None:
        """Add the nodes and constants of a stage, whose names are its own."""
        self.nodes.extend(graph.node)
        self.initializers.extend(graph.initializer)

    def give(self, feature: Feature) -> None:
        """Add an output of the pipeline: the tensor that a stage makes, as the stage makes it."""
        made, made_as = self.values[feature.name]
        info = onnx.ValueInfoProto()
        info.CopyFrom(made)
        info.name = feature.name
        self.outputs.append(info)
        value = self._ordered(made.name, made_as, feature, f"{made.name}:output")
        self._node("Identity", [value], feature.name)

    def _result(self, value: str, made_as: Feature, taken: str) -> str:
        """Return what predict makes of a tensor of a stage; an input of the pipeline as it is."""
        if any(info.name == value for info in self.inputs):
            return value
        if isinstance(made_as, ImageFeature):
            return self._as_picture(value, taken, whole=made_as.color != "GRAYSCALE_FLOAT16")
        assert isinstance(made_as, ArrayFeature)  # require_joins has checked it
        return self._node("Cast", [value], f"{taken}:given", to=element_type(made_as.dtype))

    def _ordered(self, value: str, made_as: Feature, wanted: Feature, name: str) -> str:
        """Return a picture's channels in the order that is wanted."""
        if not (isinstance(made_as, ImageFeature) and isinstance(wanted, ImageFeature)):
            return value
        if made_as.color == wanted.color:
            return value
        order = self._constant(f"{name}:order", np.array([2, 1, 0], np.int64))
        return self._node("Gather", [value, order], f"{name}:ordered", axis=1)

    def _default(self, feature: Feature, taken: str) -> str:
        """Return what an optional input is filled with that nothing gives."""
        assert isinstance(feature, ArrayFeature)  # require_joins has checked it
        if feature.shape is None:
            raise ConversionError(
                f"input {feature.name!r} of a stage is optional, is given by nothing, and its "
                "description has no shape: expected one. Export the stage again."
            )
        shape = self._constant(f"{taken}:shape", np.array(feature.shape, np.int64))
        filled = numpy_helper.from_array(np.array([feature.default], np.float32))
        return self._node("ConstantOfShape", [shape], f"{taken}:default", value=filled)

    def _as_picture(self, value: str, taken: str, *, whole: bool) -> str:
        """Round to whole numbers, halves to even, and clip to 0 to 255, as images.to_picture."""
        value = self._node("Cast", [value], f"{taken}:float", to=FLOAT)
        if not whole:
            return value
        nothing = self._constant(f"{taken}:0", np.array(0, np.float32))
        most = self._constant(f"{taken}:255", np.array(255, np.float32))
        no_number = self._node("IsNaN", [value], f"{taken}:nan")
        value = self._node("Where", [no_number, nothing, value], f"{taken}:number")
        value = self._node("Round", [value], f"{taken}:whole")
        return self._node("Clip", [value, nothing, most], f"{taken}:picture")

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def _constant(self, name: str, data: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(data, name))
        return name
