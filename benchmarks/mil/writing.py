"""Write ML Programs message by message: coremltools' converters refuse to write hostile ones."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from conversion.mlprogram.protobuf import parse_model

# DataType of MIL.proto, ArrayDataType of FeatureTypes.proto.
TYPES = {"bool": 1, "string": 2, "fp16": 10, "fp32": 11, "int8": 21, "int32": 23, "uint8": 31}
ARRAY_TYPES = {"fp32": 65568, "int32": 131104, "fp16": 65552}
# Field of a TensorValue that holds constants of a kind of NumPy.
FIELDS = {"f": "floats", "i": "ints", "u": "ints", "b": "bools", "U": "strings"}
NAMES = {"f": "fp32", "i": "int32", "u": "uint8", "b": "bool", "U": "string"}

LARGEST = 2**63 - 1  # size of a description

Shape = Sequence[int | None]  # None: a size that only running tells


class Steps:
    """Operations of a function or of a block, one after another."""

    def __init__(self, message: Any) -> None:
        """message: a Block."""
        self.message = message

    def step(self, kind: str, made: str, of: str, shape: Shape, /, **inputs: Any) -> Any:
        """Add an operation that makes one value; returns its message.

        inputs: the name of a value, a constant as an array or a number, or a list of names.
        """
        operation = self.message.operations.add(type=kind)
        describe(operation.outputs.add(name=made).type, of, shape)
        for name, given in inputs.items():
            arguments = operation.inputs[name].arguments
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, str):
                    arguments.add(name=one)
                else:
                    constant(arguments.add().value, np.asarray(one))
        return operation

    def block(self, operation: Any, inputs: Mapping[str, tuple[str, Shape]]) -> "Steps":
        """Begin a block of an operation."""
        block = operation.blocks.add()
        for name, (of, shape) in inputs.items():
            describe(block.inputs.add(name=name).type, of, shape)
        return Steps(block)


class Written(Steps):
    """A program of one function, with the description that Core ML keeps beside it."""

    def __init__(self, *, opset: str = "CoreML8") -> None:
        """opset: the key of an opset: CoreML8 is iOS 18."""
        self.model = parse_model(b"", where="a new model")
        self.model.specificationVersion = 9
        program = self.model.mlProgram
        program.version = 1
        self.function = program.functions["main"]
        self.function.opset = opset
        super().__init__(self.function.block_specializations[opset])

    def input(self, name: str, of: str = "fp32", shape: Shape = ()) -> Any:
        """Add an input, described as it is declared; returns its feature."""
        describe(self.function.inputs.add(name=name).type, of, shape)
        return _array(self.model.description.input.add(name=name), of, shape)

    def output(self, name: str, of: str = "fp32", shape: Shape = ()) -> Any:
        """Return a value of the program; returns its feature."""
        self.message.outputs.append(name)
        return _array(self.model.description.output.add(name=name), of, shape)

    def save(self, path: Path) -> Path:
        """Write the package."""
        folder = path / "Data" / "com.apple.CoreML"
        folder.mkdir(parents=True)
        (folder / "model.mlmodel").write_bytes(self.model.SerializeToString())
        entry = {"author": "com.apple.CoreML", "path": "com.apple.CoreML/model.mlmodel"}
        manifest = {
            "fileFormatVersion": "1.0.0",
            "itemInfoEntries": {"root": entry},
            "rootModelIdentifier": "root",
        }
        (path / "Manifest.json").write_text(json.dumps(manifest))
        return path


def describe(message: Any, of: str, shape: Shape) -> None:
    """Fill a ValueType with a tensor type."""
    tensor = message.tensorType
    tensor.dataType = TYPES[of]
    tensor.rank = len(shape)
    for size in shape:
        dimension = tensor.dimensions.add()
        if size is None:
            dimension.unknown.variadic = False
        else:
            dimension.constant.size = size


def constant(message: Any, data: np.ndarray) -> None:
    """Fill a Value with a constant that stands in the program."""
    kind = data.dtype.kind
    describe(message.type, NAMES[kind], data.shape)
    if data.dtype == np.uint8:
        message.immediateValue.tensor.bytes.values = data.tobytes()
    else:
        values = getattr(message.immediateValue.tensor, FIELDS[kind]).values
        values.extend(data.reshape(-1).tolist())


def _array(feature: Any, of: str, shape: Shape) -> Any:
    array = feature.type.multiArrayType
    array.dataType = ARRAY_TYPES.get(of, ARRAY_TYPES["fp32"])
    if None not in shape:
        array.shape.extend(min(size, LARGEST) for size in shape if size is not None)
    return feature
