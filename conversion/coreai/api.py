"""The names of Apple's coreai-core and of coreai-onnx that Nurie uses, private and beta ones too.

Seen in coreai-core 1.0.0b3 and coreai-onnx 1.2.1; pyproject.toml pins both exactly. No other file
imports either, so that what a new version moves is found and mended here.
"""

import contextlib
import importlib
import math
import os
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from conversion.errors import ConversionError
from training.terminal.typed import install_command

SEEN = {"coreai-core": "1.0.0b3", "coreai-onnx": "1.2.1"}
WHEELS = "which has wheels for Linux on x86_64 and macOS on arm64, Python 3.11 to 3.14"
# What the rewrite before saving may fold although the result is larger than what it is made of.
SMALL_FOLD = 64  # elements
_BINDINGS = "coreai._compiler._mlir_libs._coreaiIR._bindings.mlir.dialects.coreai"
_BITS = re.compile(r"[a-z]+(\d+)")  # of an element type: f32, si8, ui6, i1, f8E4M3FN


def installed() -> bool:
    """Say whether Core AI can be written and run here."""
    return find_spec("coreai") is not None and find_spec("coreai_onnx") is not None


def require_installed() -> None:
    """Raise ConversionError where Apple's packages are not installed."""
    if not installed():
        raise ConversionError(
            "Core AI needs packages that are not installed here: "
            f"{install_command('coreai')}, {WHEELS}."
        )


def new_converter() -> Any:
    """Return a coreai_onnx.OnnxConverter whose programs keep small what was stored small.

    Apple's rewrite folds what it can. Left alone it expands weights stored in 16 bits to 32, and
    constants to the shape of the picture.
    """
    converter = _name("coreai_onnx", "OnnxConverter")()
    register = _name(_BINDINGS, "register_should_const_folding_hook")
    register(callable=_may_fold, context=_attribute(converter.context, "_mlir_context"))
    return converter


def known_operations() -> frozenset[str]:
    """Return the ONNX operations that coreai-onnx converts, and those of weights that are ours."""
    return frozenset(_name("coreai_onnx", "supported_ops")()) | {"Palette", "Half"}


def constant(value: np.ndarray) -> Any:
    """Return a constant of the program that is being built."""
    return _dialect("constant")(value)


def packed_constant(value: np.ndarray, *, bits: int) -> Any:
    """Return a constant of unsigned integers that takes so many bits a value.

    value: uint8, any shape, each below 2^bits. The first value stands in the lowest bits. Apple's
    own `constant` writes a byte for each, which the runtime then reads as packed.
    """
    flat = np.ascontiguousarray(value, np.uint8).reshape(-1, 1)
    packed = np.packbits((flat >> np.arange(bits, dtype=np.uint8)) & 1, bitorder="little")
    ir = "coreai._compiler.ir"
    element = _name(ir, "IntegerType").get_unsigned(bits)
    tensor = _name(ir, "RankedTensorType").get(list(value.shape), element)
    stored = _name(ir, "DenseResourceElementsAttr").get_from_buffer(packed, "indices", tensor)
    operation = _name("coreai._compiler.dialects._coreai_ops_gen", "ConstantOp")
    return operation(value=stored).result


def lut_to_dense(indices: Any, lut: Any, *, axis: int) -> Any:
    """Return values looked up. lut: (blocks of each axis of indices..., entries, 1)."""
    return _dialect("lut_to_dense")(indices, lut, constant(np.array(axis, np.int16)))


def in_float32(value: Any) -> Any:
    """Return a value computed in float32."""
    return _dialect("cast")(value, np.float32)


def new_metadata(*, author: str, licence: str, description: str, more: dict[str, str]) -> Any:
    """Return what Xcode shows of an asset; more: beside Apple's own fields."""
    metadata = _name("coreai.runtime", "AIModelAssetMetadata")()
    metadata.author, metadata.license = author, licence
    metadata.model_description = description
    for key, value in more.items():
        metadata.set_custom(key, value)
    return metadata


