"""Read an .mlpackage: folder -> description, program and weights; of a pipeline, of each stage.

Reads Manifest.json, the specification it names and the weight files that the program names,
and nothing outside the folder.
"""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget, Limits
from conversion.mlprogram.files import read_whole
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.interface import Interface, read_interface
from conversion.mlprogram.kinds import PIPELINES, in_words, require_package
from conversion.mlprogram.program import Program, read_program
from conversion.mlprogram.protobuf import parse_model
from conversion.mlprogram.types import TensorType
from conversion.mlprogram.weights import WeightFile

# How a program names a file beside its specification.
MODEL_PATH = "@model_path/"
# The smallest message of protobuf has 2 bytes in a file and some 100 in memory; ordinary ones, of
# names and shapes, take ten times as many bytes as in the file.
MESSAGE_TIMES = 10
# Stages of a pipeline: a few in practice, and each becomes a session.
MOST_STAGES = 64


@dataclass(frozen=True)
class Package:
    """A package that was read whole: nothing of it is opened again."""

    path: Path
    interface: Interface
    program: Program
    budget: Budget  # which its constants have taken from
    stage: str = ""  # of a pipeline: " (stage 2 of 3)"

    @property
    def where(self) -> str:
        """What messages call it."""
        return f"{self.path}{self.stage}"


@dataclass(frozen=True)
class Pipeline:
    """A package whose ML Programs run one after another, each given what those before it made."""

    path: Path
    interface: Interface
    stages: tuple[Package, ...]
    budget: Budget  # which the constants of all stages have taken from


def read_package(
    path: Path, *, function: str | None = None, limits: Limits | None = None
) -> Package:
    """Read an .mlpackage folder of one program; of several functions, `function` or the default.

    Raises InvalidProgram if anything in it is missing, damaged, outside it, or no ML Program;
    OverBudget if that takes more than `limits`.
    """
    package = read_model(path, function=function, limits=limits)
    if isinstance(package, Pipeline):
        raise InvalidProgram(
            f"{path}: expected one ML Program, received a pipeline of {len(package.stages)} "
            "stages. Save the stage that you mean as a package of its own."
        )
    return package


def read_model(
    path: Path, *, function: str | None = None, limits: Limits | None = None
) -> Package | Pipeline:
    """Read an .mlpackage folder: a program, or a pipeline of programs. Raises as read_package."""
    with told_of(path):
        return _read(path, function=function, budget=Budget(limits))


def _read(path: Path, *, function: str | None, budget: Budget) -> Package | Pipeline:
    require_package(path, budget=budget)
    specification = _specification_path(path, budget)
    try:
        reading = budget.again()  # what the file takes is given back: only the program stays
        data = read_whole(specification, budget=reading, times=MESSAGE_TIMES).tobytes()
    except OSError as error:
        raise InvalidProgram(
            f"{specification}: the model specification cannot be read ({error.strerror}). "
            "Copy the whole .mlpackage again."
        ) from error
    model = parse_model(data, where=str(specification))
    weights = _Weights(path, specification.parent, budget)
    kind = model.WhichOneof("Type")
    if kind in PIPELINES:
        return _pipeline(model, path, function=function, weights=weights, budget=budget)
    if kind != "mlProgram":
        raise InvalidProgram(f"{path}: expected an ML Program, received {in_words(kind)}")
    return _program(model, path, function=function, weights=weights, budget=budget)


def _program(
    model: Any,
    path: Path,
    *,
    function: str | None,
    weights: "_Weights",
    budget: Budget,
    stage: str = "",
) -> Package:
    interface = read_interface(model.description, function=function)
    program = read_program(
        model.mlProgram, function=interface.function, read_blob=weights.read, budget=budget
    )
    return Package(path, interface=interface, program=program, budget=budget, stage=stage)


def _pipeline(
    model: Any, path: Path, *, function: str | None, weights: "_Weights", budget: Budget
) -> Pipeline:
    if function is not None:
        raise InvalidProgram(
            f"{path}: expected no name of a function, since a pipeline has one way through it; "
            f"received {function!r}. Leave it out."
        )
    kind = model.WhichOneof("Type")
    message = model.pipeline if kind == "pipeline" else getattr(model, kind).pipeline
    count = len(message.models)
    if not 1 <= count <= MOST_STAGES:
        raise InvalidProgram(
            f"{path}: expected a pipeline of 1 to {MOST_STAGES} stages, received {count}. "
            "Export it again."
        )
    stages = []
    for number, each in enumerate(message.models, 1):
        stage = f" (stage {number} of {count})"
        stage_kind = each.WhichOneof("Type")
        if stage_kind != "mlProgram":
            raise InvalidProgram(
                f"{path}{stage}: expected a pipeline of ML Programs alone, received "
                f"{in_words(stage_kind)}"
            )
        with told_of(f"{path}{stage}"):
            read = _program(each, path, function=None, weights=weights, budget=budget, stage=stage)
        if read.program.states:
            raise InvalidProgram(
                f"{path}{stage}: it keeps states ({read.program.states[0].name!r}), which are not "
                "run in pipelines here. Save this stage as a package of its own, and run that."
            )
        stages.append(read)
    return Pipeline(
        path, read_interface(model.description, function=None), tuple(stages), budget=budget
    )


def _specification_path(path: Path, budget: Budget) -> Path:
    manifest_path = _inside(path, path, "Manifest.json")
    try:
        written = read_whole(manifest_path, budget=budget.again(), times=MESSAGE_TIMES)
        manifest = json.loads(written.tobytes())
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
    return _inside(path, path / "Data", relative)


def _inside(package: Path, folder: Path, relative: Any) -> Path:
    """Return folder / relative, `folder` being one of the package.

    Raises InvalidProgram unless that lies inside `package`, wherever links lead.
    """
    if isinstance(relative, str) and relative and "\0" not in relative:
        plain = PurePosixPath(relative)
        target = folder / plain
        if not plain.is_absolute() and ".." not in plain.parts:
            # Links are followed too: a link to elsewhere is as much outside, and so is what lies
            # in a folder that is one. Only the package itself may be: whoever named it has seen it.
            try:
                if target.resolve().is_relative_to(package.resolve()):
                    return target
            except (OSError, RuntimeError, ValueError):
                pass  # a circle of links, or a name that cannot exist
    raise InvalidProgram(
        f"{folder}: expected the name of a file inside this folder, received {relative!r}, "
        "which is refused. Do not use this package unless you know who made it."
    )


class _Weights:
    """The weight files of one package, each read once."""

    def __init__(self, package: Path, folder: Path, budget: Budget) -> None:
        self._package = package
        self._folder = folder
        self._budget = budget
        self._files: dict[str, WeightFile] = {}

    def read(self, name: str, offset: int, tensor: TensorType) -> np.ndarray:
        if name not in self._files:
            if not name.startswith(MODEL_PATH):
                raise InvalidProgram(
                    f"expected a weight file name that starts with {MODEL_PATH}, "
                    f"received {name!r}. Export the model again."
                )
            path = _inside(self._package, self._folder, name[len(MODEL_PATH) :])
            self._files[name] = WeightFile(path, budget=self._budget)
        return self._files[name].read(offset, tensor=tensor)
