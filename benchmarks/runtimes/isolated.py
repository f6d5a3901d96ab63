"""Run an exported model in a process of its own: what ends that process ends no command.

A runtime of C++ answers some damaged files with a signal, which no `except` sees.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.runtimes.intermediates import Named, intermediates
from conversion.errors import ArtifactError
from conversion.manifest import Manifest, read_manifest
from conversion.runtimes.asked import AskedProcess, answer_all
from conversion.runtimes.backends import open_backend


class Painter(Protocol):
    """What a model is asked here."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of the model."""

    def colorize(self, lineart: np.ndarray, hints: np.ndarray | None = None) -> np.ndarray:
        """Paint a drawing, as conversion.runtimes.backends says."""


class IsolatedModel:
    """A model whose process waits for questions. Made by `isolated`."""

    def __init__(self, artifact: Path) -> None:
        """Start the process. Raises ArtifactError if the manifest is missing or damaged."""
        self.manifest = read_manifest(artifact)
        self._artifact = artifact
        self._process = AskedProcess(_serve, artifact, ended=self._ended)

    def load(self) -> None:
        """Load the model. Raises as conversion.runtimes.backends.open_backend."""
        self._process.ask("load")

    def colorize(self, lineart: np.ndarray, hints: np.ndarray | None = None) -> np.ndarray:
        """Paint a drawing. Raises what the runtime raised; ArtifactError if its process ended."""
        return np.asarray(self._process.ask("colorize", lineart, hints))

    def layers(self, lineart: np.ndarray, hints: np.ndarray | None) -> list[Named]:
        """Return the values of its layers, as benchmarks.runtimes.intermediates says."""
        return list(self._process.ask("layers", lineart, hints))

    def close(self) -> None:
        """End the process; does nothing if it has ended."""
        self._process.close()

    def _ended(self, how: str) -> ArtifactError:
        return ArtifactError(
            f"{self._artifact}: the process that ran it {how}. The file is damaged, or "
            "its runtime has a fault: export it again with --overwrite."
        )


@contextmanager
def isolated(artifact: Path) -> Iterator[IsolatedModel]:
    """Load a model in a process of its own, which ends with the context.

    Raises as conversion.runtimes.backends.open_backend; ArtifactError if that ends the process.
    """
    model = IsolatedModel(artifact)
    try:
        model.load()
        yield model
    finally:
        model.close()


def _serve(connection: Connection, artifact: Path) -> None:
    backend = None

    def answer(kind: str, *given: Any) -> Any:
        nonlocal backend
        if backend is None:
            backend = open_backend(artifact, apart=False)  # this process is apart already
        if kind == "colorize":
            return backend.colorize(*given)
        if kind == "layers":
            return list(intermediates(artifact, backend.manifest, *given))
        return None

    answer_all(connection, answer)
