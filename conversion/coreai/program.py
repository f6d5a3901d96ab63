"""From ONNX models, one for each size of picture, to one Core AI program, by coreai-onnx."""

import copy
import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from conversion.coreai import api
from conversion.coreai.weights import DOMAIN, HALF, PALETTE, stored_in
from conversion.errors import ConversionError, UnsupportedOps, first_line


def program_of(models: Mapping[str, Any]) -> Any:
    """Return the Core AI program of ONNX models, by their entry points.

    Weights that are equal are stored once. Raises UnsupportedOps, naming every operation that has
    no counterpart, and ConversionError where the converter cannot go on.
    """
    converter = api.new_converter()
    _know_ours(converter, models)
    # Its warnings tell of Apple's faults on other systems, and it logs what it does.
    logging.getLogger("coreai_onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for entry_point, model in models.items():
                converter.add_onnx_model(with_tiles(model), entrypoint_name=entry_point)
            return converter.to_coreai()
    except ConversionError:
        raise
    except Exception as error:  # of coreai-onnx, of onnx, of Apple's compiler
        missing = getattr(error, "missing", None)
        if missing:
            raise UnsupportedOps(
                f"no counterpart in Core AI: {', '.join(sorted(missing))}. Export to Core ML."
            ) from error
        raise ConversionError(f"coreai-onnx cannot convert it: {first_line(error)}") from error


def with_tiles(model: Any) -> Any:
    """Return a model in which a value that is joined to itself, n times, is tiled.

    coreai-onnx spells a join as a pad, a mask and a choice for each part, since Apple's own joins
    end Xcode's process on a GPU; a tile is one operation.
    """
    result = copy.deepcopy(model)
    ranks = _ranks(result)
    for node in result.graph.node:
        parts = set(node.input)
        if node.op_type != "Concat" or len(parts) > 1 or node.output[0] not in ranks:
            continue
        repeats = np.ones(ranks[node.output[0]], np.int64)
        repeats[node.attribute[0].i] = len(node.input)
        name = f"{node.output[0]}:repeats"
        result.graph.initializer.append(numpy_helper.from_array(repeats, name))
        node.op_type = "Tile"
        del node.attribute[:]
        node.input[:] = [*parts, name]
    return result


def save(program: Any, path: Path, *, metadata: Any) -> None:
    """Write a program to `path`, an .aimodel. Its bytes differ from run to run: it has a date."""
    program.save_asset(path, metadata=metadata)


def _know_ours(converter: Any, models: Mapping[str, Any]) -> None:
    """Teach a converter the operations of conversion/coreai/weights.py."""
    tensors = {
        tensor.name: tensor
        for model in models.values()
        if any(each.domain == DOMAIN for each in model.opset_import)
        for tensor in model.graph.initializer
    }

    def palette(_values: Any, node: Any, _location: Any) -> Any:
        held = {name: numpy_helper.to_array(tensors[name]) for name in node.input}
        stored = stored_in(node, held)
        indices = api.packed_constant(stored.indices, bits=stored.bits)
        luts = api.constant(stored.luts.reshape(stored.lut_shape))
        return api.in_float32(api.lut_to_dense(indices, luts, axis=0))

    def half(values: Any, node: Any, _location: Any) -> Any:
        return api.in_float32(values[node.input[0]])

    for kind, lowering in ((PALETTE, palette), (HALF, half)):
        converter.register_onnx_lowering(f"{DOMAIN}::{kind}")(lowering)


def _ranks(model: Any) -> dict[str, int]:
    """Return how many axes the values of a model have, as far as ONNX can tell."""
    inferred = onnx.shape_inference.infer_shapes(model).graph
    return {info.name: len(info.type.tensor_type.shape.dim) for info in inferred.value_info}