def open_asset(path: Path) -> Any:
    """Return a coreai.authoring.AIModelAsset. A damaged file may end the process."""
    return _name("coreai.authoring", "AIModelAsset").load(path)


def operation_names(path: Path) -> tuple[str, ...]:
    """Return the kinds of operations of an asset, constants left out."""
    summary = open_asset(path).summary(include_statistics=True)
    names = (name for name, _ in _attribute(summary, "operation_distribution"))
    return tuple(sorted(name for name in names if name != "constant"))


def array(value: np.ndarray) -> Any:
    """Return what a function of a model takes for a tensor."""
    return _name("coreai.runtime", "NDArray")(np.ascontiguousarray(value))


@contextlib.contextmanager
def without_log() -> Iterator[None]:
    """Keep what Apple's runtime logs of each function that it loads from a command's stderr."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def graphs(program: Any) -> dict[str, list[Any]]:
    """Return the operations of every function, in order, by the function's name.

    program: of an asset; must live as long as what is returned.
    """
    module = _attribute(_attribute(program, "_module"), "_mlir_module")
    found = {}
    for graph in module.body.operations:
        if graph.operation.name == "coreai.graph":
            block = graph.operation.regions[0].blocks[0]
            found[graph.sym_name.value] = [operation.operation for operation in block.operations]
    return found


def shape_and_type(value: Any) -> tuple[tuple[int, ...], str]:
    """Return the shape of a value and the spelling of its element type: f32, ui6."""
    tensor = value.type
    return tuple(tensor.shape), str(tensor.element_type)


def stored_bytes(operation: Any) -> int:
    """Return what the value of a constant takes in the file: one element where all are equal."""
    value, (result,) = operation.attributes["value"], operation.results
    shape, element = shape_and_type(result)
    dense = _name("coreai._compiler.ir", "DenseElementsAttr")
    one = dense.isinstance(value) and dense(value).is_splat
    return math.ceil((1 if one else math.prod(shape)) * bits_of(element) / 8)


def bits_of(element: str) -> int:
    """Return the bits of an element type as it is spelled: 6 for ui6."""
    found = re.match(_BITS, element)
    return int(found[1]) if found else 8


def _may_fold(operation: Any) -> bool:
    """Say whether the rewrite may make a constant of an operation. C++ calls it: never raises."""
    try:
        made = [shape_and_type(value) for value in operation.results]
        if sum(math.prod(shape) for shape, _ in made) <= SMALL_FOLD:
            return True
        taken = [shape_and_type(value) for value in operation.operands]
        return _bits(made) <= _bits(taken)
    except Exception:
        return True


def _bits(values: list[tuple[tuple[int, ...], str]]) -> int:
    return sum(math.prod(shape) * bits_of(element) for shape, element in values)


def _dialect(name: str) -> Any:
    # Apple's dialect can be imported only after coreai.authoring, which imports it back.
    _name("coreai.authoring", "AIProgram")
    return _name("coreai._compiler.dialects.coreai", name)


def _name(module: str, name: str) -> Any:
    """Return a name of Apple's packages. Raises ConversionError where it is not what it was."""
    require_installed()
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise _moved(f"{module}.{name}", why=error) from error


def _attribute(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name)
    except AttributeError as error:
        raise _moved(f"{type(owner).__name__}.{name}", why=error) from error


def _moved(what: str, *, why: Exception) -> ConversionError:
    expected = " and ".join(f"{package} {seen}" for package, seen in SEEN.items())
    received = " and ".join(f"{package} {_version(package)}" for package in SEEN)
    return ConversionError(
        f"{what} is not where it was in {expected}: received {received} ({why}). Install the "
        f"versions that are pinned, {install_command('coreai', '--force-reinstall')}, or mend "
        "conversion/coreai/api.py."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "that has no version"
