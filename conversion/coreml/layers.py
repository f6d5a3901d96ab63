"""Read from an ML Program its layers, whose weights can be stored smaller."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from conversion.compression.layers import CHANNEL_AXIS, Layer
from conversion.mlprogram.package import read_package
from conversion.mlprogram.program import Operation, Reference


def layers_of(model: Any) -> list[Layer]:
    """Return the layers of a coremltools model in the order of its program, small ones included.

    Operations that take the same weight are one layer.
    """
    operations = read_package(Path(model.package_path)).program.operations
    constants: dict[str, np.ndarray] = {}
    layers: dict[str, Layer] = {}  # by the name of the weight
    for operation in operations:
        if operation.type == "const":
            constants[operation.outputs[0].name] = _value(operation)
        elif operation.type in CHANNEL_AXIS:
            (weight,) = operation.inputs["weight"]
            assert isinstance(weight, Reference)  # coremltools names every weight
            name = operation.outputs[0].name
            if first := layers.get(weight.name):
                layers[weight.name] = replace(first, again=(*first.again, name))
            elif weight.name in constants:
                layers[weight.name] = Layer(name, operation.type, constants[weight.name])
    return list(layers.values())


def _value(operation: Operation) -> Any:
    (value,) = operation.inputs["val"]
    return value
