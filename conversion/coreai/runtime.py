"""Run a Core AI asset here, in Apple's interpreter: tensors in, tensors out.

Apple's runtime answers some damaged files with a signal, which no `except` sees, and keeps the
memory of every model that it has opened: conversion/runtimes runs it in a process of its own.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from conversion.coreai import api
from conversion.errors import ArtifactError, InvalidInput

MAIN = "main"  # the entry point of the first size
PROGRAM, HASH, METADATA = "main.mlirb", "main.hash", "metadata.json"
Found = dict[str, tuple[tuple[int, ...], str]]  # name -> (shape, dtype)


def require_whole(path: Path) -> None:
    """Raise ArtifactError for what is no asset, or not the bytes that were written.

    Apple's runtime does not look at the hash that its own format holds.
    """
    missing = [name for name in (PROGRAM, HASH, METADATA) if not (path / name).is_file()]
    if missing:
        raise ArtifactError(
            f"{path} is no Core AI asset: expected a folder that holds {PROGRAM}, {HASH} and "
            f"{METADATA}, received none of {', '.join(missing)}. Export it again."
        )
    expected = (path / HASH).read_bytes()
    with (path / PROGRAM).open("rb") as file:
        received = hashlib.file_digest(file, "sha256").digest()
    if expected != received:
        raise ArtifactError(
            f"{path}: {PROGRAM} is not what {HASH} says: expected SHA-256 {expected.hex()[:12]}, "
            f"received {received.hex()[:12]}. Export it again with --overwrite."
        )


class LoadedAsset:
    """One function of an asset, ready to run."""

    def __init__(self, path: Path, *, entry_point: str = MAIN) -> None:
        """Load it. Raises ArtifactError, ConversionError without Apple's packages."""
        require_whole(path)
        api.require_installed()
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._open = contextlib.AsyncExitStack()
        try:
            asset = api.open_asset(path)
            model = self._run(self._open.enter_async_context(asset.executable()))
            names = list(model.function_names)
            if entry_point not in names:
                raise ArtifactError(
                    f"{path}: expected an entry point {entry_point!r}, received {names}."
                )
            with api.without_log():
                self._function = model.load_function(entry_point)
        except ArtifactError:
            raise
        except Exception as error:  # of Swift, as RuntimeError
            raise ArtifactError(
                f"{path} cannot be loaded: {error}. Export it again with --overwrite."
            ) from error
        described = self._function.desc
        self.inputs: Found = {
            name: _found(described.input_descriptor(name)) for name in described.input_names
        }
        self.outputs: Found = {
            name: _found(described.output_descriptor(name)) for name in described.output_names
        }

    def predict(self, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return every output.

        Raises InvalidInput for other names, shapes or types; ArtifactError where Apple's runtime
        fails.
        """
        received = {name: (tuple(value.shape), value.dtype.name) for name, value in given.items()}
        if received != self.inputs:
            raise InvalidInput(f"expected {self.inputs}, received {received}.")
        feeds = {name: api.array(value) for name, value in given.items()}
        try:
            made = self._run(self._function(feeds))
            # Copied: the array is a view of memory that goes with the result.
            return {name: np.array(value.numpy()) for name, value in made.items()}
        except Exception as error:  # of Swift, as RuntimeError
            raise ArtifactError(
                f"{self._path} cannot be run: {error}. Export it again with --overwrite."
            ) from error

    def _run(self, work):  # type: ignore[no-untyped-def]
        return self._loop.run_until_complete(work)


def narrowed(given: Mapping[str, np.ndarray], inputs: Found) -> dict[str, np.ndarray]:
    """Return the inputs of the ONNX model that an asset was made of, as the asset takes them.

    Core AI has no numbers of 64 bits, and an input that nothing reads may be gone.
    """
    return {name: given[name].astype(dtype) for name, (_, dtype) in inputs.items() if name in given}


def _found(described) -> tuple[tuple[int, ...], str]:  # type: ignore[no-untyped-def]
    return tuple(described.shape), described.dtype
