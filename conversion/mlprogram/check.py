"""Check that a lowered graph has the types and shapes that the program declares.

A damaged program is found here, before its sizes ask for memory or its values mean nothing.
"""

import math
from collections.abc import Mapping

import onnx
from onnx import helper, shape_inference

from conversion.errors import InvalidProgram
from conversion.mlprogram.encoding import computed_in, element_type
from conversion.mlprogram.graph import Value
from conversion.mlprogram.nested import infos_of
from conversion.mlprogram.types import TensorType


def check_types(model: onnx.ModelProto, values: Mapping[str, Value]) -> onnx.ModelProto:
    """Compare what ONNX infers for every value of the program with what the program declares.

    Returns the model with all types that were inferred. Raises InvalidProgram at the first
    difference, in the order of the program.
    """
    try:
        inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    except shape_inference.InferenceError as error:
        _require_declared(_without_outputs(model), values)  # says it by name, if it can be said
        raise InvalidProgram(
            f"the program contradicts itself: {str(error).strip()}. Export the model again."
        ) from error
    _require_declared(inferred, values)
    return inferred


def _without_outputs(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with what ONNX infers where nothing is said of the shapes of outputs."""
    said = onnx.ModelProto()
    said.CopyFrom(model)
    for info in said.graph.output:
        info.type.tensor_type.ClearField("shape")
    return shape_inference.infer_shapes(said)


def _require_declared(inferred: onnx.ModelProto, values: Mapping[str, Value]) -> None:
    types = {info.name: info.type.tensor_type for info in infos_of(inferred.graph)}
    for name, value in values.items():
        if value.name not in types:
            continue  # a constant, an input, or a shape that only running can tell
        tensor = types[value.name]
        sizes = tuple(d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim)
        declared = value.declared
        expected_type = element_type(computed_in(declared.dtype))
        agree = len(sizes) == declared.rank and all(
            size is None or wanted is None or size == wanted
            for size, wanted in zip(sizes, declared.shape, strict=True)
        )
        same_type = tensor.elem_type == expected_type
        if not same_type or (tensor.HasField("shape") and not agree):
            computed = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
            made = TensorType(declared.dtype if same_type else computed, sizes)
            raise InvalidProgram(
                f"value {name!r}: the program declares {declared}; its operations make {made}. "
                f"{_remedy(declared, made)}"
            )


def _remedy(declared: TensorType, made: TensorType) -> str:
    # coremltools 9 declares of a select the shape of its values, whatever that of its condition.
    larger = math.prod(n or 1 for n in made.shape) > math.prod(n or 1 for n in declared.shape)
    if larger and made.dtype == declared.dtype:
        return (
            "Export the model again; where a select has a larger condition than values, make the "
            "values as large before (coremltools declares the smaller shape)."
        )
    return "Export the model again."
