"""Read an .mlpackage: folder -> description, program and weights.

Reads Manifest.json, the specification it names and the weight files that the program names,
and nothing outside the folder.
"""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.interface import Interface, read_interface
from conversion.mlprogram.program import Program, read_program
from conversion.mlprogram.protobuf import parse_model
from conversion.mlprogram.types import TensorType
from conversion.mlprogram.weights import WeightFile

# How a program names a file beside its specification.
MODEL_PATH = "@model_path/"


@dataclass(frozen=True)
class Package:
    """A package that was read whole: nothing of it is opened again."""

    path: Path
    interface: Interface
    program: Program


def read_package(path: Path, *, function: str | None = None) -> Package:
    """Read an .mlpackage folder; of several functions, `function` or the default one.

    Raises InvalidProgram if anything in it is missing, damaged, outside it, or no ML Program.
    """
    specification = _specification_path(path)
    try:
        data = specification.read_bytes()
    except OSError as error:
        raise InvalidProgram(
            f"{specification}: the model specification cannot be read ({error.strerror}). "
            "Copy the whole .mlpackage again."
        ) from error
    model = parse_model(data, where=str(specification))
    kind = model.WhichOneof("Type")
    if kind != "mlProgram":
        raise InvalidProgram(
            f"{path}: expected an ML Program, received a model of kind {kind}. "
            'Export with coremltools.convert(..., convert_to="mlprogram").'
        )
    weights = _Weights(specification.parent)
    try:
        interface = read_interface(model.description, function=function)
        return Package(
            path,
            interface=interface,
            program=read_program(
                model.mlProgram, function=interface.function, read_blob=weights.read
            ),
        )
    except InvalidProgram as error:
        raise InvalidProgram(f"{path}: {error}") from error


def _specification_path(path: Path) -> Path:
    manifest_path = _inside(path, "Manifest.json")
    try:
        manifest = json.loads(manifest_path.read_bytes())
    except OSError as error:
        raise InvalidProgram(
            f"{path} is not an .mlpackage: Manifest.json cannot be read ({error.strerror}). "
            "Expected the folder that conversion.to_coreml or coremltools wrote."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidProgram(
            f"{manifest_path} is damaged: expected JSON. Copy the .mlpackage again."
        ) from error
    try:
        relative = manifest["itemInfoEntries"][manifest["rootModelIdentifier"]]["path"]
    except (KeyError, TypeError, IndexError) as error:
        raise InvalidProgram(
            f"{manifest_path}: expected itemInfoEntries with the path of rootModelIdentifier. "
            "Copy or export the .mlpackage again."
        ) from error
    return _inside(path / "Data", relative)


def _inside(folder: Path, relative: Any) -> Path:
    """Return folder / relative. Raises InvalidProgram unless that lies inside `folder`."""
    if isinstance(relative, str) and relative and "\0" not in relative:
        plain = PurePosixPath(relative)
        target = folder / plain
        if not plain.is_absolute() and ".." not in plain.parts:
            # Links are followed too: a link to elsewhere is as much outside.
            try:
                if target.resolve().is_relative_to(folder.resolve()):
                    return target
            except (OSError, RuntimeError, ValueError):
                pass  # a circle of links, or a name that cannot exist
    raise InvalidProgram(
        f"{folder}: expected the name of a file inside this folder, received {relative!r}, "
        "which is refused. Do not use this package unless you know who made it."
    )


class _Weights:
    """The weight files of one package, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, WeightFile] = {}

    def read(self, name: str, offset: int, tensor: TensorType) -> np.ndarray:
        if name not in self._files:
            if not name.startswith(MODEL_PATH):
                raise InvalidProgram(
                    f"expected a weight file name that starts with {MODEL_PATH}, "
                    f"received {name!r}. Export the model again."
                )
            self._files[name] = WeightFile(_inside(self._folder, name[len(MODEL_PATH) :]))
        return self._files[name].read(offset, tensor=tensor)
