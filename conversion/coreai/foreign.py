"""Any ML Program as a Core AI program: lowered to ONNX by our runtime, then as our own nets go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from conversion.coreai import api
from conversion.coreai.program import program_of, save
from conversion.coreai.runtime import MAIN
from conversion.coreai.weights import DOMAIN, DOMAIN_VERSION, HALF
from conversion.mlprogram.budget import Limits
from conversion.mlprogram.model import to_onnx

# What ML Programs say of themselves.
AUTHOR, LICENCE, DESCRIPTION = "author", "license", "short_description"


def as_onnx(
    package: Path, *, function_name: str | None = None, limits: Limits | None = None
) -> Any:
    """Return an .mlpackage as ONNX of fixed shapes, computed in float32.

    What it stores in 16 bits is computed in 32, and still stored in 16. Raises as
    conversion.mlprogram.model.to_onnx, with a list of all operations that our runtime lacks.
    """
    model = to_onnx(
        package, "float32", function_name=function_name, fixed=True, dense=True, limits=limits
    )
    half = {
        tensor.name
        for tensor in model.graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT16
    }
    widened = [
        node for node in model.graph.node if node.op_type == "Cast" and node.input[0] in half
    ]
    for node in widened:
        node.op_type, node.domain = HALF, DOMAIN
        del node.attribute[:]
    if widened:
        model.opset_import.append(onnx.helper.make_opsetid(DOMAIN, DOMAIN_VERSION))
    return model


def write_asset(model: Any, path: Path) -> None:
    """Write an .aimodel of what `as_onnx` returned, with what the package says of itself.

    Raises UnsupportedOps with all operations that have no counterpart, ConversionError.
    """
    said = {each.key: each.value for each in model.metadata_props}
    metadata = api.new_metadata(
        author=said.pop(AUTHOR, ""),
        licence=said.pop(LICENCE, ""),
        description=said.pop(DESCRIPTION, ""),
        more=said,
    )
    save(program_of({MAIN: model}), path, metadata=metadata)


def random_inputs(model: Any, *, seed: int = 0) -> dict[str, np.ndarray]:
    """Return numbers for every input of an ONNX model of fixed shapes: normal, or 0 to 3."""
    draws = np.random.default_rng(seed)
    given = {}
    for name, (shape, dtype) in _inputs(model).items():
        value = draws.normal(size=shape) if dtype.kind == "f" else draws.integers(0, 4, shape)
        given[name] = np.asarray(value).astype(dtype)
    return given


def as_inputs(model: Any, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray] | None:
    """Return arrays as an ONNX model takes them; None where it takes other names or sizes."""
    inputs = _inputs(model)
    if {name: value.shape for name, value in given.items()} != {
        name: shape for name, (shape, _) in inputs.items()
    }:
        return None
    return {name: value.astype(inputs[name][1]) for name, value in given.items()}


def _inputs(model: Any) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
    """Return shape and type of every input of a model of fixed shapes."""
    held = {tensor.name for tensor in model.graph.initializer}
    return {
        info.name: (
            tuple(dimension.dim_value for dimension in info.type.tensor_type.shape.dim),
            onnx.helper.tensor_dtype_to_np_dtype(info.type.tensor_type.elem_type),
        )
        for info in model.graph.input
        if info.name not in held
    }
