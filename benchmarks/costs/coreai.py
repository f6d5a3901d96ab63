"""The cost of a Core AI asset, from the operations of its program and how its weights are stored.

Read in a process of its own: Apple's reader answers some damaged files with a signal.
"""

import math
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.costs.layers import Cost, Layer, precision_of
from conversion.coreai import api
from conversion.coreai.runtime import MAIN, require_whole
from conversion.errors import ArtifactError
from conversion.runtimes.asked import AskedProcess, answer_all

CONVOLUTIONS = ("coreai.conv2d", "coreai.conv3d")
TRANSPOSED = ("coreai.conv_transpose2d", "coreai.conv_transpose3d")
PRODUCTS = ("coreai.batch_matmul",)
DTYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}
WEIGHTS = ("f", "b")  # how the element types of weights begin, once they are expanded


@dataclass(frozen=True)
class _Value:
    """A value of the program. stored: bytes in the file of what a constant is made of."""

    shape: tuple[int, ...]
    element: str
    stored: int | None = None
    dequantized: bool = False  # of integers that the program itself made

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        return math.ceil(self.size * api.bits_of(self.element) / 8)


def read_cost(path: Path) -> Cost:
    """Read the main function of an .aimodel. Raises ArtifactError."""
    require_whole(path)
    api.require_installed()
    process = AskedProcess(
        _serve,
        ended=lambda how: ArtifactError(f"{path}: reading it {how}. Export it again."),
    )
    try:
        cost: Cost = process.ask(path)
    finally:
        process.close()
    return cost


def _serve(connection: Connection) -> None:
    answer_all(connection, _read)


def _read(path: Path) -> Cost:
    program = api.open_asset(path).program  # kept: operations do not keep it
    functions = api.graphs(program)
    if MAIN not in functions:
        raise ArtifactError(f"{path}: expected a function {MAIN!r}, received {list(functions)}.")
    values: dict[Any, _Value] = {}
    layers: list[Layer] = []
    macs_by_type: Counter[str] = Counter()
    for number, operation in enumerate(functions[MAIN]):
        taken = [values.get(each) or _described(each) for each in operation.operands]
        made = [_described(each) for each in operation.results]
        if operation.name == "coreai.constant":
            (value,) = made
            values[operation.results[0]] = _constant(value, api.stored_bytes(operation))
            continue
        if made and taken and all(each.stored is not None for each in taken):
            stored = sum(each.stored or 0 for each in taken)
            for result, value in zip(operation.results, made, strict=True):
                values[result] = _constant(value, stored)  # computed of constants: a constant
            continue
        for result, value in zip(operation.results, made, strict=True):
            integer = operation.name == "coreai.dequantize"
            values[result] = _Value(value.shape, value.element, dequantized=integer)
        if not made:
            continue  # the outputs
        macs, weights = _macs(operation.name, taken, made), _weights(taken)
        data = [each for each in taken if each.stored is None]
        layers.append(
            Layer(
                name=f"{operation.name.removeprefix('coreai.')}_{number}",
                kind=operation.name.removeprefix("coreai.").removeprefix("decomposable."),
                output=f"{_dtype(made[0].element)}[{', '.join(map(str, made[0].shape))}]",
                macs=macs,
                parameters=sum(each.size for each in weights),
                weight_bytes=sum(each.stored or 0 for each in weights),
                read_bytes=sum(each.bytes for each in data),
                written_bytes=sum(each.bytes for each in made),
                largest_axis=max((n for each in (*data, *made) for n in each.shape), default=0),
            )
        )
        if macs:
            element = "int8" if taken[0].dequantized else _dtype(made[0].element)
            macs_by_type[element] += macs
    return Cost(
        artifact=str(path),
        format="coreai",
        precision=precision_of(macs_by_type),
        layers=tuple(layers),
    )


def _described(value: Any) -> _Value:
    return _Value(*api.shape_and_type(value))


def _constant(value: _Value, stored: int) -> _Value:
    return _Value(value.shape, value.element, stored)


def _weights(taken: list[_Value]) -> list[_Value]:
    """Return the weights among what an operation takes: constants of floats, no single numbers."""
    constants = [each for each in taken if each.stored is not None]
    return [each for each in constants if each.shape and each.element.startswith(WEIGHTS)]


def _macs(kind: str, taken: list[_Value], made: list[_Value]) -> int:
    if kind in CONVOLUTIONS:  # weight (C_out, C_in / groups, K, K)
        return made[0].size * taken[1].size // taken[1].shape[0]
    if kind in TRANSPOSED:
        return taken[0].size * taken[1].size // taken[0].shape[1]
    if kind in PRODUCTS:
        return made[0].size * taken[0].shape[-1]
    return 0


def _dtype(element: str) -> str:
    return DTYPES.get(element, element)
