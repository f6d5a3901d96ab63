"""A Core AI asset in a process of its own: what ends Apple's runtime ends no command."""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from conversion.coreai.runtime import MAIN, LoadedAsset, require_whole
from conversion.errors import ArtifactError
from conversion.runtimes.asked import AskedProcess, answer_all

# For one answer, of an interpreter: pretrained takes a second at 64 pixels, five minutes at 1024.
PATIENCE_S = 1800.0


class AssetApart:
    """One function of an asset, as conversion.coreai.runtime.LoadedAsset, but elsewhere."""

    def __init__(
        self, path: Path, *, entry_point: str = MAIN, patience_s: float = PATIENCE_S
    ) -> None:
        """Load it. patience_s: for one answer. Raises ArtifactError, ConversionError."""
        require_whole(path)  # said before a process is started
        self._path = path
        self._process = AskedProcess(
            _serve, path, entry_point, ended=self._ended, patience_s=patience_s
        )
        try:
            self.inputs, self.outputs = self._process.ask("load")
        except BaseException:
            self.close()
            raise

    def predict(self, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return every output. Raises InvalidInput; ArtifactError where the process has ended."""
        made: dict[str, np.ndarray] = self._process.ask("predict", dict(given))
        return made

    def close(self) -> None:
        """End the process, and give its memory back; does nothing if it has ended."""
        self._process.close()

    def _ended(self, how: str) -> ArtifactError:
        return ArtifactError(
            f"{self._path}: Apple's Core AI runtime {how}. The file is damaged, or asks "
            "for what the runtime lacks: export it again with --overwrite."
        )


def _serve(connection: Connection, path: Path, entry_point: str) -> None:
    asset: LoadedAsset | None = None

    def answer(kind: str, *given: Any) -> Any:
        nonlocal asset
        if asset is None:
            asset = LoadedAsset(path, entry_point=entry_point)
        return (asset.inputs, asset.outputs) if kind == "load" else asset.predict(*given)

    answer_all(connection, answer)
