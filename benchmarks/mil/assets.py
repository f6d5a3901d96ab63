"""ML Programs of coremltools' tests as Core AI assets: whether they become one, and agree.

In a process of its own, begun again when it ends: Apple's compiler and runtime may end theirs.
"""

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from conversion.errors import ArtifactError, ConversionError, UnsupportedOps
from conversion.runtimes.asked import RenewedProcess, answer_all

ANSWER_S = 120.0  # for one program
MOST = 40  # programs of one process: Apple's runtime keeps the memory of each
AGREES, DIFFERS, MISSING = "agrees", "differs", "no counterpart"
REFUSED, ENDED, SIZES = "not converted", "ended Apple's process", "other sizes, or a state"
NOTHING: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class Became:
    """What came of one program."""

    outcome: str  # one of those above
    detail: str = ""
    # MIL operation -> the ONNX operations that it is lowered to
    lowered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made: tuple[str, ...] = ()  # operations of the asset


class Assets:
    """Turns programs into assets, one after the other."""

    def __init__(self) -> None:
        self._process = RenewedProcess(_serve, ended=ArtifactError, patience_s=ANSWER_S, most=MOST)

    def of(self, package: Path, function: str | None, given: Mapping[str, np.ndarray]) -> Became:
        """Say what comes of a package. given: what its test predicts from."""
        try:
            became: Became = self._process.ask(package, function, dict(given))
        except ArtifactError as error:
            return Became(outcome=ENDED, detail=str(error))
        return became

    def close(self) -> None:
        """End the process."""
        self._process.close()


def _serve(connection: Connection) -> None:
    answer_all(connection, _became)


def _became(package: Path, function: str | None, given: dict[str, np.ndarray]) -> Became:
    from conversion.coreai import api, foreign
    from conversion.coreai.runtime import LoadedAsset, narrowed
    from conversion.runtimes.agreement import AGREES_DB, closeness_db, computed

    lowered: Mapping[str, tuple[str, ...]] = NOTHING
    operations: tuple[str, ...] = ()
    try:
        model = foreign.as_onnx(package, function_name=function)
        lowered = _lowered(package, function, model)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "program.aimodel"
            foreign.write_asset(model, path)
            operations = api.operation_names(path)
            inputs = foreign.as_inputs(model, given)
            if inputs is None:
                return Became(outcome=SIZES, lowered=lowered, made=operations)
            asset = LoadedAsset(path)
            made = asset.predict(narrowed(inputs, asset.inputs))
        expected = computed(model, inputs)
        close_db = min(closeness_db(expected[name], made[name]) for name in expected)
    except UnsupportedOps as error:
        return Became(outcome=MISSING, detail=str(error), lowered=lowered)
    except ConversionError as error:
        return Became(outcome=REFUSED, detail=str(error), lowered=lowered, made=operations)
    outcome = AGREES if close_db >= AGREES_DB else DIFFERS
    detail = f"{close_db:.1f} dB"
    return Became(outcome=outcome, detail=detail, lowered=lowered, made=operations)


def _lowered(package: Path, function: str | None, model: Any) -> dict[str, tuple[str, ...]]:
    """Return the ONNX operations of each MIL operation: a node is named after what it serves."""
    from conversion.mlprogram.lowering import all_operations
    from conversion.mlprogram.package import read_package

    program = read_package(package, function=function).program
    kinds = {
        output.name: operation.type
        for operation in all_operations(program.operations)
        for output in operation.outputs
    }
    found: dict[str, set[str]] = defaultdict(set)
    for node in model.graph.node:
        kind = kinds.get(node.name.partition(":")[0])
        if kind is not None:
            found[kind].add(node.op_type)
    return {kind: tuple(sorted(names)) for kind, names in sorted(found.items())}
